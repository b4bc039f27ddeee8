"""Values of a fader under the hand, as many as the show needs and not more."""

from collections.abc import Callable
from typing import Generic, TypeVar

LEAST_GAP_S = 0.03

T = TypeVar("T")


class Thinned(Generic[T]):
    """Passes a value on at once if the one before was passed on long enough ago, else with a later `tick`. The last
    one is never lost."""

    def __init__(self, send: Callable[[T], None]) -> None:
        self._send = send
        self._waiting: list[T] = []
        self._sent_s = float("-inf")

    def offer(self, value: T, now_s: float) -> None:
        """The hand is here now; what waits is out of date."""
        self._waiting = [value]
        self.tick(now_s)

    def tick(self, now_s: float) -> None:
        """Send what waits, if it is time."""
        if now_s - self._sent_s >= LEAST_GAP_S or now_s < self._sent_s:
            self.flush(now_s)

    def flush(self, now_s: float) -> None:
        """Send what waits: the hand has let go."""
        if self._waiting:
            self._sent_s = now_s
            self._send(self._waiting.pop())
