import pytest

from megadance_live.core.tempo_range import FASTEST_BPM, SLOWEST_BPM, TempoRange


def test_a_limit_takes_the_other_along() -> None:
    assert TempoRange(80, 100).from_low(165) == TempoRange(165, 165)
    assert TempoRange(165, 180).to_high(100) == TempoRange(100, 100)
    assert TempoRange(80, 100).from_low(90).to_high(95) == TempoRange(90, 95)


@pytest.mark.parametrize(
    ("bpm", "octaves"),
    [(128, 0), (120, 0), (133, 0), (64, 1), (256, -1), (32, 2), (100, 0), (150, 0), (75, 1)],
)
def test_a_tempo_is_brought_as_near_as_octaves_can(bpm: float, octaves: int) -> None:
    assert TempoRange(118, 130).octaves_into(bpm) == octaves


@pytest.mark.parametrize("bpm", [SLOWEST_BPM, 60, 119, 240, FASTEST_BPM])
def test_the_whole_range_changes_nothing(bpm: float) -> None:
    assert TempoRange().octaves_into(bpm) == 0


def test_less_than_an_octave_fixes_the_octave() -> None:
    assert TempoRange(90, 179).fixes_octave
    assert not TempoRange(90, 180).fixes_octave


def test_times_moves_both_limits_and_stays_where_tempi_are() -> None:
    assert TempoRange(165, 180).times(0.5) == TempoRange(82.5, 90)
    assert TempoRange(100, 200).times(2) == TempoRange(200, FASTEST_BPM)
