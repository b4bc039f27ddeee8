"""Where the dancer is drawn; until there is one, a sentence stands here that says what is waited for."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from gui import palette, theme
from gui.view_models.standing import StandingModel
from gui.widgets.sized import Sized


class Card(Sized, QWidget):
    """A sentence in the middle of the dark."""

    least_width = 320.0
    least_height = 180.0

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.setObjectName("waiting")

    def say(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.SURFACE))
        painter.setPen(QColor(palette.TEXT))
        painter.setFont(theme.font(theme.LARGE))
        edge = theme.px(24)
        room = QRect(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.text)


class StageFrame(QStackedWidget):
    """`make` builds the stage, once there is time for it; a stage that cannot be built costs only its picture."""

    def __init__(self, model: StandingModel) -> None:
        super().__init__()
        self._model = model
        self._card = Card()
        self._stage: QWidget | None = None
        self._trouble = ""
        self.setObjectName("stage_frame")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.addWidget(self._card)
        self.refresh()

    @property
    def fps(self) -> float:
        """Pictures of the stage per second, 0 while there are none."""
        return float(getattr(self._stage, "fps", 0.0))

    def put(self, make: Callable[[], QWidget]) -> None:
        self._stage = make()
        self.addWidget(self._stage)
        self.refresh()

    def fail(self, sentence: str) -> None:
        """There will be no stage."""
        self._trouble = sentence
        self.refresh()

    def end(self) -> None:
        """The stage closes."""
        if self._stage is not None:
            self._stage.close()

    def refresh(self) -> None:
        waiting = self._model.state.waiting
        self._card.say(waiting or self._trouble or "Opening the stage ...")
        shown = self._card if waiting or self._stage is None else self._stage
        if self.currentWidget() is not shown:
            self.setCurrentWidget(shown)
