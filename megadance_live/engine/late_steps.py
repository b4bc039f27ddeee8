"""Steps that came too late: counted, and told without flooding the log of a computer that is too slow."""

import math

TELL_EVERY_S = 1.0


class LateSteps:
    """`count` of them so far."""

    def __init__(self) -> None:
        self.count = 0
        self._untold = 0
        self._worst_s = 0.0
        self._next_s = -math.inf

    def note(self, late_s: float, now_s: float) -> str:
        """A step at time `now_s` came `late_s` too late (0 or less: in time). Returns what is to be told now, once a
        second at most; "" for nothing."""
        if late_s > 0:
            self.count += 1
            self._untold += 1
            self._worst_s = max(self._worst_s, late_s)
        if not self._untold or now_s < self._next_s:
            return ""
        steps = "a step" if self._untold == 1 else f"{self._untold} steps"
        text = f"{steps} came up to {1e3 * self._worst_s:.0f} ms late"
        self._untold, self._worst_s, self._next_s = 0, 0.0, now_s + TELL_EVERY_S
        return text
