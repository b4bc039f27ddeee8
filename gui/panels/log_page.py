"""What was said, and the end of the log file."""

from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from gui import theme
from gui.tips import tip
from gui.view_models.hub import Hub
from gui.widgets.buttons import Toggle
from gui.widgets.layouts import column, row
from gui.widgets.panel import label, set_tone


class LogPage(QWidget):
    """Reads the file only while it is shown."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._said = _text("log_said")
        self._file = _text("log_file")
        self._where = label(role="small", tone="dim", name="log_where", wrap=True)
        self._follow = Toggle("Follow", name="log_follow", tip=tip("keep the newest line in sight"))
        self._follow.set_on(True)
        self._follow.clicked.connect(lambda: self._follow.set_on(not self._follow.look.lit))
        self._revisions = (-1, -1)
        layout = column()
        layout.addWidget(label("What was said", role="small", tone="dim"))
        layout.addWidget(self._said, 1)
        head = row()
        head.addWidget(self._where, 1)
        head.addWidget(self._follow)
        layout.addLayout(head)
        layout.addWidget(self._file, 2)
        self.setLayout(layout)

    def refresh(self) -> None:
        hub = self._hub
        hub.log.read(hub.view.snapshot.log)
        revisions = (hub.words.revision, hub.log.revision)
        if revisions == self._revisions:
            return
        self._revisions = revisions
        for widget, lines in ((self._said, hub.words.said), (self._file, hub.log.lines)):
            self._show(widget, "\n".join(lines))
        self._where.setText(hub.log.trouble or f"The log of the show: {hub.view.snapshot.log}")
        set_tone(self._where, "warning" if hub.log.trouble else "dim")

    def _show(self, widget: QPlainTextEdit, text: str) -> None:
        """Where it was, or at the end."""
        if widget.toPlainText() == text:
            return
        bar = widget.verticalScrollBar()
        before = bar.value()
        widget.setPlainText(text)
        bar.setValue(bar.maximum() if self._follow.look.lit else before)


def _text(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setObjectName(name)
    made.setAccessibleName(name)
    made.setReadOnly(True)
    made.setFont(theme.font(theme.SMALL, fixed=True))
    made.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return made
