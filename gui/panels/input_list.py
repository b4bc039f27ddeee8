"""The inputs of the computer, one button each."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from gui import palette, theme
from gui.tips import tip_of
from gui.view_models.sound import Input
from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import column

_LEAST_WIDTH = 160.0
_MARK_WIDTH = 48.0
"""Room for the sign in front of a name."""


class InputButton(Button):
    """As wide as the list: of a longer name the middle is left out, and the tip has it whole."""

    def __init__(self, full_name: str, *, name: str) -> None:
        super().__init__(full_name, name=name, tip=f"{full_name} · {tip_of('source')}")
        self._full_name = full_name

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(_LEAST_WIDTH), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        metrics = QFontMetrics(theme.font(theme.BODY, bold=True))
        room = self.width() - theme.px(_MARK_WIDTH)
        self.setText(metrics.elidedText(self._full_name, Qt.TextElideMode.ElideMiddle, room))
        self.setAccessibleName(self._full_name)


class InputList(QScrollArea):
    """The one in use is lit and says so; one that has vanished says LOST."""

    def __init__(self, choose: Callable[[str], None]) -> None:
        super().__init__()
        self._choose = choose
        self._buttons: list[Button] = []
        self._names: tuple[str, ...] = ()
        self.setObjectName("inputs")
        self.setAccessibleName("Audio inputs")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._list = QWidget()
        self._rows = column(gap=4)
        self._rows.addStretch(1)
        self._list.setLayout(self._rows)
        self.setWidget(self._list)

    def show_inputs(self, inputs: tuple[Input, ...]) -> None:
        names = tuple(entry.name for entry in inputs)
        if names != self._names:
            self._names = names
            self._rebuild()
        for button, entry in zip(self._buttons, inputs, strict=True):
            button.set_look(_look(entry))

    def _rebuild(self) -> None:
        for button in self._buttons:
            self._rows.removeWidget(button)
            button.deleteLater()
        self._buttons = [self._button(k, name) for k, name in enumerate(self._names)]

    def _button(self, place: int, name: str) -> Button:
        button = InputButton(name, name=f"input_{place}")
        button.clicked.connect(lambda: self._choose(name))
        self._rows.insertWidget(place, button)
        return button


def _look(entry: Input) -> Look:
    if entry.lost:
        return Look(lit=True, colour=palette.BAD, note=f"LOST: {entry.details}", mark="✕")
    if entry.current:
        return Look(lit=True, note=f"in use · {entry.details}", mark="●")
    return Look(note=entry.details, mark="○")
