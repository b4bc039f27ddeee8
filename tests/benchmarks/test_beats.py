import numpy as np
import pytest

mir_eval = pytest.importorskip("mir_eval", reason="needs mir_eval (pip install '.[dev]')")

from benchmarks.beats import (  # noqa: E402
    Clip,
    Reported,
    calibration,
    changes,
    lock_after,
    scored,
    tempo_right,
)

TRUTH = np.arange(0.5, 40.0, 0.5)
CLIP = Clip("even", np.zeros((1, 1), np.float32), 48_000, TRUTH, TRUTH[::4])


def said(times_s: np.ndarray, lead_s: float = 0.2, sure: float = 0.9) -> Reported:
    return Reported(times_s, times_s - lead_s, np.full(len(times_s), sure), times_s[::4])


def test_the_truth_scores_one_everywhere() -> None:
    score = scored(CLIP, said(TRUTH))
    assert (score.f, score.cmlt, score.amlt, score.downbeat_f) == (1, 1, 1, 1)
    assert score.tempo_right
    assert score.lock_s == 0
    assert np.allclose(score.leads_s, 0.2)


def test_half_a_beat_off_is_right_at_no_level_but_that_of_the_off_beat() -> None:
    score = scored(CLIP, said(TRUTH + 0.25))
    assert score.f == 0
    assert score.cmlt == 0
    assert score.amlt > 0.95
    assert score.lock_s == np.inf


def test_double_tempo_finds_every_beat_and_as_many_more() -> None:
    score = scored(CLIP, said(np.arange(0.5, 40.0, 0.25)))
    assert score.f == pytest.approx(2 / 3, abs=0.01)
    assert not score.tempo_right
    assert score.amlt > 0.95


def test_beats_of_the_first_five_seconds_are_not_scored() -> None:
    assert scored(CLIP, said(TRUTH[TRUTH >= 5])).f == 1


def test_nothing_said_scores_nothing() -> None:
    score = scored(CLIP, said(np.zeros(0)))
    assert (score.f, score.cmlt, score.downbeat_f) == (0, 0, 0)


def test_locked_means_four_right_in_a_row_with_none_between() -> None:
    late = TRUTH[TRUTH >= 10]
    assert lock_after(0.5, late, TRUTH) == pytest.approx(9.5)
    between = np.sort(np.append(TRUTH, np.arange(0.75, 8.0, 1.0)))
    assert lock_after(0.5, between, TRUTH) > 6


def test_a_jump_of_tempo_and_a_pause_are_changes_and_a_ramp_is_not() -> None:
    jump = np.concatenate([np.arange(0, 10, 0.5), np.arange(10, 20, 0.4)])
    assert changes(jump) == [pytest.approx(10.4)]
    pause = np.concatenate([np.arange(0, 10, 0.5), np.arange(14, 24, 0.5)])
    assert changes(pause) == [14.0]
    assert changes(np.cumsum(np.linspace(0.6, 0.4, 40))) == []
    assert changes(TRUTH) == []


def test_tempo_is_right_within_four_per_cent() -> None:
    assert tempo_right(np.arange(0, 20, 0.515), TRUTH)
    assert not tempo_right(np.arange(0, 20, 0.53), TRUTH)


def test_calibration_counts_right_beats_by_confidence() -> None:
    rows = list(calibration([scored(CLIP, said(TRUTH, sure=0.95)), scored(CLIP, said(TRUTH + 0.25, sure=0.35))]))
    assert rows[2].startswith("| 0.3 to 0.4")
    assert rows[2].endswith("0.00 |")
    assert rows[3].startswith("| 0.9 to 1.0")
    assert rows[3].endswith("1.00 |")
