"""A value that the performer has asked for and that the show has not confirmed yet."""

from typing import Generic, TypeVar

PATIENCE_S = 1.5
"""What has not come true by then is no longer shown as asked for."""

T = TypeVar("T")


class Asked(Generic[T]):
    """It may be shown as asked for, never as done. `value` is None when nothing waits."""

    def __init__(self) -> None:
        self.value: T | None = None
        self._until_s = 0.0

    def ask(self, value: T, now_s: float) -> None:
        """Wait for `value` from host time `now_s` on, instead of anything else."""
        self.value = value
        self._until_s = now_s + PATIENCE_S

    def drop(self) -> None:
        """Wait for nothing."""
        self.value = None

    def settle(self, now_s: float, *, done: bool) -> None:
        """Stop waiting if the show has `done` it, or does not answer."""
        if done or now_s >= self._until_s:
            self.value = None

    def settle_on(self, now_s: float, shown: T) -> T:
        """Stop waiting if the show has `shown` that value or does not answer. The value to draw."""
        self.settle(now_s, done=self.value == shown)
        return shown if self.value is None else self.value
