"""The stage of the evaluation: composes music, hears it and dances to it, all by the parts that play live."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.audio.composer import compose
from megadance_live.audio.styles import STYLES
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.rehearsal import danced_by_ear, rehearse
from megadance_live.engine.session import Session

if TYPE_CHECKING:
    from megadance_live.core.dancer import Dancer
    from models.evaluation.programme import Danced, Piece

RATE_HZ = 15_360
"""That of the ear, so that nothing has to be resampled."""
BEATS_PER_BAR = 4
_ANY_STYLE = "freestyle"


def music_of(piece: "Piece") -> npt.NDArray[np.float32]:
    """Samples [n, 2] at RATE_HZ."""
    style = piece.style if piece.style in STYLES else _ANY_STYLE
    rng = np.random.default_rng([piece.seed, *piece.style.encode()])
    samples = compose(style, piece.beats_s, BEATS_PER_BAR, rng, RATE_HZ, piece.duration_s)
    if piece.silence_s is not None:
        begin, end = (round(at_s * RATE_HZ) for at_s in piece.silence_s)
        samples[begin:end] = 0.0
    return samples


def perform(dancer: "Dancer", piece: "Piece") -> "Danced":
    """What the audience sees of a piece."""
    samples = music_of(piece)
    if piece.tracked:
        begun = time.process_time()
        session = Session(dancer, RATE_HZ, 2, expert=piece.voices[0][1], seed=piece.seed)
        poses = danced_by_ear(session, samples, RATE_HZ)
        return seen(poses, time.process_time() - begun)
    made = rehearse(dancer, samples, RATE_HZ, piece.beats_s, piece.voices, beats_per_bar=BEATS_PER_BAR, seed=piece.seed)
    return seen(made.poses, made.compute_s)


def seen(poses: Sequence[PoseFrame], compute_s: float) -> "Danced":
    """Poses as they are measured."""
    from models.evaluation.programme import Danced

    return Danced(
        np.array([pose.time_s for pose in poses]),
        np.stack([pose.root_m for pose in poses]),
        np.stack([pose.quats for pose in poses]),
        compute_s,
    )
