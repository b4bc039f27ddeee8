"""A stand-in for the beat network."""

import numpy as np

from megadance_live.music.beat_net import BeatActivations
from megadance_live.music.beat_spectrum import BANDS

LOWER_BANDS = 54


class BassEars:
    """Stands in for the network: takes a rise in many of the lower bands for a beat, and knows nothing else."""

    delay_s = 0.05
    tempi_bpm = np.geomspace(50, 220, 64).astype(np.float32)
    metres = (2, 3, 4, 5, 6, 7)

    def initial_state(self) -> None:
        return None

    def step(self, inputs: list[np.ndarray], state: None) -> tuple[list[BeatActivations], None]:
        out = []
        for frames in inputs:
            rises = frames[:, BANDS:]
            rising = (rises[:, :LOWER_BANDS] > 0.6).mean(axis=1)
            beat = (1 / (1 + np.exp(4 - 10 * rising))).astype(np.float32)
            tempo, metre = np.full(65, 1 / 65, np.float32), np.full(7, 1 / 7, np.float32)
            out.append(BeatActivations(beat, beat * np.float32(0.3), tempo, metre))
        return out, None
