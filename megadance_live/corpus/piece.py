"""One piece of music after another, each from its own seed: samples, beats and their numbers in the bar."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.audio.dsp import F32
from megadance_live.audio.sequencer import BeatGrid
from megadance_live.core.errors import DataError
from megadance_live.corpus.band import FLUIDSYNTH_RATE_HZ, BandPlayer, band_player, rendered, soundfonts
from megadance_live.corpus.grooves import accompany, grooves, notes_of
from megadance_live.corpus.sampler import sampled
from megadance_live.corpus.song import Song, draw_song, perform, pick
from megadance_live.corpus.still import still
from megadance_live.corpus.synth import mixed, synth_player
from megadance_live.corpus.tempo import draw_beats

F64 = npt.NDArray[np.float64]

SECONDS = 60.0


@dataclass(frozen=True)
class Rendered:
    """Mono `samples` [n]; `beats_s` [k] within them, and `numbers` [k] in the bar, 1 a downbeat."""

    samples: F32
    beats_s: F64
    numbers: npt.NDArray[np.int8]
    title: str


def synthesised(rng: np.random.Generator, rate_hz: int) -> Rendered:
    """A song played by synthesisers and drum machines."""
    song = draw_song(rng)
    beats_per_bar = song.family.beats_per_bar
    low, high = song.family.bpm
    times_s = draw_beats(rng, low, high, SECONDS, beats_per_bar)
    samples = _synthesised(song, times_s, rng, rate_hz, SECONDS)
    beats_s, numbers = numbered(times_s, beats_per_bar)
    return Rendered(samples, beats_s, numbers, song.name)


def synthesised_on(times_s: F64, beats_per_bar: int, rng: np.random.Generator, rate_hz: int, seconds: float) -> F32:
    """A song of any family with that metre, played by synthesisers on given beats [k >= 2], the first a downbeat."""
    song = draw_song(rng)
    while song.family.beats_per_bar != beats_per_bar:
        song = draw_song(rng)
    return _synthesised(song, times_s, rng, rate_hz, seconds)


def _synthesised(song: Song, times_s: F64, rng: np.random.Generator, rate_hz: int, seconds: float) -> F32:
    beats_per_bar = song.family.beats_per_bar
    player = synth_player(song, BeatGrid(times_s, beats_per_bar), rng, rate_hz, seconds)
    perform(song, player, rng, len(times_s) // beats_per_bar + 1)
    return mixed(player, rng)


def played(rng: np.random.Generator, rate_hz: int) -> Rendered:
    """A song played by instruments."""
    song, times_s, player = _band(rng)
    with tempfile.TemporaryDirectory() as folder:
        midi = Path(folder) / "song.mid"
        player.save(midi)
        samples = rendered(midi, pick(rng, soundfonts()), reverb=bool(rng.random() < 0.5))
    beats_s, numbers = numbered(times_s, song.family.beats_per_bar)
    return Rendered(resampled(samples, FLUIDSYNTH_RATE_HZ, rate_hz), beats_s, numbers, song.name)


def sampled_song(rng: np.random.Generator, rate_hz: int) -> Rendered:
    """A song played from samples of many instruments and drum kits."""
    song, times_s, player = _band(rng)
    beats_s, numbers = numbered(times_s, song.family.beats_per_bar)
    return Rendered(sampled(player.notes, player.cast, rng, rate_hz, SECONDS), beats_s, numbers, song.name)


def _band(rng: np.random.Generator) -> tuple[Song, F64, BandPlayer]:
    song = draw_song(rng)
    beats_per_bar = song.family.beats_per_bar
    low, high = song.family.bpm
    times_s = draw_beats(rng, low, high, SECONDS, beats_per_bar)
    player = band_player(song, BeatGrid(times_s, beats_per_bar), rng)
    perform(song, player, rng, len(times_s) // beats_per_bar + 1)
    return song, times_s, player


def accompanied(rng: np.random.Generator, rate_hz: int) -> Rendered:
    """An accompaniment groove over chords of chance, mostly from samples."""
    while True:
        groove = pick(rng, grooves())
        with tempfile.TemporaryDirectory() as folder:
            midi = Path(folder) / "groove.mid"
            try:
                grid = accompany(groove, rng, SECONDS, midi)
            except DataError:  # some grooves need what others define, or count their bars in ways of their own
                continue
            if rng.random() < 0.8:
                samples = sampled(*notes_of(midi), rng, rate_hz, SECONDS)
            else:
                whole = rendered(midi, pick(rng, soundfonts()), reverb=bool(rng.random() < 0.5))
                samples = resampled(whole, FLUIDSYNTH_RATE_HZ, rate_hz)
        beats_s, numbers = numbered(grid.beats_s, grid.beats_per_bar)
        return Rendered(samples, beats_s, numbers, groove.name)


def beatless(rng: np.random.Generator, rate_hz: int) -> Rendered:
    """Sound that has no beat."""
    samples, name = still(rng, SECONDS, rate_hz)
    return Rendered(samples, np.zeros(0), np.zeros(0, np.int8), name)


def resampled(samples: F32, from_hz: int, to_hz: int) -> F32:
    """[SECONDS * to_hz], cut or filled up with silence."""
    import soxr

    moved: F32 = soxr.resample(samples, from_hz, to_hz).astype(np.float32)
    wanted = round(SECONDS * to_hz)
    return np.pad(moved[:wanted], (0, max(0, wanted - len(moved))))


def numbered(times_s: F64, beats_per_bar: int) -> tuple[F64, npt.NDArray[np.int8]]:
    """The beats that lie within the piece, and their numbers."""
    numbers = (np.arange(len(times_s)) % beats_per_bar + 1).astype(np.int8)
    inside = (times_s >= 0) & (times_s < SECONDS)
    return times_s[inside], numbers[inside]
