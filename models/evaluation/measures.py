"""The measures of the table, each over a set of dances, with its interval.

A subject is real or a model. Its takes are lists of Scores, one for each clip in the same order; a model has a take for
each seed, and its value is the mean over takes of sets of the same size as the real one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.evaluation.bootstrap import Estimate, Indices, bootstrap
from models.evaluation.diversity import diversity
from models.evaluation.frechet import Standard, frechet_distance, standard_of
from models.evaluation.scores import KINDS, Scores, pooled_tally, stacked
from models.evaluation.style import accuracy, macro_f1

I64 = npt.NDArray[np.int64]
Take = Sequence[Scores]
Statistic = Callable[[Take, Indices], float]


@dataclass(frozen=True)
class Subject:
    """A row of the table."""

    name: str
    takes: tuple[Take, ...]

    @property
    def all_scores(self) -> list[Scores]:
        return [scores for take in self.takes for scores in take]


@dataclass(frozen=True)
class Measure:
    """`better`: "lower", "higher", "real" (near that of real dances) or "" where it depends."""

    key: str
    title: str
    better: str
    digits: int
    statistic: Statistic

    def of(self, subject: Subject) -> Estimate:
        """Every resample draws the same clips for all takes."""
        clips = len(subject.takes[0])
        return bootstrap(lambda chosen: self._mean(subject, chosen), clips, distance=self.key.startswith("fid"))

    def value(self, subject: Subject) -> float:
        """Without an interval."""
        return self._mean(subject, np.arange(len(subject.takes[0])))

    def _mean(self, subject: Subject, chosen: Indices) -> float:
        return float(np.mean([self.statistic(take, chosen) for take in subject.takes]))


def measures(real: Take | None, others: Take = ()) -> tuple[Measure, ...]:
    """All of them, against the real dances of the same clips (None: there are none, and nothing is compared with them)
    and against `others`, real dances of other clips."""
    found: list[Measure] = []
    if real is not None:
        for kind, letter in zip(KINDS, "kgs", strict=True):
            found.append(Measure(f"fid_{letter}", f"FID_{letter}", "lower", 2, _distance(real, real, kind, True)))
        for kind, letter in zip(KINDS, "kgs", strict=True):
            if others:
                title = f"FID_{letter}, training clips"
                found.append(Measure(f"fid_{letter}_train", title, "lower", 2, _distance(real, others, kind, False)))
        for kind, letter in zip(KINDS, "kgs", strict=True):
            found.append(Measure(f"div_{letter}", f"DIV_{letter}", "real", 2, _diversity(real, kind)))
    return (*found, *_SINGLE)


def _distance(real: Take, reference: Take, kind: str, paired: bool) -> Statistic:
    """`paired`: the reference is resampled together with the dances."""
    standard = standard_of(stacked(real, kind))
    fixed = standard.of(stacked(reference, kind))
    by_clip = [standard.of(scores.features[kind]) for scores in reference]

    def statistic(take: Take, chosen: Indices) -> float:
        made = standard.of(_chosen(take, chosen, kind))
        return frechet_distance(np.concatenate([by_clip[i] for i in chosen]) if paired else fixed, made)

    return statistic


def _diversity(real: Take, kind: str) -> Statistic:
    standard: Standard = standard_of(stacked(real, kind))
    return lambda take, chosen: diversity(standard.of(_chosen(take, chosen, kind)))


def _chosen(take: Take, chosen: Indices, kind: str) -> npt.NDArray[np.float64]:
    return stacked([take[i] for i in chosen], kind)


def _mean(name: str) -> Statistic:
    return lambda take, chosen: pooled_tally([take[i] for i in chosen], name).value


def _ratio(above: str, below: str) -> Statistic:
    def statistic(take: Take, chosen: Indices) -> float:
        scores = [take[i] for i in chosen]
        divisor = pooled_tally(scores, below).value
        return pooled_tally(scores, above).value / divisor if divisor else float("nan")

    return statistic


def _lag(take: Take, chosen: Indices) -> float:
    lags = np.concatenate([take[i].lags_ms for i in chosen])
    return float(np.median(lags)) if len(lags) else float("nan")


def _style(of: Callable[[I64, I64], float]) -> Statistic:
    def statistic(take: Take, chosen: Indices) -> float:
        asked = np.concatenate([take[i].asked for i in chosen])
        return of(asked, np.concatenate([take[i].seen for i in chosen]))

    return statistic


def _longest(take: Take, chosen: Indices) -> float:
    return float(max(take[i].longest_freeze_s for i in chosen))


_SINGLE: tuple[Measure, ...] = (
    Measure("bas", "BAS", "higher", 3, _mean("alignment")),
    Measure("bas_chance", "BAS by chance", "", 3, _mean("chance")),
    Measure("bas_ratio", "BAS over chance", "higher", 2, _ratio("alignment", "chance")),
    Measure("beat_precision", "Beat precision", "higher", 3, _mean("precision")),
    Measure("beat_recall", "Beat recall", "higher", 3, _mean("recall")),
    Measure("beat_lag_ms", "Median lag, ms", "", 0, _lag),
    Measure("motion_beats", "Motion beats per second", "real", 2, _mean("motion_beats")),
    Measure("style_acc", "Style ACC", "higher", 3, _style(accuracy)),
    Measure("style_f1", "Style F1", "higher", 3, _style(macro_f1)),
    Measure("skate", "Foot-skate ratio", "lower", 3, _mean("skate")),
    Measure("pfc", "PFC", "lower", 3, _mean("pfc")),
    Measure("freeze", "Freeze ratio", "real", 3, _mean("freeze")),
    Measure("longest_freeze_s", "Longest freeze, s", "lower", 1, _longest),
    Measure("repetition", "Repetition", "real", 3, _mean("repetition")),
    Measure("speed", "Joint speed, m/s", "real", 3, _mean("speed")),
    Measure("jerk", "Jerk, m/s³", "real", 0, _mean("jerk")),
    Measure("border_jerk", "Jerk at token borders over within", "real", 2, _ratio("border_jerk", "token_jerk")),
)

BY_GENRE = ("speed", "jerk", "skate", "freeze", "repetition", "bas", "bas_ratio", "beat_precision", "style_acc")
