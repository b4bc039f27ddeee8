"""The receivers of the page OUT."""

from PySide6.QtWidgets import QScrollArea, QWidget

from gui.panels.receiver_line import ReceiverLine
from gui.view_models.outputs import OutputsModel
from gui.widgets.layouts import column
from gui.widgets.panel import label


class ReceiverList(QScrollArea):
    """As many lines as there are receivers."""

    def __init__(self, model: OutputsModel) -> None:
        super().__init__()
        self._model = model
        self._lines: list[ReceiverLine] = []
        self.setObjectName("receivers")
        self.setAccessibleName("Receivers")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._none = label("Nothing is sent: add a program above.", tone="warning", name="no_receivers")
        self._rows = column(gap=4)
        self._rows.addWidget(self._none)
        self._rows.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._rows)
        self.setWidget(inside)

    def refresh(self) -> None:
        """Draw the model."""
        rows = self._model.state.rows
        while len(self._lines) > len(rows):
            line = self._lines.pop()
            self._rows.removeWidget(line)
            line.deleteLater()
        while len(self._lines) < len(rows):
            line = ReceiverLine(self._model, len(self._lines))
            self._rows.insertWidget(self._rows.count() - 1, line)
            self._lines.append(line)
        for line, shown in zip(self._lines, rows, strict=True):
            line.show_row(shown)
        self._none.setVisible(not rows)
