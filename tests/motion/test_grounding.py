import numpy as np
import pytest

from megadance_live.motion.grounding import CLEAR_M, LEAP_S, GroundState, grounded

DT_S = 1 / 30


def heights(lowest_m: list[float]) -> list[float]:
    """Of the lowest joint, as shown."""
    state, shown = GroundState(), []
    for height in lowest_m:
        state = grounded(height, DT_S, state)
        shown.append(height - state.fallen_m)
    return shown


def test_who_hovers_falls_to_the_floor_within_a_second_and_stays_there() -> None:
    shown = heights([0.0] * 10 + [0.3] * 60)
    assert shown[10 + int(LEAP_S / DT_S) - 2] == 0.3
    assert max(shown[40:]) <= CLEAR_M
    assert min(shown) >= -1e-9


def test_a_leap_is_let_alone() -> None:
    leap = [0.0] * 5 + [0.25 * np.sin(np.pi * i / 12) for i in range(13)] + [0.0] * 5
    assert heights(leap) == leap


def test_nothing_sinks_when_the_body_comes_down_by_itself_and_all_is_forgotten_then() -> None:
    shown = heights([0.3] * 40 + [0.3 - 0.02 * i for i in range(16)] + [0.0] * 10)
    assert min(shown) >= -1e-9
    assert shown[-10:] == pytest.approx([0.0] * 10, abs=1e-6)


def test_no_frame_falls_faster_than_a_body_does() -> None:
    steps = np.diff(heights([0.0] * 5 + [0.8] * 60))[6:]
    assert steps.min() >= -2.0 * DT_S - 1e-9
