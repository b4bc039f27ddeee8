"""Where the dancer is drawn; until there is one, a sentence stands here that says what is waited for."""

from collections.abc import Callable

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from gui.view_models.standing import StandingModel
from gui.widgets.card import Card


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
