"""A switch through all genres: whether the classifier sees the new genre within two bars, and how the seams look."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from megadance_live.core.motion import FRAME_RATE_HZ
from models.evaluation.genre_net import GenreNet, see
from models.evaluation.jerk import switch_jerk
from models.evaluation.motion import Motion
from models.evaluation.tally import Tally

SWITCH_BARS = 2
"""Each genre is judged by this much of it."""
_STRETCH_FRAMES = 60
_STEP_FRAMES = 5


@dataclass(frozen=True)
class Switches:
    """Of one walk through the genres. `recognised`: one entry a switch; `after_s`: until the first stretch of 2 s that
    is seen as the new genre ends, infinite where none is."""

    genres: tuple[str, ...]
    recognised: tuple[bool, ...]
    after_s: tuple[float, ...]
    near_jerk: Tally
    other_jerk: Tally


def switches(motion: Motion, genres: Sequence[str], frames: Sequence[float], length: float, net: GenreNet) -> Switches:
    """`frames[i]` is the first of `genres[i]`.

    A switch is recognised where, of the genres danced, the new one has the greatest mean probability over the `length`
    that follows. Genres that the classifier does not know are left out.
    """
    known = [i for i, genre in enumerate(genres) if i and genre in net.config.genres]
    danced = [net.config.genres.index(genre) for genre in genres if genre in net.config.genres]
    recognised, after = [], []
    for i in known:
        begin, end = round(frames[i]), min(round(frames[i] + length), len(motion))
        starts = range(begin, end - _STRETCH_FRAMES + 1, _STEP_FRAMES)
        probability = see(net, [motion.cut(s, s + _STRETCH_FRAMES) for s in starts]).probability
        genre = net.config.genres.index(genres[i])
        mean = probability.mean(axis=0)
        recognised.append(bool(mean[genre] >= mean[danced].max()))
        seen = np.flatnonzero(probability.argmax(axis=1) == genre)
        ends = seen[0] * _STEP_FRAMES + _STRETCH_FRAMES if len(seen) else np.inf
        after.append(float(ends) / FRAME_RATE_HZ)
    near, other = switch_jerk(motion.local_joints_m(), [round(frame) for frame in frames[1:]])
    return Switches(tuple(genres[i] for i in known), tuple(recognised), tuple(after), near, other)
