"""What the bar clock remembers, as a value, and moves on it that belong to no one source of musical time."""

import math
from dataclasses import dataclass, field, replace

from megadance_live.core.bar_clock import BarClock, ClockSource, ClockState
from megadance_live.core.music_frame import FRAME_RATE_HZ
from megadance_live.core.tempo_range import TempoRange
from megadance_live.music.beat_line import BeatLine, Evidence
from megadance_live.music.downbeat import DownbeatVote

FREE_BPM = 120.0
LOWEST_BPM = 85.0
"""Tempi heard are doubled or halved into 85 to 170 bpm, times two to the performer's `octave`."""
EDGE = 0.06
"""A tempo that drifts past the edge of the range by less than this keeps its octave."""


@dataclass(frozen=True)
class MusicalState:
    """`bars` is the position at `time_s` = `hop` / 30. `performer` says that tap or hand set the time: audio may then
    refine it, not overrule it. `held` is the performer's lock."""

    hop: int = 0
    bars: float = 0.0
    period_s: float = 60.0 / FREE_BPM
    metre: int = 4
    source: ClockSource = "free"
    state: ClockState = "searching"
    confidence: float = 0.0
    epoch: int = 0
    evidence: Evidence = field(default_factory=Evidence)
    agreed_s: float = 0.0  # when a beat last agreed with the clock
    performer: bool = False
    held: bool = False
    taps_s: tuple[float, ...] = ()
    octave: int = 0
    tempo_range: TempoRange = field(default_factory=TempoRange)
    nudge_s: float = 0.0  # the performer's shift against the audio
    off_beat: bool = False  # the performer has put the beat between the tracker's beats
    owed_beats: float = 0.0  # of a nudge, still to be made good
    vote: DownbeatVote = field(default_factory=DownbeatVote)
    locked_bars: float = 0.0  # where the last lock was
    pinned: bool = False  # the performer has said where the bar begins
    sound_began_s: float | None = None
    away_s: float = 0.0  # for how long a tracker that forecasts has been sure of another beat
    bar_weighed: int = -1  # the last beat whose forecast was compared with the bar line
    bar_against: int = 0  # how many forecasts in a row spoke for another one
    metre_set: bool = False  # the performer has said how many beats a bar has

    @property
    def time_s(self) -> float:
        return self.hop / FRAME_RATE_HZ

    @property
    def clock(self) -> BarClock:
        return BarClock(
            self.time_s,
            self.bars,
            60.0 / self.period_s,
            self.metre,
            self.confidence,
            self.source,
            self.state,
            self.epoch,
            self.held,
        )

    def beats_at(self, time_s: float) -> float:
        return self.bars * self.metre + (time_s - self.time_s) / self.period_s

    def moved(self, beats: float) -> "MusicalState":
        """Shifted forward by so many beats, at once: what was planned on the old bar lines is void."""
        return replace(self, bars=self.bars + beats / self.metre, epoch=self.epoch + 1, owed_beats=0.0)

    def placed(self, time_s: float, beats: float) -> "MusicalState":
        """At once such that the given instant has the given beat position."""
        return self.moved(beats - self.beats_at(time_s))


def heard_line(state: MusicalState) -> BeatLine | None:
    """The tracker's line as the clock should follow it: its tempo folded into the octave of the clock, its phase with
    the performer's shifts; of several ways to lie on it, the one nearest to the clock. A line that is forecast is taken
    as it is: whoever forecasts has heard the performer, too."""
    line = state.evidence.line
    if line is None:
        return None
    if state.evidence.forecast:
        return forecast_line(line, state)
    period_s = line.period_s * 2.0 ** _octaves(line.period_s, state)
    start_s = line.time_s + state.nudge_s + (0.5 * period_s if state.off_beat else 0.0)
    ways = max(1, round(period_s / line.period_s))
    candidates = [BeatLine(start_s + way * line.period_s, period_s, line.quality) for way in range(ways)]
    return min(candidates, key=lambda candidate: abs(phase_error(candidate, state)))


def forecast_line(line: BeatLine, state: MusicalState) -> BeatLine:
    """A line that is forecast, on the half of the beat that the performer has chosen."""
    return replace(line, time_s=line.time_s + 0.5 * line.period_s) if state.off_beat else line


def phase_error(line: BeatLine, state: MusicalState) -> float:
    """By how many beats the clock is ahead of the line, -0.5..0.5."""
    ahead = state.beats_at(line.time_s)
    return ahead - round(ahead)


def _octaves(period_s: float, state: MusicalState) -> int:
    """How often the tracker's period is to be doubled (negative: halved)."""
    octaves = _usual_octaves(period_s, state)
    bpm = 60.0 / (period_s * 2.0**octaves)
    return octaves - state.tempo_range.octaves_into(bpm)


def _usual_octaves(period_s: float, state: MusicalState) -> int:
    lowest_bpm = LOWEST_BPM * 2.0**state.octave
    octaves = -math.ceil(math.log2(lowest_bpm * period_s / 60.0))
    if state.source == "free":
        return octaves
    for near in (octaves - 1, octaves + 1):
        bpm = 60.0 / (period_s * 2.0**near)
        within = lowest_bpm * (1 - EDGE) < bpm < 2 * lowest_bpm * (1 + EDGE)
        if within and abs(period_s * 2.0**near / state.period_s - 1) < EDGE:
            return near
    return octaves
