"""When to draw, and which moment: frames come at one rate, the screen wants them at another."""

LONGEST_DELAY_S = 0.15
"""Frames that come later than this are not waited for: the dance then stands, as it does for receivers."""
_LEAST_SHARE = 4
"""Of the screen's pictures at least every fourth is drawn."""
_FALL = 0.02
"""Seconds per second by which the delay shrinks."""
_HALF_WINDOW_S = 0.5


class Playback:
    """How far behind the present the stage is drawn, so that it always lies between two poses that have come.

    The delay is the greatest age that the newest pose had in the last second: about one and a half sent frames where
    they come evenly, and more where they come in bursts. It shrinks again so slowly that nobody sees the dance hurry.
    """

    def __init__(self) -> None:
        self._delay_s = 0.03
        self._asked_s: float | None = None
        self._oldest_s = [0.03, 0.03]
        """The greatest age in the half second that goes on, and in the one before."""
        self._turned_s = 0.0

    @property
    def delay_s(self) -> float:
        return self._delay_s

    def time_s(self, now_s: float, newest_s: float | None) -> float:
        """The moment to draw at host time `now_s`; `newest_s` is that of the newest pose. It never goes back."""
        passed_s = 0.0 if self._asked_s is None else max(0.0, now_s - self._asked_s)
        self._asked_s = now_s
        if now_s - self._turned_s >= _HALF_WINDOW_S:
            self._turned_s = now_s
            self._oldest_s = [0.0, self._oldest_s[0]]
        if newest_s is not None and now_s - newest_s <= LONGEST_DELAY_S:
            self._oldest_s[0] = max(self._oldest_s[0], now_s - newest_s)
        wanted_s = max(self._oldest_s)
        # Rising no faster than time goes by, or the dance would step back.
        self._delay_s += min(max(wanted_s - self._delay_s, -_FALL * passed_s), passed_s)
        return now_s - self._delay_s


class Pace:
    """How often to draw: at the screen's rate, or at a whole fraction of it where drawing is slow, so that it never
    takes more than its share of the time of the thread that also answers the performer."""

    def __init__(self, share: float = 0.5) -> None:
        """`share` of the time that drawing may take, 0..1."""
        self.screen_hz = 60.0
        self._share = share
        self._cost_s = 0.0
        self._drawn_s: float | None = None
        self._interval_s = 0.0

    @property
    def cost_s(self) -> float:
        """Of a picture, in the mean of the last ones."""
        return self._cost_s

    @property
    def fps(self) -> float:
        """Pictures per second, in the mean of the last ones; 0 before there are any."""
        return 1.0 / self._interval_s if self._interval_s > 0 else 0.0

    @property
    def period_s(self) -> float:
        """From picture to picture, as wished for."""
        frame_s = 1.0 / self.screen_hz
        whole = max(1, -int(-self._cost_s // (frame_s * self._share)))
        return min(whole, _LEAST_SHARE) * frame_s

    def drawn(self, begun_s: float, cost_s: float) -> None:
        """A picture was begun at that host time and took so long."""
        self._cost_s += 0.1 * (cost_s - self._cost_s)
        if self._drawn_s is not None:
            interval_s = begun_s - self._drawn_s
            fresh = self._interval_s == 0.0 or interval_s > 1.0
            self._interval_s = interval_s if fresh else self._interval_s + 0.1 * (interval_s - self._interval_s)
        self._drawn_s = begun_s

    def wait_s(self, now_s: float) -> float:
        """Until the next picture is to be begun."""
        if self._drawn_s is None:
            return 0.0
        return max(0.0, self._drawn_s + self.period_s - now_s)
