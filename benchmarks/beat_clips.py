"""Annotated clips: a folder of NAME.ogg (or .wav, .flac) beside NAME.beats (lines of "time<TAB>beat in bar"), and
index.tsv, which names them; those whose "confidence" is low are left out."""

import csv
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.beat_scores import Clip


def clips_in(folder: Path, part: str = "0/1") -> list[str]:
    """Names of the clips whose annotation is sure; "K/N": every N-th from the K-th on."""
    with open(folder / "index.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    first, step = (int(number) for number in part.split("/"))
    return [Path(row["file"]).stem for row in rows if row["confidence"] != "low"][first::step]


def opened(folder: Path, name: str) -> Clip:
    audio = next(folder / f"{name}{end}" for end in (".ogg", ".wav", ".flac") if (folder / f"{name}{end}").exists())
    samples, rate_hz = soundfile.read(audio, dtype="float32", always_2d=True)
    rows = np.loadtxt(folder / f"{name}.beats", ndmin=2)
    return Clip(name, samples, rate_hz, rows[:, 0], rows[rows[:, 1] == 1, 0])
