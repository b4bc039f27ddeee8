"""How an evaluation is written down."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.evaluation.bootstrap import Estimate
from models.evaluation.genre_net import GenreConfig, GenreNet
from models.evaluation.measures import Subject, measures
from models.evaluation.plots import COLORS, bars, confusion, lines, ticks
from models.evaluation.scores import FOLD_BINS, score
from models.evaluation.tables import by_genre, number, table, text
from tests.models.evaluation.motions import motion, pulsing, swaying


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.0, 2.0, [0.0, 0.5, 1.0, 1.5, 2.0]), (-16.0, 30.0, [-10.0, 0.0, 10.0, 20.0, 30.0])]
)
def test_ticks_are_round_numbers_between_the_ends(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == expected


def test_values_are_written_with_their_intervals_and_none_as_a_dash() -> None:
    assert text(Estimate(1.234, 1.0, 1.5), 2) == "1.23 [1.00, 1.50]"
    assert text(Estimate(1.234), 1) == "1.2"
    assert number(float("nan"), 2) == "-"
    assert number(float("inf"), 1) == "never"
    assert number(-1e-9, 2) == "0.00"
    assert table(["", "a"], [["x", "1"]]) == "|  | a |\n| --- | --- |\n| x | 1 |"


def colours(path: Path) -> set[tuple[int, ...]]:
    with Image.open(path) as picture:
        return {tuple(c) for c in np.asarray(picture).reshape(-1, 3).tolist()}


def test_every_series_is_drawn_in_its_colour(tmp_path: Path) -> None:
    bars(tmp_path / "bars.png", "title", ["a", "b"], {"real": [1.0, float("nan")], "made": [0.5, 2.0]})
    assert set(COLORS[:2]) <= colours(tmp_path / "bars.png")
    x = np.linspace(0, 1, 9)
    lines(tmp_path / "lines.png", "title", {"real": (x, x), "made": (x, 1 - x)}, "beats", marks=(0.0, 1.0))
    assert set(COLORS[:2]) <= colours(tmp_path / "lines.png")
    confusion(tmp_path / "seen.png", "title", ["a"], ["a", "b"], np.array([[3.0, 0.0]]))
    assert COLORS[1] in colours(tmp_path / "seen.png")


def test_plots_of_nothing_are_empty_and_no_error(tmp_path: Path) -> None:
    bars(tmp_path / "bars.png", "title", [], {})
    lines(tmp_path / "lines.png", "title", {}, "beats")
    assert COLORS[1] not in colours(tmp_path / "bars.png") | colours(tmp_path / "lines.png")


def subject(name: str, seed: int, size: float = 0.4) -> Subject:
    net = GenreNet(GenreConfig(genres=("house", "krump"), widths=(8, 8, 8))).eval()
    dances = [swaying(300, genre, 2.3, size, seed + i) for i, genre in enumerate(("house", "krump", "house"))]
    return Subject(name, (tuple(score(dance, net, dance) for dance in dances),))


def test_real_dances_are_at_no_distance_from_themselves_and_larger_ones_further_than_alike_ones() -> None:
    real = subject("real", 0)
    found = {measure.key: measure for measure in measures(real.takes[0], real.takes[0])}
    assert found["fid_k"].value(real) == pytest.approx(0.0, abs=1e-3)
    assert found["fid_k_train"].value(real) == pytest.approx(0.0, abs=1e-3)
    near, far = found["fid_k"].value(subject("near", 5)), found["fid_k"].value(subject("far", 5, size=0.8))
    assert far > 10 * near
    assert found["speed"].value(subject("far", 5, size=0.8)) > 1.5 * found["speed"].value(real)


def test_measures_by_genre_are_those_of_its_dances_alone() -> None:
    parts = by_genre(subject("real", 0))
    assert {genre: len(part.takes[0]) for genre, part in parts.items()} == {"house": 2, "krump": 1}


def test_without_real_dances_nothing_is_compared_with_them() -> None:
    keys = {measure.key for measure in measures(None)}
    assert not any(key.startswith(("fid", "div")) for key in keys)
    assert {"bas", "skate", "style_acc"} <= keys


def test_speed_folds_on_the_beat_where_the_dancer_stops() -> None:
    beats = np.arange(0.5, 600, 20.0)
    net = GenreNet(GenreConfig(genres=("house", "krump"), widths=(8, 8, 8))).eval()
    sums, counts = score(motion(pulsing(601, beats), beats=beats), net).fold
    assert sums.sum() / counts.sum() == pytest.approx(1.0)
    fold = sums / counts
    assert fold[[0, FOLD_BINS - 1]].max() < 0.4
    assert fold[FOLD_BINS // 2] > 1.4
