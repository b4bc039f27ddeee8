"""Writes an evaluation into a folder: evaluation.md, evaluation.json and plots."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.evaluation.measures import Subject
from models.evaluation.plots import bars, confusion, lines
from models.evaluation.response import BEATS_BEFORE
from models.evaluation.results import Evaluation
from models.evaluation.scores import FOLD_BINS
from models.evaluation.tables import as_values, by_genre, estimates_of, markdown

F64 = npt.NDArray[np.float64]

PLOTTED = ("bas_ratio", "skate", "freeze", "speed", "style_acc")


def write_report(found: Evaluation, folder: Path) -> list[Path]:
    """The files written. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    table, values = folder / "evaluation.md", folder / "evaluation.json"
    plots = _plots(found, folder)
    shown = "\n".join(f"![{path.stem.replace('_', ' ')}]({path.name})\n" for path in plots)
    estimates = estimates_of(found)
    table.write_text(f"{markdown(found, estimates)}\n## Plots\n\n{shown}", encoding="utf-8")
    values.write_text(json.dumps(as_values(found, estimates), indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return [table, values, *plots]


def _plots(found: Evaluation, folder: Path) -> list[Path]:
    subjects = found.subjects
    parts = {subject.name: by_genre(subject) for subject in subjects}
    genres = sorted({genre for part in parts.values() for genre in part})
    written: list[Path] = []
    for measure in found.measures:
        if measure.key not in PLOTTED:
            continue
        series = {
            name: [measure.value(part[genre]) if genre in part else float("nan") for genre in genres]
            for name, part in parts.items()
        }
        written.append(folder / f"{measure.key}.png")
        bars(written[-1], measure.title, genres, series)
    written.append(folder / "speed_on_the_beat.png")
    lines(
        written[-1],
        "Mean joint speed around the beat, relative to its mean",
        {subject.name: fold for subject in subjects if (fold := _fold(subject)) is not None},
        "beats",
        marks=(0.0, 1.0, 2.0),
    )
    for subject in subjects:
        written.append(folder / f"genres_seen_{len(written)}.png")
        confusion(written[-1], f"Asked (rows) and seen: {subject.name}", *_confusion(subject, found.genres))
    written.append(folder / "tempo_jump.png")
    curves = {model.subject.name: np.array(model.tempo.curve, np.float64) for model in found.models}
    lines(
        written[-1],
        "Alignment of each beat around a jump of tempo",
        {name: (np.arange(len(curve), dtype=np.float64) - BEATS_BEFORE, curve) for name, curve in curves.items()},
        "beats from the jump",
        marks=(0.0,),
    )
    written.append(folder / "silence.png")
    calm = {model.subject.name: np.array(model.silence.curve, np.float64) for model in found.models}
    lines(
        written[-1],
        "Speed after the last sound, relative to that before",
        {name: (np.arange(len(curve), dtype=np.float64) / 10.0, curve) for name, curve in calm.items()},
        "seconds",
    )
    return written


def _fold(subject: Subject) -> tuple[F64, F64] | None:
    """Two beats, from the beat on."""
    sums, counts = np.sum([scores.fold for scores in subject.all_scores], axis=0)
    if not counts.all():
        return None
    mean = sums / counts
    places = np.asarray((np.arange(2 * FOLD_BINS) + 0.5) / FOLD_BINS, np.float64)
    return places, np.concatenate([mean, mean])


def _confusion(subject: Subject, genres: tuple[str, ...]) -> tuple[list[str], list[str], F64]:
    counts = np.zeros((len(genres), len(genres)))
    for scores in subject.all_scores:
        np.add.at(counts, (scores.asked, scores.seen), 1.0)
    asked = np.flatnonzero(counts.sum(axis=1))
    return [genres[i] for i in asked], list(genres), counts[asked]
