"""An evaluation as Markdown and as values for JSON."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from models.evaluation.bootstrap import RESAMPLES, Estimate, Indices, bootstrap
from models.evaluation.measures import BY_GENRE, Measure, Subject
from models.evaluation.results import Evaluation, ModelResult, TokenizerScores
from models.evaluation.switching import Switches
from models.evaluation.tally import Tally, pooled

FORMAT = 1
Estimates = Mapping[str, Mapping[str, Estimate]]
"""By the names of subjects and the keys of measures."""
_BETTER = {"lower": " ↓", "higher": " ↑", "real": " →", "": ""}


def markdown(found: Evaluation, estimates: Estimates) -> str:
    """The whole report."""
    about = (
        f"{found.clips} real clips of the {found.split} split ({found.seconds / 60:.1f} minutes)"
        if found.real
        else f"{found.clips} pieces of made-up music ({found.seconds / 60:.1f} minutes), without real clips beside them"
    )
    parts = [
        "# Evaluation",
        f"{about}; dances of each: {found.seeds}. Music is composed on the beats of the clip and heard by the "
        "streaming ear; the bar clock is that of its beats; what is measured is what the audience sees. The metrics "
        f"are those of docs/evaluation.md; in brackets 95 % intervals ({RESAMPLES} resamples of whole clips). "
        "↑: higher is better, ↓: lower, →: near real.",
        _classifier(found),
        "## All measures",
        _main_table(found, estimates),
        "## By genre",
        _genre_table(found),
        "## The tokeniser",
        _tokenizer_table(found),
        "## Special pieces",
        _special_table(found),
    ]
    if any(model.drifts for model in found.models):
        parts += ["## Minutes of dance", _drift_table(found)]
    if found.left_out:
        parts += ["## Left out", "\n".join(f"- {one.name}: {one.why}" for one in found.left_out)]
    return "\n\n".join(parts) + "\n"


def as_values(found: Evaluation, estimates: Estimates) -> dict[str, Any]:
    """For JSON: NaN and infinity become None."""
    values = {
        "format": FORMAT,
        "split": found.split,
        "clips": found.clips,
        "seconds": found.seconds,
        "seeds": found.seeds,
        "classifier": found.classifier,
        "left_out": [asdict(one) for one in found.left_out],
        "subjects": {
            subject.name: {
                "measures": {key: asdict(estimate) for key, estimate in estimates[subject.name].items()},
                "by_genre": {
                    genre: {measure.key: measure.value(part) for measure in _genre_measures(found)}
                    for genre, part in by_genre(subject).items()
                },
            }
            for subject in found.subjects
        },
        "models": {model.subject.name: _model_values(model) for model in found.models},
    }
    return dict(_finite(values))


def estimates_of(found: Evaluation) -> Estimates:
    """All of them, with their intervals; takes a while."""
    return {s.name: {measure.key: measure.of(s) for measure in found.measures} for s in found.subjects}


def by_genre(subject: Subject) -> dict[str, Subject]:
    """The subject's dances of each genre."""
    genres = sorted({scores.genre for scores in subject.takes[0]})
    return {
        genre: Subject(subject.name, tuple(tuple(s for s in take if s.genre == genre) for take in subject.takes))
        for genre in genres
    }


def error_of(tallies: tuple[Tally, ...]) -> Estimate:
    """A mean over clips with its interval."""
    return bootstrap(lambda chosen: pooled([tallies[i] for i in chosen]).value, len(tallies))


def _speed_kept(scores: TokenizerScores) -> Estimate:
    def share(chosen: Indices) -> float:
        before, after = (
            pooled([tallies[i] for i in chosen]).value for tallies in (scores.speed_before, scores.speed_after)
        )
        return after / before

    return bootstrap(share, len(scores.speed_before))


def seen_within_two_bars(walks: Iterable[Switches]) -> tuple[float, float]:
    """The share of switches recognised, and the median time until the first stretch is seen as the new genre."""
    every = list(walks)
    recognised = [one for walk in every for one in walk.recognised]
    after = [one for walk in every for one in walk.after_s]
    if not recognised:
        return float("nan"), float("nan")
    return float(np.mean(recognised)), float(np.median(after))


def _classifier(found: Evaluation) -> str:
    if not found.real:
        return "The genre classifier saw no real clips here; its card says how well it knows them."
    numbers = found.classifier
    return (
        f"The genre classifier on these real clips: accuracy {numbers['accuracy']:.3f} over stretches of 5 s, "
        f"{numbers['balanced_accuracy']:.3f} as a mean over genres, {numbers['clip_accuracy']:.3f} over whole clips."
    )


def _main_table(found: Evaluation, estimates: Estimates) -> str:
    head = ["", *(subject.name for subject in found.subjects)]
    lines = [
        [
            measure.title + _BETTER[measure.better],
            *(text(estimates[s.name][measure.key], measure.digits) for s in found.subjects),
        ]
        for measure in found.measures
    ]
    return table(head, lines)


def _genre_measures(found: Evaluation) -> list[Measure]:
    known = {measure.key: measure for measure in found.measures}
    return [known[key] for key in BY_GENRE]


def _genre_table(found: Evaluation) -> str:
    shown = _genre_measures(found)
    parts = {subject.name: by_genre(subject) for subject in found.subjects}
    genres = sorted({genre for part in parts.values() for genre in part})
    lines = [
        [f"{genre}, {name}", *(number(measure.value(part[genre]), measure.digits) for measure in shown)]
        for genre in genres
        for name, part in parts.items()
        if genre in part
    ]
    return table(["", *(measure.title for measure in shown)], lines)


