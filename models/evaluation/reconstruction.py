"""The tokeniser alone: how near the joints come back, and how much of its code book is used.

MSE and MAE are means over frames, 24 joints and 3 coordinates, in metres, of joints relative to the pelvis with the
heading taken out (MEGADance, section 4.2, in whose table the root's velocity stands in place of the pelvis); the speed
kept is the mean speed of the same joints as they come back over that with which they went in. Clips lie on the bar
grid, as in training; the decoder's delay is taken out of the comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from models.data.beats import beats_from_motion
from models.data.clips import Clip
from models.data.grid import on_grid
from models.data.travel import least_sliding
from models.evaluation.alignment import joint_speed
from models.evaluation.tally import Tally, tally
from models.kinematics import joint_positions
from models.representation import channels_of
from models.tokenizer.loss import rotations_of
from models.tokenizer.model import Tokenizer

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rebuilt:
    """One clip: errors, joint speeds in m/s as it went in and came back, and the digits [n, D] that it became."""

    squared: Tally
    absolute: Tally
    speed_before: Tally
    speed_after: Tally
    upper: I64
    lower: I64


@dataclass(frozen=True)
class CodebookUse:
    """Of one half of the body. `levels`: the least share of levels in use of any dimension; `codes` different codes
    among `tokens`; `perplexity` of the codes: as many as that, used evenly, would be as varied."""

    levels: float
    codes: int
    tokens: int
    perplexity: float


@torch.no_grad()
def rebuild(tokenizer: Tokenizer, clip: Clip) -> Rebuilt:
    """Through the tokeniser and back."""
    beats = clip.beat_frames if clip.beat_frames is not None else beats_from_motion(clip.root_m, clip.quats)
    root_m = clip.root_m if clip.travel_trusted else least_sliding(clip.root_m, clip.quats)
    grid = on_grid(root_m, clip.quats, beats)
    channels = channels_of(grid.root_m, grid.quats)
    upper, lower = torch.from_numpy(channels.upper)[None], torch.from_numpy(channels.lower)[None]
    made = tokenizer(upper, lower)
    delay = tokenizer.config.delay_frames
    keep = made.upper.shape[1] - delay
    true, back = (
        joint_positions(rotations_of(*halves))[0].double().numpy()
        for halves in ((upper[:, :keep], lower[:, :keep]), (made.upper[:, delay:], made.lower[:, delay:]))
    )
    error = back - true
    return Rebuilt(
        tally(error**2),
        tally(np.abs(error)),
        tally(joint_speed(true)),
        tally(joint_speed(back)),
        made.upper_digits[0].numpy(),
        made.lower_digits[0].numpy(),
    )


def codebook_use(digits: Sequence[I64], levels: Sequence[int]) -> CodebookUse:
    """Of digits [n, D] of many clips; dimension d has levels[d] levels."""
    every = np.concatenate(digits)
    used = [len(np.unique(every[:, d])) / count for d, count in enumerate(levels)]
    _, counts = np.unique(every, axis=0, return_counts=True)
    share = counts / counts.sum()
    return CodebookUse(min(used), len(counts), len(every), float(np.exp(-(share * np.log(share)).sum())))
