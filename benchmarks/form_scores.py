"""Made-up music whose form is known: groove, break, build and drop."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.audio.composer import riser
from megadance_live.audio.harmony import bass_pitches
from megadance_live.audio.sequencer import BeatGrid
from megadance_live.core.music_frame import FEATURE_RATE_HZ
from megadance_live.corpus.song import Song, draw_song
from megadance_live.corpus.synth import SynthPlayer, mixed, synth_player

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

BEATS = 4
FORM = (("groove", 8), ("break", 8), ("build", 4), ("drop", 8), ("break", 4), ("drop", 8), ("build", 4), ("drop", 8))
"""The second drop follows a break at once, the third a build out of the groove."""
_ROLLS = ("x...|x...|x...|x...", "x.x.|x.x.|x.x.|x.x.", "xxxx|xxxx|xxxx|xxxx", "xxxx|xxxx|xxxx|....")


@dataclass(frozen=True)
class Part:
    """From `start_s` to `end_s` of a piece."""

    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class FormedPiece:
    """Mono `samples` [n] at the rate of the features, its beats, and its parts in order."""

    title: str
    samples: F32
    beats_s: F64
    parts: tuple[Part, ...]


def formed(seed: int) -> FormedPiece:
    """Of a family in four-four time that has a bass and a kick."""
    rng = np.random.default_rng(seed)
    while True:
        song = draw_song(rng)
        patterns = [pattern for pattern in song.patterns if "kick" in pattern]
        if song.family.beats_per_bar == BEATS and song.bass and patterns:
            break
    song = replace(song, patterns=tuple(patterns), rhythm=song.rhythm or "R___|____|____|____", pad=True)
    low, high = song.family.bpm
    beat_s = 60.0 / float(rng.uniform(low, high))
    bars = sum(length for _, length in FORM)
    beats_s = beat_s * np.arange(bars * BEATS + 1)
    player = synth_player(song, BeatGrid(beats_s, BEATS), rng, FEATURE_RATE_HZ, float(beats_s[-1]))
    parts = []
    bar = 0
    for kind, length in FORM:
        for k in range(length):
            _play(song, player, kind, bar + k, k, length)
        parts.append(Part(kind, float(beats_s[bar * BEATS]), float(beats_s[(bar + length) * BEATS])))
        bar += length
    return FormedPiece(song.name, mixed(player, rng), beats_s, tuple(parts))


def _play(song: Song, player: SynthPlayer, kind: str, bar: int, k: int, length: int) -> None:
    now, following = (song.chords[b % len(song.chords)] for b in (bar, bar + 1))
    swell = 0.6 + 0.8 * (k + 1) / length if kind == "build" else 1.0
    player.chords("pad", bar, "R___|____|____|____", now.voicing, 2 * swell * song.levels["pad"])
    if k % 2 == 0:
        player.melody(bar, song.motifs[0], 48 + song.key, song.scale, swell * song.levels["lead"])
    if kind in ("groove", "drop"):
        player.drums(bar, song.patterns[0], song.gains, float(BEATS))
        assert song.bass is not None
        pitches = bass_pitches(now, following, song.key, song.scale)
        player.line("bass", bar, song.bass, pitches, song.levels["bass"])
        if kind == "drop" and k == 0:
            player.hit("crash", bar, 0.0, 1.0)
    if kind == "build":
        player.drums(bar, {"snare": _ROLLS[k % len(_ROLLS)]}, {"snare": 0.3 + 0.15 * k}, float(BEATS))
        if k == 0:
            mix, sequencer = player.sequencer.mix, player.sequencer
            start_s, end_s = sequencer.when_s(bar, 0), sequencer.when_s(bar + length, 0)
            mix.add(riser(end_s - start_s, mix.rate_hz), start_s, 0.3, room=0.2)
