"""Made-up music whose drum strokes are known, and how well strokes that were heard fit to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np
import numpy.typing as npt

from megadance_live.audio.sequencer import BeatGrid, Sequencer
from megadance_live.core.music_frame import FEATURE_RATE_HZ
from megadance_live.corpus.band import DRUM_CHANNEL, DRUM_KEYS, band_player
from megadance_live.corpus.sampler import sampled
from megadance_live.corpus.song import draw_song, perform
from megadance_live.corpus.synth import mixed, synth_player
from megadance_live.corpus.tempo import draw_beats

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

SECONDS = 40.0
DRUMS: Mapping[str, tuple[str, ...]] = {
    "kick": ("kick",),
    "snare": ("snare", "clap"),
    "hat": ("hat", "open", "ride", "shaker", "crash"),
}
"""The lanes that count as each drum; toms, congas and the like are none of them."""
AUDIBLE = 0.25
"""Softer strokes need not be heard, nor is it wrong to hear them."""
AT_MOST_S = 0.1
"""A stroke counts as heard up to so much after it sounded, and never before."""
_LANE_OF_KEY = {key: lane for lane, key in DRUM_KEYS.items()}


@dataclass(frozen=True)
class Stroke:
    """`loudness` 1: a plain accent."""

    lane: str
    time_s: float
    loudness: float


@dataclass(frozen=True)
class Piece:
    """Mono `samples` [n] at the rate of the features, and every stroke in them."""

    title: str
    samples: F32
    strokes: list[Stroke]


@dataclass
class _Scribe(Sequencer):
    """Notes every stroke that it plays."""

    strokes: list[Stroke] = field(default_factory=list)

    def hit(self, lane: str, shots: Mapping[str, F32], at_s: float, gain: float, *, room: float = 0.06) -> None:
        self.strokes.append(Stroke(lane, at_s, gain))
        super().hit(lane, shots, at_s, gain, room=room)


def synthesised(seed: int) -> Piece:
    """By the project's synthesisers and drum machines."""
    rng = np.random.default_rng(seed)
    song = draw_song(rng)
    metre = song.family.beats_per_bar
    times_s = draw_beats(rng, *song.family.bpm, SECONDS, metre)
    player = synth_player(song, BeatGrid(times_s, metre), rng, FEATURE_RATE_HZ, SECONDS)
    scribe = _Scribe(**{part.name: getattr(player.sequencer, part.name) for part in fields(Sequencer)})
    player = replace(player, sequencer=scribe)
    perform(song, player, rng, len(times_s) // metre + 1)
    return Piece(f"synthesised: {song.name}", mixed(player, rng), scribe.strokes)


def from_samples(seed: int) -> Piece:
    """From sampled instruments and drum kits; needs fluidsynth and a soundfont."""
    rng = np.random.default_rng(seed)
    song = draw_song(rng)
    metre = song.family.beats_per_bar
    times_s = draw_beats(rng, *song.family.bpm, SECONDS, metre)
    player = band_player(song, BeatGrid(times_s, metre), rng)
    perform(song, player, rng, len(times_s) // metre + 1)
    strokes = [
        Stroke(_LANE_OF_KEY[note.key], note.start_s, (note.velocity / 100) ** 1.5)
        for note in player.notes
        if note.channel == DRUM_CHANNEL and note.key in _LANE_OF_KEY
    ]
    samples = sampled(player.notes, player.cast, rng, FEATURE_RATE_HZ, SECONDS)
    return Piece(f"sampled: {song.name}", samples, strokes)


@dataclass(frozen=True)
class Score:
    """Counts, and how late each stroke that was heard was heard."""

    right: int = 0
    false: int = 0
    missed: int = 0
    lags_s: tuple[float, ...] = ()

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.right + other.right,
            self.false + other.false,
            self.missed + other.missed,
            self.lags_s + other.lags_s,
        )

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.false, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    @property
    def f(self) -> float:
        return 2 * self.right / max(2 * self.right + self.false + self.missed, 1)


def scored(strokes: list[Stroke], drum: str, heard_s: F64) -> Score:
    """Of one drum. Each stroke is heard once; two within 40 ms (a flam, a clap with a snare) are one."""
    known = sorted((s.time_s, s.loudness) for s in strokes if s.lane in DRUMS[drum] and 0 <= s.time_s < SECONDS - 0.2)
    loud = [at_s for at_s, loudness in known if loudness >= AUDIBLE]
    loud = [at_s for k, at_s in enumerate(loud) if k == 0 or at_s - loud[k - 1] > 0.04]
    left = sorted(heard_s.tolist())
    lags = []
    for at_s in loud:
        found = next((h for h in left if -0.002 <= h - at_s <= AT_MOST_S), None)
        if found is not None:
            left.remove(found)
            lags.append(found - at_s)
    false = sum(not any(-0.002 <= h - at_s <= AT_MOST_S for at_s, _ in known) for h in left)
    return Score(len(lags), false, len(loud) - len(lags), tuple(lags))
