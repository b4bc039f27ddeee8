"""The stage of the evaluation: composes music, hears it and dances to it, all by the parts that play live."""

import time
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.audio.composer import compose
from megadance_live.audio.styles import STYLES
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.rehearsal import rehearse, settle
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
    from models.evaluation.programme import Danced

    samples = music_of(piece)
    if piece.tracked:
        begun = time.process_time()
        poses = _session(dancer, piece, samples)
        spent_s = time.process_time() - begun
    else:
        made = rehearse(
            dancer, samples, RATE_HZ, piece.beats_s, piece.voices, beats_per_bar=BEATS_PER_BAR, seed=piece.seed
        )
        poses, spent_s = list(made.poses), made.compute_s
    return Danced(
        np.array([pose.time_s for pose in poses]),
        np.stack([pose.root_m for pose in poses]),
        np.stack([pose.quats for pose in poses]),
        spent_s,
    )


def _session(dancer: "Dancer", piece: "Piece", samples: npt.NDArray[np.float32]) -> list[PoseFrame]:
    """The whole chain, the tracker of the show included."""
    session = Session(dancer, RATE_HZ, 2, expert=piece.voices[0][1], seed=piece.seed)
    block = RATE_HZ // 10
    poses: list[PoseFrame] = []
    for at in range(0, len(samples), block):
        for pose in session.push(AudioBlock(samples[at : at + block], RATE_HZ, at, at / RATE_HZ)):
            settle(poses, pose)
    return poses
