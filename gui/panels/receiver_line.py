"""One receiver in the list of the page OUT."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from gui import palette, theme
from gui.tips import tip
from gui.view_models.outputs import OutputsModel, ReceiverRow, RowState
from gui.widgets.buttons import Button, Look, Toggle
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.lamp import Lamp, LampState
from gui.widgets.layouts import column, row
from gui.widgets.panel import label

_LAMPS: dict[RowState, tuple[LampState, str]] = {
    "off": ("off", "OFF"),
    "opening": ("warning", "OPENING"),
    "sending": ("good", "SENDING"),
    "trouble": ("bad", "TROUBLE"),
}


class ReceiverLine(QFrame):
    """On or off, what it is sent, and how it is served."""

    def __init__(self, model: OutputsModel, place: int) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(f"receiver {place + 1}")
        self._on = Toggle("On", name=f"receiver_{place}_on", tip=tip("send to this receiver, or not"))
        self._name = ElidedLabel(name=f"receiver_{place}_name", size=theme.BODY, bold=True)
        self._lamp = Lamp(name=f"receiver_{place}_state", size=theme.SMALL)
        self._sent_as = ElidedLabel(name=f"receiver_{place}_sent_as", size=theme.SMALL)
        self._figures = ElidedLabel(name=f"receiver_{place}_figures", size=theme.SMALL)
        self._trouble = label(role="small", tone="bad", name=f"receiver_{place}_trouble", wrap=True)
        self._watch = Button(
            "Watch", name=f"receiver_{place}_watch", tip=tip("see what it is sent, in the monitor below")
        )
        self._edit = Button("Edit", name=f"receiver_{place}_edit", tip=tip("change it, copy it or remove it"))
        self._on.clicked.connect(lambda: model.switch(place))
        self._watch.clicked.connect(lambda: model.watch(place))
        self._edit.clicked.connect(lambda: model.edit(place))
        self._arrange()

    def show_row(self, shown: ReceiverRow) -> None:
        """Draw it."""
        self._on.setText("On" if shown.enabled else "Off")
        self._on.set_on(shown.enabled)
        self._name.show_text(shown.name, palette.TEXT if shown.enabled else palette.DIM)
        self._lamp.show_state(*_LAMPS[shown.state])
        self._sent_as.show_text(shown.sent_as, palette.DIM)
        self._figures.show_text(*_figures(shown))
        self._trouble.setText(f"✕ {shown.trouble}")
        self._trouble.setVisible(bool(shown.trouble))
        self._sent_as.setVisible(not shown.trouble)
        self._figures.setVisible(not shown.trouble)
        self._watch.set_look(Look(lit=shown.watched, mark="●" if shown.watched else ""))

    def _arrange(self) -> None:
        head = row(gap=8)
        head.addWidget(self._name, 1)
        head.addWidget(self._lamp, 0, Qt.AlignmentFlag.AlignRight)
        words = column(gap=0)
        words.addLayout(head)
        words.addWidget(self._sent_as)
        words.addWidget(self._figures)
        words.addWidget(self._trouble)
        texts = QWidget()
        texts.setLayout(words)
        line = row(gap=4, margin=4)
        line.addWidget(self._on)
        line.addWidget(texts, 1)
        for button in (self._watch, self._edit):
            line.addWidget(button)
        self.setLayout(line)


def _figures(shown: ReceiverRow) -> tuple[str, str]:
    """The last second in words, and its colour."""
    failed = f" · {shown.failures} not sent" if shown.failures else ""
    troubled = shown.late or shown.failures > 0
    return f"{'▲ ' if troubled else ''}{shown.figures}{failed}", palette.WARNING if troubled else palette.TEXT
