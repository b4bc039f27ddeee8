"""Leaving asks once, inside the window: a show should not end because a hand slipped."""

from typing import Literal

from gui.port import ShowPort
from megadance_live.remote.client import View
from megadance_live.remote.requests import EndShow

PATIENCE_S = 10.0
"""A show that has been asked to end and says nothing is left to itself after that."""

Stage = Literal["staying", "asking", "ending", "left"]


class LeavingModel:
    """`stage` is how far it is; the window closes on "left"."""

    def __init__(self, port: ShowPort, *, with_show: bool = False) -> None:
        """`with_show`: the app was opened by the show, and goes when that says farewell, unless it has failed: then
        the performer has to read why."""
        self._port = port
        self._with_show = with_show
        self._running = False
        self._now_s = 0.0
        self._until_s = 0.0
        self.stage: Stage = "staying"

    def update(self, view: View) -> None:
        self._now_s = view.now_s
        self._running = view.connected and view.snapshot.engine.phase not in ("ended", "failed")
        if self._with_show and view.ended and not view.snapshot.engine.failure:
            self.stage = "left"
        over = view.ended or not view.connected
        if self.stage == "asking" and not self._running:
            self.stage = "left"
        if self.stage == "ending" and (over or view.now_s >= self._until_s):
            self.stage = "left"

    def want(self) -> None:
        """The performer wants to leave. Wanting it twice leaves, and the show goes on; where none runs, once does."""
        if self.stage == "staying" and self._running:
            self.stage = "asking"
        elif self.stage != "ending":
            self.stage = "left"

    def stop_and_leave(self) -> None:
        """End the show, then leave."""
        if self.stage == "asking":
            self._port.ask(EndShow())
            self._until_s = self._now_s + PATIENCE_S
            self.stage = "ending"

    def leave(self) -> None:
        """The show goes on."""
        if self.stage == "asking":
            self.stage = "left"

    def stay(self) -> None:
        if self.stage == "asking":
            self.stage = "staying"
