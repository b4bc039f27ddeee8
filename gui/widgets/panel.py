"""A titled frame."""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gui.widgets.layouts import column


class PanelFrame(QFrame):
    """What belongs together, under its title; fill `body`."""

    def __init__(self, title: str = "", *, name: str = "panel", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName(title or name)
        self.body: QVBoxLayout = column(margin=8)
        self.setLayout(self.body)
        if title:
            self.body.addWidget(label(title, role="small", tone="dim"))


def label(text: str = "", *, role: str = "body", tone: str = "", name: str = "", wrap: bool = False) -> QLabel:
    """A label in the theme's sizes (`role`) and colours (`tone`); see `theme.stylesheet`."""
    made = QLabel(text)
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    made.setObjectName(name)
    made.setWordWrap(wrap)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Another colour for a label; nothing where it has that already."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
