"""All metrics of single dances, kept so that sets of dances can be compared and resampled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import FRAME_RATE_HZ
from models.evaluation.alignment import beat_scores, joint_speed
from models.evaluation.contact import physical_foot_contact
from models.evaluation.freezing import freeze_ratio, longest_freeze_s
from models.evaluation.genre_net import GenreNet, see
from models.evaluation.geometric import GEOMETRIC_SIZE, geometric_features
from models.evaluation.jerk import border_jerk, mean_jerk
from models.evaluation.kinetic import KINETIC_SIZE, kinetic_features
from models.evaluation.motion import Motion
from models.evaluation.repetition import repetition
from models.evaluation.skating import foot_skate
from models.evaluation.tally import Tally, pooled, tally

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

KINDS = ("kinetic", "geometric", "style")
FOLD_BINS = 12


@dataclass(frozen=True)
class Scores:
    """What one dance scored. `features` has one row for each stretch of 5 s; `seen` the genre that the classifier makes
    of it; both are empty where it does not know the genre that was asked for. `fold` [2, FOLD_BINS] is the sum of
    speeds in each twelfth of a beat, relative to the dance's mean, and how many were summed; 0 where beats are not
    known."""

    name: str
    genre: str
    tallies: Mapping[str, Tally]
    features: Mapping[str, F64]
    asked: I64
    seen: I64
    lags_ms: F64
    longest_freeze_s: float
    fold: F64 = field(default_factory=lambda: np.zeros((2, FOLD_BINS)))


def score(motion: Motion, net: GenreNet, on_grid: Motion | None = None) -> Scores:
    """`on_grid` is the same dance with four frames to a token, the first of which begins one; without it there are no
    figures at token borders."""
    local = motion.local_joints_m()
    beats = beat_scores(motion.joints_m, motion.beat_frames)
    tallies = {
        "speed": tally(joint_speed(local)),
        "alignment": beats.alignment,
        "chance": beats.chance,
        "precision": beats.precision,
        "recall": beats.recall,
        "motion_beats": Tally(float(len(beats.lags_ms)), len(motion) / FRAME_RATE_HZ if len(beats.lags_ms) else 0.0),
        "skate": foot_skate(motion.joints_m),
        "pfc": physical_foot_contact(motion.joints_m),
        "freeze": freeze_ratio(motion.joints_m),
        "repetition": repetition(local),
        "jerk": mean_jerk(local),
    }
    if on_grid is not None:
        tallies["border_jerk"], tallies["token_jerk"] = border_jerk(on_grid.local_joints_m())
    windows = motion.windows()
    view = see(net, windows)
    known = motion.genre in net.config.genres
    asked = net.config.genres.index(motion.genre) if known else -1
    return Scores(
        name=motion.name,
        genre=motion.genre,
        tallies=tallies,
        features={
            "kinetic": _rows([kinetic_features(w.joints_m) for w in windows], KINETIC_SIZE),
            "geometric": _rows([geometric_features(w.joints_m) for w in windows], GEOMETRIC_SIZE),
            "style": view.style,
        },
        asked=np.full(len(windows) if known else 0, asked),
        seen=view.probability.argmax(axis=1) if known and windows else np.zeros(0, np.int64),
        lags_ms=beats.lags_ms,
        longest_freeze_s=longest_freeze_s(motion.joints_m),
        fold=_fold(motion),
    )


def pooled_tally(scores: Sequence[Scores], name: str) -> Tally:
    """Of many dances; one that lacks it does not count."""
    return pooled(one.tallies[name] for one in scores if name in one.tallies)


def stacked(scores: Sequence[Scores], kind: str) -> F64:
    """Features [n, d] of many dances."""
    return np.concatenate([one.features[kind] for one in scores])


def _rows(features: list[F64], size: int) -> F64:
    return np.stack(features) if features else np.zeros((0, size))


def _fold(motion: Motion) -> F64:
    beats = motion.beat_frames
    if len(beats) < 2:
        return np.zeros((2, FOLD_BINS))
    speed = joint_speed(motion.joints_m)
    middle = np.arange(len(speed)) + 0.5
    inside = (middle >= beats[0]) & (middle < beats[-1])
    place = np.interp(middle[inside], beats, np.arange(len(beats)))
    bins = np.floor(place % 1.0 * FOLD_BINS).astype(int) % FOLD_BINS
    relative = speed[inside] / max(float(speed[inside].mean()), 1e-9)
    counts = np.bincount(bins, minlength=FOLD_BINS).astype(np.float64)
    return np.stack([np.bincount(bins, relative, FOLD_BINS), counts])
