"""Batches of stretches of music, each heard under other circumstances."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from models.beats.config import BeatNetConfig
from models.beats.damage import FLOOR_DB, compressed, equalised, in_a_room, noisy, stretched, together, transposed
from models.beats.pieces import Piece, load_piece
from models.beats.targets import Targets, targets

F32 = npt.NDArray[np.float32]

Normalise = Callable[[F32], F32]
"""Network inputs [B, T, inputs] from band levels [B, T, bands] in dB."""


@dataclass(frozen=True)
class Ears:
    """How the live front end hears: the levels of the first `fine` bands lie `per_octave` to the octave, those of the
    others three; `normalise` is its running level and rises."""

    normalise: Normalise
    fine: int
    per_octave: int


class Batch(NamedTuple):
    """`inputs` [B, T, inputs] and the targets of each stretch, stacked."""

    inputs: Tensor
    beat: Tensor
    downbeat: Tensor
    tempo: Tensor
    metre: Tensor


recent_piece = lru_cache(maxsize=4_096)(load_piece)
"""A minute of music is 0.7 MB."""


def collate(stretches: list[tuple[F32, Targets]], ears: Ears) -> Batch:
    """Stretches of equal length side by side, as the live front end hears them."""
    inputs = ears.normalise(np.stack([bands_db for bands_db, _ in stretches]))
    known = [found for _, found in stretches]
    return Batch(
        torch.from_numpy(inputs),
        torch.from_numpy(np.stack([t.beat for t in known])),
        torch.from_numpy(np.stack([t.downbeat for t in known])),
        torch.from_numpy(np.stack([t.tempo for t in known])),
        torch.from_numpy(np.stack([t.metre for t in known])),
    )


def plain(path: Path, frames: int, config: BeatNetConfig) -> tuple[F32, Targets]:
    """The first `frames` frames of a piece as they are (silence after its end)."""
    piece = load_piece(path)
    bands_db = piece.bands_db[:frames].astype(np.float32)
    bands_db = np.pad(bands_db, ((0, frames - len(bands_db)), (0, 0)), constant_values=FLOOR_DB)
    return bands_db, targets(piece.beats_s, piece.numbers, frames, config)


@dataclass(frozen=True)
class Music:
    """Pieces to draw stretches from, pieces without a beat to lay over them (none: nothing is laid over), and pieces
    that are drawn with the probability `share` instead of any (none: all are drawn alike)."""

    pieces: tuple[Path, ...]
    still: tuple[Path, ...] = ()
    favoured: tuple[Path, ...] = ()
    share: float = 0.0

    def drawn(self, rng: np.random.Generator) -> Piece:
        return _chosen(self.favoured if self.favoured and rng.random() < self.share else self.pieces, rng)


def varied(
    music: Music, rng: np.random.Generator, frames: int, config: BeatNetConfig, ears: Ears
) -> tuple[F32, Targets]:
    """A stretch of a random piece; now and then silence, a gap or a hard cut to another piece."""
    bands_db, beats_s, numbers = _stretch(music.drawn(rng), rng, frames, config, ears)
    chance = rng.random()
    rate = config.frame_rate_hz
    if chance < 0.1:
        cut = int(rng.uniform(0.25, 0.75) * frames)
        after_db, after_s, after_numbers = _stretch(music.drawn(rng), rng, frames - cut, config, ears)
        bands_db = np.concatenate([bands_db[:cut], after_db])
        keep = beats_s < cut / rate
        beats_s = np.concatenate([beats_s[keep], after_s + cut / rate])
        numbers = np.concatenate([numbers[keep], after_numbers])
        # A beat of the old piece and one of the new can fall close together: the new one counts.
        apart = np.diff(beats_s, append=np.inf) > 0.12
        beats_s, numbers = beats_s[apart], numbers[apart]
    elif chance < 0.2:
        start = 0 if rng.random() < 0.6 else int(rng.uniform(0.2, 0.7) * frames)
        end = min(start + int(rng.uniform(0.5, 6.0) * rate), frames)
        bands_db[start:end] = FLOOR_DB if rng.random() < 0.6 else bands_db[start:end] - np.float32(rng.uniform(20, 60))
        # A short gap in the middle is counted through.
        if start == 0 or end - start > 2.5 * rate:
            outside = (beats_s < start / rate) | (beats_s >= end / rate)
            beats_s, numbers = beats_s[outside], numbers[outside]
    if rng.random() < 0.25:
        bands_db = noisy(bands_db, rng, ears.fine)
    if music.still and rng.random() < 0.15:
        over_db, _, _ = _stretch(_chosen(music.still, rng), rng, frames, config, ears)
        bands_db = together(bands_db, over_db, float(rng.uniform(4, 30)), ears.fine)
    gain_db = np.float32(rng.uniform(-36, 0) if rng.random() < 0.7 else 0.0)
    return np.maximum(bands_db + gain_db, np.float32(FLOOR_DB)), targets(beats_s, numbers, frames, config)


def _chosen(paths: tuple[Path, ...], rng: np.random.Generator) -> Piece:
    return recent_piece(paths[int(rng.integers(len(paths)))])


def _stretch(
    piece: Piece, rng: np.random.Generator, frames: int, config: BeatNetConfig, ears: Ears
) -> tuple[F32, npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    factor = float(np.exp(rng.uniform(-0.14, 0.14))) if rng.random() < 0.7 else 1.0
    taken = int(np.ceil(frames * factor)) + 2
    start = int(rng.integers(max(1, len(piece.bands_db) - taken)))
    bands_db = piece.bands_db[start : start + taken].astype(np.float32)
    if len(bands_db) < taken:
        bands_db = np.pad(bands_db, ((0, taken - len(bands_db)), (0, 0)), constant_values=FLOOR_DB)
    bands_db = stretched(bands_db, factor, frames)
    if rng.random() < 0.5:
        bands_db = transposed(bands_db, int(rng.integers(-2, 3)), ears.per_octave, ears.fine)
    if rng.random() < 0.3:
        bands_db = compressed(bands_db, rng, ears.fine)
    if rng.random() < 0.15:
        bands_db = in_a_room(bands_db, rng, config.frame_rate_hz)
    if rng.random() < 0.8:
        bands_db = equalised(bands_db, rng, ears.fine)
    # Frame i describes what ends at (i + 1) / rate: beats keep their distance to frame ends.
    first_s = 1 / config.frame_rate_hz
    beats_s = (piece.beats_s - start / config.frame_rate_hz - first_s) / factor + first_s
    inside = (beats_s > -0.02) & (beats_s < frames / config.frame_rate_hz + 0.02)
    return bands_db, beats_s[inside], piece.numbers[inside]
