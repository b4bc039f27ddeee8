"""Minutes of dance, self-fed: whether it freezes, wears out, or walks away.

Diversity in the last minute over that in the first is the ratio of DIV of kinetic and geometric features together (each
standardised by both minutes: by one alone, a feature that hardly varies in it would drown all others). A leash keeps
the dancer on the stage; how far he goes is told all the same.
"""

from dataclasses import dataclass

import numpy as np

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
    """Of one long dance. Ratios are of the last minute over the first."""

    genre: str
    minutes: float
    finite: bool
    longest_freeze_bars: float
    diversity_ratio: float
    speed_ratio: float
    farthest_m: float


def drift(motion: Motion, bar_s: float) -> Drift:
    """Of a dance of two minutes or more to a steady tempo. A dance with numbers that are not finite is measured no
    further."""
    minutes = len(motion) / MINUTE_FRAMES
    if not np.isfinite(motion.joints_m).all():
        nan = float("nan")
        return Drift(motion.genre, minutes, False, nan, nan, nan, nan)
    first, last = motion.cut(0, MINUTE_FRAMES), motion.cut(len(motion) - MINUTE_FRAMES, len(motion))
    speeds = [float(joint_speed(part.joints_m).mean()) for part in (first, last)]
    away = np.linalg.norm(motion.joints_m[:, 0][:, [0, 2]], axis=-1)
    return Drift(
        motion.genre,
        minutes,
        True,
        longest_freeze_s(motion.joints_m) / bar_s,
        _diversity_ratio(first, last),
        speeds[1] / max(speeds[0], 1e-9),
        float(away.max()),
    )


def _diversity_ratio(first: Motion, last: Motion) -> float:
    features = [
        np.stack(
            [np.concatenate([kinetic_features(w.joints_m), geometric_features(w.joints_m)]) for w in part.windows()]
        )
        for part in (first, last)
    ]
    standard = standard_of(np.concatenate(features))
    begun, ended = (diversity(standard.of(part)) for part in features)
    return ended / begun if begun else float("nan")