def _tokenizer_table(found: Evaluation) -> str:
    told = [(model.subject.name, model.tokenizer) for model in found.models if model.tokenizer is not None]
    if not told:
        return "It is measured on real clips: name a folder with --data."
    lines = []
    for name, scores in told:
        line = [name, text(error_of(scores.absolute), 4), text(error_of(scores.squared), 5)]
        line.append(text(_speed_kept(scores), 2))
        for half in (scores.upper, scores.lower):
            line += [f"{half.levels:.2f}", f"{half.codes} of {half.tokens} ({half.perplexity:.0f})"]
        lines.append(line)
    halves = [f"{what}, {half}" for half in ("upper", "lower") for what in ("levels in use", "codes (perplexity)")]
    return table(["", "joint MAE, m ↓", "joint MSE, m² ↓", "speed kept →", *halves], lines)


def _special_table(found: Evaluation) -> str:
    rows: list[tuple[str, Callable[[ModelResult], str]]] = [
        ("Compute, s of CPU per s of dance, features included ↓", lambda m: number(m.compute_s, 3)),
        (
            "Generator and decoder, cached, s per s ↓",
            lambda m: number(m.steps.cached_s, 3) if m.steps and m.steps.cached_s else "-",
        ),
        ("The same, window recomputed, s per s", lambda m: number(m.steps.uncached_s, 3) if m.steps else "-"),
        (
            "Recomputed over cached ↑",
            lambda m: number(m.steps.saving, 1) if m.steps and m.steps.saving else "-",
        ),
        ("New genre recognised within two bars ↑", lambda m: number(seen_within_two_bars(m.switches)[0], 2)),
        ("The same once it has settled ↑", lambda m: number(seen_within_two_bars(m.settled)[0], 2)),
        ("First seen as the new genre after, s ↓", lambda m: number(seen_within_two_bars(m.switches)[1], 1)),
        ("Jerk at switches over elsewhere ↓", lambda m: number(_switch_jerk(m), 2)),
        ("Response to a jump of tempo, s ↓", lambda m: number(m.tempo.response_s, 1)),
        ("Alignment before the jump", lambda m: number(m.tempo.before, 2)),
        (
            "Alignment at the later tempo, settled (by chance)",
            lambda m: f"{m.tempo.settled:.2f} ({m.tempo.chance:.2f})",
        ),
        ("Response to silence, s ↓", lambda m: number(m.silence.response_s, 1)),
        ("Speed left after the silence", lambda m: number(m.silence.speed_left, 2)),
    ]
    return table(
        ["", *(model.subject.name for model in found.models)],
        [[title, *(of(model) for model in found.models)] for title, of in rows],
    )


def _switch_jerk(model: ModelResult) -> float:
    near = pooled(one.near_jerk for one in model.switches).value
    return near / pooled(one.other_jerk for one in model.switches).value if model.switches else float("nan")


def _drift_table(found: Evaluation) -> str:
    head = [
        "",
        "dances",
        "minutes",
        "finite",
        "longest freeze, bars",
        "diversity, last over first minute",
        "speed, the same",
    ]
    lines = [
        [
            f"{one.genre}, {model.subject.name}",
            str(one.dances),
            f"{one.minutes:.0f}",
            "yes" if one.finite else "no",
            number(one.longest_freeze_bars, 2),
            number(one.diversity_ratio, 2),
            number(one.speed_ratio, 2),
            number(one.farthest_m, 2),
        ]
        for model in found.models
        for one in model.drifts
    ]
    return table([*head, "farthest from the centre, m"], lines)


def table(head: list[str], lines: list[list[str]]) -> str:
    """Markdown."""
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *lines))


def text(estimate: Estimate, digits: int) -> str:
    """A value and its interval."""
    if not math.isfinite(estimate.low):
        return number(estimate.value, digits)
    low, high = number(estimate.low, digits), number(estimate.high, digits)
    return f"{number(estimate.value, digits)} [{low}, {high}]"


def number(value: float, digits: int) -> str:
    """- where there is none, never where it does not end."""
    if math.isnan(value):
        return "-"
    # Rounding leaves a zero below nothing.
    return "never" if math.isinf(value) else f"{round(value, digits) + 0.0:.{digits}f}"


def _model_values(model: ModelResult) -> dict[str, Any]:
    scores = model.tokenizer
    share, after = seen_within_two_bars(model.switches)
    return {
        "compute_s_per_s": model.compute_s,
        "steps": asdict(model.steps) if model.steps else None,
        "tokenizer": {
            "joint_mae_m": asdict(error_of(scores.absolute)),
            "joint_mse_m2": asdict(error_of(scores.squared)),
            "speed_kept": asdict(_speed_kept(scores)),
            "upper": asdict(scores.upper),
            "lower": asdict(scores.lower),
        }
        if scores
        else None,
        "tempo": asdict(model.tempo),
        "silence": asdict(model.silence),
        "switches": {
            "recognised": share,
            "recognised_settled": seen_within_two_bars(model.settled)[0],
            "median_after_s": after,
            "jerk_ratio": _switch_jerk(model),
        },
        "drift": [asdict(one) for one in model.drifts],
    }


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
