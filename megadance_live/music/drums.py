"""Kick, snare and hat apart: which of them a hop brings, and how hard it was struck.

A small network of one hidden layer looks at short frames of three hops (music/drum_spectrum.py). It was fitted to
made-up music whose strokes are known (benchmarks/drum_fit.py); its weights and their licence are described beside them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core.errors import WeightsError
from megadance_live.music.drum_spectrum import DrumSpectrum, DrumSpectrumState

F32 = npt.NDArray[np.float32]

DRUMS = ("kick", "snare", "hat")
SHIPPED = Path(__file__).parent / "weights" / "drums.safetensors"
LIKELY = 0.45
"""A stroke is where the network gives at least this probability, and not in the hop after the stroke before."""
BANDS = (slice(0, 8), slice(8, 18), slice(18, 24))
"""The bands of the drum spectrum (30 to 190 Hz, to 1.9 kHz, to 7.7 kHz) by whose level each drum's strength is told."""
RANGE_BELS = 1.2
"""A stroke louder or softer than the usual by this much is of strength 1 or 0.1."""
USUAL_STROKES = 16
"""The usual loudness of a drum is the running mean over so many strokes."""


@dataclass(frozen=True)
class Stroked:
    """What is remembered of one drum: strokes so far, their usual level in bels, whether the hop before was one."""

    strokes: int = 0
    usual: float = 0.0
    just: bool = False


@dataclass(frozen=True)
class DrumState:
    spectrum: DrumSpectrumState
    drums: tuple[Stroked, ...] = (Stroked(),) * len(DRUMS)


class Drums:
    """Hop by hop -> [3], for kick, snare and hat 0 or, where a stroke began, its strength 0.1 to 1, the usual 0.5."""

    def __init__(self) -> None:
        self._spectrum = DrumSpectrum()
        self._inward, self._inward_bias, self._outward, self._outward_bias = _weights(self._spectrum.inputs)

    def initial_state(self) -> DrumState:
        return DrumState(self._spectrum.initial_state())

    def rested(self, state: DrumState) -> DrumState:
        """After silence: the first stroke comes out of nothing."""
        return DrumState(self._spectrum.initial_state(), state.drums)

    def step(self, history: F32, level_db: float, state: DrumState) -> tuple[F32, DrumState]:
        """`history` [>= 768] ends with the hop, `level_db` is the running level of the music."""
        seen, spectrum = self._spectrum.step(history, level_db, state.spectrum)
        hidden = np.maximum(seen @ self._inward + self._inward_bias, np.float32(0))
        odds = hidden @ self._outward + self._outward_bias
        newest = seen[-2 * self._spectrum.bands : -self._spectrum.bands]
        strengths = np.zeros(len(DRUMS), np.float32)
        drums = []
        for drum, (before, log_odds) in enumerate(zip(state.drums, odds.tolist(), strict=True)):
            if log_odds < _LEAST_ODDS or before.just:
                drums.append(Stroked(before.strokes, before.usual))
                continue
            strengths[drum], after = _struck(float(newest[BANDS[drum]].max()), before)
            drums.append(after)
        return strengths, DrumState(spectrum, tuple(drums))


_LEAST_ODDS = float(np.log(LIKELY / (1 - LIKELY)))


def _struck(level: float, drum: Stroked) -> tuple[float, Stroked]:
    """Strength of a stroke at a level in bels."""
    strokes = min(drum.strokes + 1, USUAL_STROKES)
    usual = drum.usual + (level - drum.usual) / strokes
    strength = 0.5 + 0.5 * (level - usual) / RANGE_BELS
    return min(max(strength, 0.1), 1.0), Stroked(strokes, usual, just=True)


def _weights(inputs: int) -> tuple[F32, F32, F32, F32]:
    """[inputs, hidden], [hidden], [hidden, 3], [3]. Raises WeightsError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    again = "install MegaDance Live again"
    try:
        found = load_file(SHIPPED)
        inward, inward_bias, outward, outward_bias = (
            found[name].astype(np.float32) for name in ("inward", "inward_bias", "outward", "outward_bias")
        )
    except FileNotFoundError as error:
        raise WeightsError(f"{SHIPPED} is missing; {again}.") from error
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise WeightsError(f"{SHIPPED} is broken; {again}.") from error
    if inward.shape[0] != inputs or outward.shape != (inward.shape[1], len(DRUMS)):
        raise WeightsError(f"{SHIPPED} is of another version; {again}.")
    return inward, inward_bias, outward, outward_bias
