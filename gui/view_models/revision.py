"""One field of the show's document under the performer's hand: changed at once, and back again."""

from collections.abc import Callable
from typing import Generic, TypeVar

from gui.port import ShowPort
from gui.view_models.asked import Asked
from megadance_live.config.preset import Preset
from megadance_live.remote.client import View
from megadance_live.remote.requests import Revise

UNDO_MAX = 100

T = TypeVar("T")


class Revision(Generic[T]):
    """`value` is the field as the performer has left it, also before the show has said it back."""

    def __init__(self, port: ShowPort, field: str, read: Callable[[Preset], T]) -> None:
        self._port = port
        self._field = field
        self._read = read
        self._asked: Asked[T] = Asked()
        self._before: list[T] = []
        self._document = ""
        self._now_s = 0.0
        self.value = read(Preset())

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    def update(self, view: View) -> None:
        """Take over the document. Changes of another show cannot be taken back in this one."""
        preset = view.snapshot.preset
        self._now_s = view.now_s
        if preset.name != self._document:
            self._document = preset.name
            self._before = []
            self._asked.drop()
        self.value = self._asked.settle_on(view.now_s, self._read(preset.preset))

    def revise(self, value: T) -> None:
        """Ask for a new value, if it is one."""
        if value != self.value:
            self._before = [*self._before, self.value][-UNDO_MAX:]
            self._ask(value)

    def undo(self) -> None:
        """Take back the last change."""
        if self._before:
            self._ask(self._before.pop())

    def _ask(self, value: T) -> None:
        self.value = value
        self._asked.ask(value, self._now_s)
        self._port.ask(Revise(self._field, value))
