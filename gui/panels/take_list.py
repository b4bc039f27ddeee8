"""The takes of the page TAKES, newest first."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.panels.take_line import OnFolder, TakeLine
from gui.view_models.takes import TakesModel
from gui.widgets.layouts import column
from gui.widgets.panel import label


class TakeList(QScrollArea):
    """As many lines as there are takes."""

    def __init__(self, model: TakesModel, open_folder: OnFolder, copy_path: OnFolder) -> None:
        super().__init__()
        self._model = model
        self._act = open_folder, copy_path
        self._lines: list[TakeLine] = []
        self.setObjectName("takes")
        self.setAccessibleName("takes")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = label(
            "No takes yet: REC begins one, KEEP LAST MINUTE makes one of what has just happened.",
            tone="dim",
            name="no_takes",
            wrap=True,
        )
        self._rows = column(gap=4)
        self._rows.addWidget(self._none)
        self._rows.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._rows)
        self.setWidget(inside)

    def refresh(self) -> None:
        state = self._model.state
        while len(self._lines) > len(state.rows):
            line = self._lines.pop()
            line.hide()
            self._rows.removeWidget(line)
            line.deleteLater()
        while len(self._lines) < len(state.rows):
            line = TakeLine(self._model, len(self._lines), *self._act)
            self._rows.insertWidget(self._rows.count() - 1, line)
            self._lines.append(line)
        for line, take in zip(self._lines, state.rows, strict=True):
            line.show_take(take, chosen=take.finished and take.name == state.chosen)
        self._none.setVisible(not state.rows)
