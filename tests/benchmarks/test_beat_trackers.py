import argparse
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("mir_eval", reason="needs mir_eval (pip install '.[dev]')")

from benchmarks.beat_clips import clips_in
from benchmarks.beat_trackers import add_arguments, chosen, megadance_live, printed, rival, told_ahead
from megadance_live.music.track import track

RATE_HZ = 48_000


def clicks(seconds: float, bpm: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    out = 0.001 * rng.standard_normal((round(seconds * RATE_HZ), 1)).astype(np.float32)
    for at_s in np.arange(0.4, seconds - 0.1, 60 / bpm):
        start = round(at_s * RATE_HZ)
        out[start : start + 480, 0] += np.hanning(960)[480:] * rng.standard_normal(480)
    return out


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_lines_of_a_rival_say_when_where_in_the_bar_and_since_when() -> None:
    said = printed("cost 0.5\n1.0\n1.5 2\n2.0 3 1.25\n", 10.0, 99.0)
    assert list(said.times_s) == [1.0, 1.5, 2.0]
    assert list(said.numbers) == [0, 2, 3]
    assert list(said.known_s) == [1.0, 1.5, 1.25]
    assert said.cost == pytest.approx(0.05)
    assert printed("1.0\n", 10.0, 2.0).cost == pytest.approx(0.2)


def test_a_rival_is_a_command_that_is_given_the_music(tmp_path: Path) -> None:
    program = tmp_path / "half.py"
    program.write_text(
        "import sys, wave\nwith wave.open(sys.argv[1]) as f:\n    print(f.getnframes() / f.getframerate() / 2)\n"
    )
    command = shlex.join([sys.executable, str(program)])
    said = rival(np.zeros((RATE_HZ * 3, 2), np.float32), RATE_HZ, command)
    assert list(said.times_s) == [1.5]
    assert said.cost > 0


def test_a_rival_that_fails_ends_with_what_it_said() -> None:
    command = shlex.join([sys.executable, "-c", "raise ValueError('no such model')"])
    with pytest.raises(SystemExit, match="no such model"):
        rival(np.zeros((RATE_HZ, 1), np.float32), RATE_HZ, command)


def test_trackers_and_rivals_are_chosen_by_name() -> None:
    assert list(chosen(parsed())) == ["megadance", "aubio", "aubio alone"]
    assert list(chosen(parsed("--tracker", "aubio", "--rival", "other=run it --fast"))) == ["aubio", "other"]
    assert list(chosen(parsed("--tracker", "none", "--rival", "other=run it"))) == ["other"]
    with pytest.raises(SystemExit, match="NAME=COMMAND"):
        chosen(parsed("--rival", "other"))


def test_beats_told_ahead_are_those_told_when_the_tempo_is_steady() -> None:
    samples = clicks(14.0, 120.0)
    late = [row.time_s for row in track(samples, RATE_HZ, "aubio") if row.time_s > 9]
    early = [row for row in told_ahead(samples, RATE_HZ, "aubio", 0.5) if row.time_s > 9]
    assert len(late) > 5
    assert all(row.time_s - row.announced_s == pytest.approx(0.5) for row in early)
    assert all(min(abs(row.time_s - other) for other in late) < 0.03 for row in early if row.time_s < late[-1])
    assert len(megadance_live(samples, RATE_HZ, "aubio", 0.5).ahead(0.49).times_s) >= len(early)


def test_clips_with_unsure_annotation_are_left_out(tmp_path: Path) -> None:
    rows = ["file\tconfidence", "a.ogg\thigh", "b.ogg\tlow", "c.ogg\tmedium", "d.ogg\thigh"]
    (tmp_path / "index.tsv").write_text("\n".join(rows) + "\n")
    assert clips_in(tmp_path) == ["a", "c", "d"]
    assert clips_in(tmp_path, "1/2") == ["c"]
