"""Minutes of dance, self-fed: whether it freezes, wears out, or walks away.

Diversity in the last minute over that in the first is the ratio of DIV of kinetic and geometric features together (each
standardised by both minutes: by one alone, a feature that hardly varies in it would drown all others). One minute of
one dance holds few moves, and the next few others: means over several dances tell wear from chance. A leash keeps the
dancer on the stage; how far he goes is told all the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import FRAME_RATE_HZ
from models.evaluation.alignment import joint_speed
from models.evaluation.diversity import diversity
from models.evaluation.frechet import standard_of
from models.evaluation.freezing import longest_freeze_s
from models.evaluation.geometric import geometric_features
from models.evaluation.kinetic import kinetic_features
from models.evaluation.motion import Motion

MINUTE_FRAMES = 60 * FRAME_RATE_HZ


@dataclass(frozen=True)
class Drift:
    """Of `dances` long dances of one genre. Ratios are of the last minute over the first, of means over the dances;
    freeze and distance are those of the worst."""

    genre: str
    dances: int
    minutes: float
    finite: bool
    longest_freeze_bars: float
    diversity_ratio: float
    speed_ratio: float
    farthest_m: float


def drift(dances: Sequence[Motion], bar_s: float) -> Drift:
    """Of dances of one genre, two minutes or more each, to one steady tempo. Where one has numbers that are not finite,
    nothing else is measured."""
    genre, count = dances[0].genre, len(dances)
    minutes = min(len(dance) for dance in dances) / MINUTE_FRAMES
    if not all(np.isfinite(dance.joints_m).all() for dance in dances):
        nan = float("nan")
        return Drift(genre, count, minutes, False, nan, nan, nan, nan)
    first = [dance.cut(0, MINUTE_FRAMES) for dance in dances]
    last = [dance.cut(len(dance) - MINUTE_FRAMES, len(dance)) for dance in dances]
    return Drift(
        genre,
        count,
        minutes,
        True,
        max(longest_freeze_s(dance.joints_m) for dance in dances) / bar_s,
        _diversity_ratio(first, last),
        _mean_speed(last) / max(_mean_speed(first), 1e-9),
        max(float(np.linalg.norm(dance.joints_m[:, 0][:, [0, 2]], axis=-1).max()) for dance in dances),
    )


def _mean_speed(parts: Iterable[Motion]) -> float:
    return float(np.mean([joint_speed(part.joints_m).mean() for part in parts]))


def _diversity_ratio(first: Sequence[Motion], last: Sequence[Motion]) -> float:
    begun, ended = [_features(part) for part in first], [_features(part) for part in last]
    standard = standard_of(np.concatenate([*begun, *ended]))
    before, after = (float(np.mean([diversity(standard.of(one)) for one in parts])) for parts in (begun, ended))
    return after / before if before else float("nan")


def _features(minute: Motion) -> npt.NDArray[np.float64]:
    """[windows, d]"""
    return np.stack(
        [np.concatenate([kinetic_features(one.joints_m), geometric_features(one.joints_m)]) for one in minute.windows()]
    )
