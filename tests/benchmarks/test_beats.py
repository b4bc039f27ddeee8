import numpy as np
import pytest

mir_eval = pytest.importorskip("mir_eval", reason="needs mir_eval (pip install '.[dev]')")

from benchmarks.beat_scores import (  # noqa: E402
    Clip,
    Reported,
    changes,
    interval,
    lock_after,
    pairs,
    runs,
    scored,
    tempo_right,
)
from benchmarks.beats import calibration, intervals, row, seconds  # noqa: E402

TRUTH = np.arange(0.5, 40.0, 0.5)
CLIP = Clip("even", np.zeros((1, 1), np.float32), 48_000, TRUTH, TRUTH[::4])


def said(times_s: np.ndarray, lead_s: float = 0.2, sure: float = 0.9) -> Reported:
    count = len(times_s)
    return Reported(times_s, times_s - lead_s, np.arange(count) % 4 + 1, np.full(count, sure))


def test_the_truth_scores_one_everywhere() -> None:
    score = scored(CLIP, said(TRUTH))
    assert (score.f, score.cmlt, score.amlt, score.downbeat_f) == (1, 1, 1, 1)
    assert score.tempo_right
    assert not score.half_off
    assert score.off_beat_share == 0
    assert score.lock_s == 0
    assert np.allclose(score.leads_s, 0.2)


def test_half_a_beat_off_is_right_at_no_level_but_that_of_the_off_beat() -> None:
    score = scored(CLIP, said(TRUTH + 0.25))
    assert score.f == 0
    assert score.half_off
    assert score.off_beat_share > 0.95
    assert score.cmlt == 0
    assert score.amlt > 0.95
    assert score.lock_s == np.inf


def test_double_tempo_finds_every_beat_and_as_many_more_and_is_not_off() -> None:
    score = scored(CLIP, said(np.arange(0.5, 40.0, 0.25)))
    assert score.f == pytest.approx(2 / 3, abs=0.01)
    assert not score.tempo_right
    assert not score.half_off
    assert score.off_beat_share == 0
    assert score.amlt > 0.95


def test_beats_of_the_first_five_seconds_are_not_scored() -> None:
    assert scored(CLIP, said(TRUTH[TRUTH >= 5])).f == 1


def test_nothing_said_scores_nothing() -> None:
    score = scored(CLIP, said(np.zeros(0)))
    assert (score.f, score.cmlt, score.downbeat_f, score.off_beat_share) == (0, 0, 0, 0)


def test_a_beat_reported_late_falls_when_it_is_reported() -> None:
    assert scored(CLIP, said(TRUTH, lead_s=-0.06)).f == 1
    late = scored(CLIP, said(TRUTH, lead_s=-0.09))
    assert late.f == 0


def test_what_was_not_known_so_long_before_does_not_count_ahead() -> None:
    known = said(TRUTH)
    assert len(known.ahead(0.15).times_s) == len(TRUTH)
    assert len(known.ahead(0.25).times_s) == 0


def test_locked_means_four_right_in_a_row_with_none_between() -> None:
    late = TRUTH[TRUTH >= 10]
    assert lock_after(0.5, late, TRUTH) == pytest.approx(9.5)
    between = np.sort(np.append(TRUTH, np.arange(0.75, 8.0, 1.0)))
    assert lock_after(0.5, between, TRUTH) > 6


def test_runs_are_four_or_more_in_a_row() -> None:
    found = np.concatenate([TRUTH[:5], TRUTH[8:11], TRUTH[20:30]])
    assert runs(pairs(found, TRUTH)) == [5, 10]


def test_a_jump_of_tempo_and_a_pause_are_changes_and_a_ramp_is_not() -> None:
    jump = np.concatenate([np.arange(0, 10, 0.5), np.arange(10, 20, 0.4)])
    assert changes(jump) == ([pytest.approx(10.4)], [])
    pause = np.concatenate([np.arange(0, 10, 0.5), np.arange(14, 24, 0.5)])
    assert changes(pause) == ([], [14.0])
    assert changes(np.cumsum(np.linspace(0.6, 0.4, 40))) == ([], [])
    assert changes(TRUTH) == ([], [])


def test_recovery_is_told_apart_by_what_it_recovers_from() -> None:
    truth = np.concatenate([np.arange(0.5, 20, 0.5), np.arange(25.0, 40.0, 0.5)])
    heard = np.concatenate([np.arange(0.5, 20, 0.5), np.arange(26.0, 40.0, 0.5)])
    score = scored(Clip("pause", np.zeros((1, 1), np.float32), 48_000, truth, truth[::4]), said(heard))
    assert score.after_jumps_s == ()
    assert score.after_pauses_s == (1.0,)


def test_tempo_is_right_within_four_per_cent() -> None:
    assert tempo_right(np.arange(0, 20, 0.515), TRUTH)
    assert not tempo_right(np.arange(0, 20, 0.53), TRUTH)


def test_the_interval_holds_the_mean_and_is_narrower_with_more_clips() -> None:
    values = np.random.default_rng(0).uniform(0, 1, 400)
    few, many = interval(list(values[:20])), interval(list(values))
    assert few[0] < values[:20].mean() < few[1]
    assert many[0] < values.mean() < many[1]
    assert many[1] - many[0] < 0.5 * (few[1] - few[0])
    assert interval([0.5]) == (0.5, 0.5)


def test_a_row_has_a_cell_for_each_heading_also_where_nothing_was_said() -> None:
    from benchmarks.beats import HEAD

    for score in (scored(CLIP, said(TRUTH)), scored(CLIP, said(np.zeros(0)))):
        assert row("one", [score]).count("|") == HEAD.splitlines()[0].count("|")
    assert seconds([1.0, 2.0, np.inf]) == "2.0"
    assert seconds([1.0, np.inf, np.inf]) == "never"


def test_differences_are_between_the_same_clips() -> None:
    good, bad = [scored(CLIP, said(TRUTH))] * 3, [scored(CLIP, said(TRUTH + 0.25))] * 3
    *_, last = intervals({"good": good, "bad": bad})
    assert last.startswith("| good before bad | +1.000 (+1.000 to +1.000) |")


def test_calibration_counts_right_beats_by_confidence() -> None:
    rows = list(calibration([scored(CLIP, said(TRUTH, sure=0.95)), scored(CLIP, said(TRUTH + 0.25, sure=0.35))]))
    assert rows[2].startswith("| 0.3 to 0.4")
    assert rows[2].endswith("0.00 |")
    assert rows[3].startswith("| 0.9 to 1.0")
    assert rows[3].endswith("1.00 |")
