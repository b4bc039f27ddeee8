"""The tempo panel: what the bar clock says, and the performer's hand on it."""

from dataclasses import dataclass
from statistics import linear_regression

from gui.port import ShowPort
from gui.view_models.asked import Asked
from gui.view_models.musical_time import MusicalTime, at_bars, musical_time
from megadance_live.control.vocabulary import VOCABULARY, parse
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import CommandName, CommandValue
from megadance_live.core.errors import CueError
from megadance_live.remote.client import View

NUDGE_MS = 10.0
METRES = tuple(range(round(VOCABULARY["metre"].least), round(VOCABULARY["metre"].greatest) + 1))
TAPS_NEEDED = 4
TAPS_KEPT = 8
TAP_RESET_S = 2.0
TAP_BOUNCE_S = 0.1
"""Taps are counted here as the bar clock counts them, so that the performer sees at once what they will give."""

GLOW_STEPS = 8
LARGEST_STEP_BACK_BEATS = 0.5
"""A clock that is corrected by less than this waits on the lamps, rather than showing a beat twice."""


@dataclass(frozen=True)
class TempoState:
    """`bpm` None: there is no clock yet. `ready` False: there is no show to tell. `glow` of the lit lamp is 1 on
    the beat and falls to 0. `metre` is `beats_per_bar`, or what was asked for instead. `lock_asked` and
    `metre_asked`: not confirmed by the show. `taps` counts those that belong together, `tapped_bpm` is the tempo
    that they give, None before the fourth. `trouble`: what is wrong with the number that was typed, in a
    sentence."""

    bpm: float | None = None
    bar: int = 1
    beat: int = 1
    beats_per_bar: int = 4
    metre: int = 4
    metre_asked: bool = False
    glow: float = 0.0
    source: str = "FREE"
    state: str = "searching"
    confidence: float = 0.0
    locked: bool = False
    lock_asked: bool = False
    taps: int = 0
    tapped_bpm: float | None = None
    can_halve: bool = False
    can_double: bool = False
    ready: bool = False
    trouble: str = ""


class TempoModel:
    """Every method says its command at once: the tempo is played, not edited."""

    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self._view = View()
        self._taps_s: list[float] = []
        self._lock: Asked[bool] = Asked()
        self._metre: Asked[int] = Asked()
        self._trouble = ""
        self._shown: tuple[int, MusicalTime] | None = None
        self.state = TempoState()

    def update(self, view: View) -> None:
        """Draw the clock of `view` at its instant."""
        self._view = view
        clock = view.status.clock
        if self._taps_s and not 0 <= view.now_s - self._taps_s[-1] < TAP_RESET_S:
            self._taps_s = []
        if clock is None:
            self.state = TempoState(taps=len(self._taps_s), tapped_bpm=self._tapped_bpm(), trouble=self._trouble)
            return
        now = self._steady(clock, view)
        locked = self._lock.settle_on(view.now_s, clock.held)
        metre = self._metre.settle_on(view.now_s, clock.beats_per_bar)
        limits = VOCABULARY["bpm"]
        self.state = TempoState(
            bpm=round(clock.tempo_bpm, 1),
            bar=now.bar,
            beat=now.beat,
            beats_per_bar=clock.beats_per_bar,
            metre=metre,
            metre_asked=self._metre.value is not None,
            glow=round((1 - now.beat_phase) * GLOW_STEPS) / GLOW_STEPS,
            source=clock.source.upper(),
            state=clock.state,
            confidence=round(clock.confidence, 2),
            locked=locked,
            lock_asked=self._lock.value is not None,
            taps=len(self._taps_s),
            tapped_bpm=self._tapped_bpm(),
            can_halve=clock.tempo_bpm / 2 >= limits.least,
            can_double=clock.tempo_bpm * 2 <= limits.greatest,
            ready=view.connected,
            trouble=self._trouble,
        )

    def tap(self) -> None:
        """A beat is now. The show counts for itself; this count is what the performer sees."""
        if not self.state.ready:
            return
        self._port.say("tap")
        now_s = self._port.view().now_s
        since_s = now_s - self._taps_s[-1] if self._taps_s else TAP_RESET_S
        if 0 <= since_s < TAP_BOUNCE_S:
            return
        kept = self._taps_s if 0 < since_s < TAP_RESET_S else []
        self._taps_s = [*kept, now_s][-TAPS_KEPT:]

    def resync(self) -> None:
        """This instant is the first beat of a bar."""
        self._say("resync")

    def nudge(self, ms: float) -> None:
        """Positive: the beat comes later."""
        self._say("nudge", float(ms))

    def halve(self) -> None:
        """Half the tempo."""
        self._say("bpm_mul", 0.5)

    def double(self) -> None:
        """Twice the tempo."""
        self._say("bpm_mul", 2.0)

    def lock(self) -> None:
        """Turn the lock over."""
        wanted = not self.state.locked
        if self.state.ready:
            self._lock.ask(wanted, self._view.now_s)
            self._port.say("lock", wanted)

    def enter_bpm(self, text: str) -> bool:
        """A tempo typed in, with a point or a comma. False: it is none, and the state says what is wrong."""
        try:
            command = parse("bpm", text.strip().replace(",", "."), ())
        except CueError as error:
            self._trouble = str(error)
            return False
        self._trouble = ""
        self._say("bpm", command.value)
        return True

    def forget_trouble(self) -> None:
        """The performer types again, or has left the field."""
        self._trouble = ""

    def set_metre(self, beats_per_bar: int) -> None:
        """So many beats in a bar."""
        if beats_per_bar == self.state.metre or not self.state.ready:
            return
        self._metre.ask(beats_per_bar, self._view.now_s)
        self._port.say("metre", beats_per_bar)

    def _say(self, name: CommandName, value: CommandValue = None) -> None:
        if self.state.ready:
            self._port.say(name, value)

    def _tapped_bpm(self) -> float | None:
        if len(self._taps_s) < TAPS_NEEDED:
            return None
        limits = VOCABULARY["bpm"]
        bpm = 60 / linear_regression(range(len(self._taps_s)), self._taps_s).slope
        return round(min(max(bpm, limits.least), limits.greatest), 1)

    def _steady(self, clock: BarClock, view: View) -> MusicalTime:
        """Never a little back on the same bar lines."""
        now = musical_time(view) or at_bars(clock.bars, clock.beats_per_bar)
        if self._shown is not None:
            epoch, before = self._shown
            back = (before.bars - now.bars) * now.beats_per_bar
            same_grid = epoch == clock.epoch and before.beats_per_bar == now.beats_per_bar
            if same_grid and 0 < back < LARGEST_STEP_BACK_BEATS:
                return before
        self._shown = (clock.epoch, now)
        return now
