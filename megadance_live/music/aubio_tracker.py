"""aubio's tempo (Davies & Plumbley's context-dependent beat tracking) as a stage whose state is a value.

An aubio object can be neither copied nor saved, and it never forgets. So two take turns: while one speaks, a younger
one listens along; once it has heard enough and agrees (or has waited long), it takes over and another is begun. Memory
is bounded thereby: the state holds what the older of the two has heard, and from that a state that was saved, or that
the caller went back to, builds the objects anew. While a stream simply goes on, the live objects are handed along.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core.command import Command
from megadance_live.core.music_frame import FEATURE_HOP, FEATURE_RATE_HZ, FRAME_RATE_HZ
from megadance_live.core.stage import StageSpec
from megadance_live.music.tracker import Beat, HeardHop

F32 = npt.NDArray[np.float32]

AUBIO_WINDOW = 512
AUBIO_HOP = 192  # 12.5 ms: the best times among 64, 128, 192 and 256, and no fewer beats found
LATE_S = 0.0045
"""By how much aubio reports beats late: -3 to 0 ms on rendered drums and clicks, 8 ms on recorded music."""
DITHER = 10 ** (-90 / 20)
"""Added noise: between clicks in digital silence aubio hears no beat at all."""
YOUNGER_BEGINS_HOPS = 30 * FRAME_RATE_HZ
YOUNGER_READY_HOPS = 15 * FRAME_RATE_HZ
YOUNGER_FORCED_HOPS = 45 * FRAME_RATE_HZ
AGREEMENT = 0.08
"""Two trackers agree when their latest beats differ by less than this part of a beat, and their tempi too."""
CHUNK_HOPS = FRAME_RATE_HZ

_NOISE: F32 = (DITHER * np.random.default_rng(0).uniform(-1, 1, FEATURE_HOP)).astype(np.float32)


class _LiveTempo:
    """One aubio object, the samples it still waits for, and the beats it has found."""

    def __init__(self, begun_hop: int) -> None:
        import aubio

        self._tempo: Any = aubio.tempo("default", AUBIO_WINDOW, AUBIO_HOP, FEATURE_RATE_HZ)
        # aubio swallows beats that fall into its own silence; the ear has a gate already.
        self._tempo.set_silence(-200.0)
        self._begun_s = begun_hop / FRAME_RATE_HZ
        self._pending: F32 = np.zeros(0, np.float32)
        self.last: Beat | None = None

    def hear(self, audio: F32) -> tuple[Beat, ...]:
        samples = np.concatenate([self._pending, audio + _NOISE])
        found: list[Beat] = []
        whole = len(samples) - len(samples) % AUBIO_HOP
        for start in range(0, whole, AUBIO_HOP):
            if self._tempo(samples[start : start + AUBIO_HOP])[0] > 0:
                found.extend(self._beat())
        self._pending = samples[whole:]
        return tuple(found)

    def _beat(self) -> tuple[Beat, ...]:
        bpm = float(self._tempo.get_bpm())
        if bpm <= 0:
            return ()
        time_s = self._begun_s + float(self._tempo.get_last()) / FEATURE_RATE_HZ - LATE_S
        self.last = Beat(time_s, 60 / bpm, 1.0)
        return (self.last,)


@dataclass
class _Live:
    """The objects as they are after `hop` hops of the one stream whose newest state holds `ticket`."""

    speaker: _LiveTempo
    younger: _LiveTempo | None
    ticket: object


@dataclass(frozen=True)
class AubioState:
    """`chunks` (of 30 hops) and `recent` hold the hops since `speaker_begun`; indices count hops of the stream."""

    hop: int = 0
    speaker_begun: int = 0
    younger_begun: int | None = None
    chunks: tuple[F32, ...] = ()  # of [30, 512]
    recent: tuple[F32, ...] = ()  # of [512]
    live: _Live | None = field(default=None, compare=False, repr=False)
    ticket: object = field(default=None, compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """The live objects stay behind."""
        return AubioState, (self.hop, self.speaker_begun, self.younger_begun, self.chunks, self.recent)


class AubioTracker:
    """Stage: HeardHops -> the beats that aubio reports, about when they sound. State: at most 75 s of audio."""

    spec = StageSpec(1, 0.0, (YOUNGER_BEGINS_HOPS + 2 * YOUNGER_FORCED_HOPS) / FRAME_RATE_HZ)

    def initial_state(self) -> AubioState:
        return AubioState()

    def command(self, command: Command, time_s: float, state: AubioState) -> AubioState:
        """It takes no advice."""
        return state

    def step(self, hops: list[HeardHop], state: AubioState, /) -> tuple[list[tuple[Beat, ...]], AubioState]:
        if not hops:
            return [], state
        live = state.live
        if live is None or live.ticket is not state.ticket:
            live = _replay(state)
        out: list[tuple[Beat, ...]] = []
        for hop in hops:
            beats, state = _hear(hop.audio, live, state)
            out.append(beats)
        live.ticket = object()
        return out, _with_live(state, live)


def _with_live(state: AubioState, live: _Live) -> AubioState:
    return AubioState(
        state.hop, state.speaker_begun, state.younger_begun, state.chunks, state.recent, live, live.ticket
    )


def _replay(state: AubioState) -> _Live:
    """The objects as they were when `state` was made."""
    speaker, younger = _LiveTempo(state.speaker_begun), None
    heard = [hop for chunk in state.chunks for hop in chunk] + list(state.recent)
    for index, audio in enumerate(heard, start=state.hop - len(heard)):
        if index == state.younger_begun:
            younger = _LiveTempo(index)
        if index >= state.speaker_begun:
            speaker.hear(audio)
        if younger is not None:
            younger.hear(audio)
    return _Live(speaker, younger, None)


def _hear(audio: F32, live: _Live, state: AubioState) -> tuple[tuple[Beat, ...], AubioState]:
    younger_begun = state.younger_begun
    if younger_begun is None and state.hop - state.speaker_begun >= YOUNGER_BEGINS_HOPS:
        younger_begun = state.hop
        live.younger = _LiveTempo(state.hop)
    beats = live.speaker.hear(audio)
    if live.younger is not None:
        live.younger.hear(audio)

    recent, chunks = (*state.recent, audio), state.chunks
    if len(recent) == CHUNK_HOPS:
        recent, chunks = (), (*chunks, np.stack(recent))
    hop, speaker_begun = state.hop + 1, state.speaker_begun
    if younger_begun is not None and live.younger is not None and _takes_over(live, hop - younger_begun):
        live.speaker, live.younger = live.younger, None
        speaker_begun, younger_begun = younger_begun, None
        # Whole chunks only: a few hops from before the new speaker began do no harm.
        needed = hop - speaker_begun - len(recent)
        chunks = chunks[len(chunks) - -(-needed // CHUNK_HOPS) :]
    return beats, AubioState(hop, speaker_begun, younger_begun, chunks, recent)


def _takes_over(live: _Live, younger_hops: int) -> bool:
    if younger_hops < YOUNGER_READY_HOPS:
        return False
    if younger_hops >= YOUNGER_FORCED_HOPS:
        return True
    older, younger = live.speaker.last, live.younger.last if live.younger else None
    if older is None or younger is None:
        return False
    apart = (younger.time_s - older.time_s) / older.period_s
    same_phase = abs(apart - round(apart)) < AGREEMENT
    return same_phase and abs(younger.period_s / older.period_s - 1) < AGREEMENT
