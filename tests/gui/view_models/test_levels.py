import math
from dataclasses import replace

import numpy as np
import pytest

from gui.view_models.levels import FALL_DB_PER_S, FLOOR_DB, HOLD_S, LevelsModel, decibels
from megadance_live.remote.board import Status
from megadance_live.remote.client import View
from megadance_live.remote.scope import Scope


def heard(now_s: float, left: float = 0.0, right: float = 0.0, clipped: int = 0, age_s: float = 0.02) -> View:
    peak = np.array([left, right], np.float32)
    scope = Scope(peak=peak, rms=peak / 2, clipped=clipped, column_s=now_s - age_s)
    return View(now_s, connected=True, scope=scope, status=Status(low=0.7, mid=0.4, high=1.3))


@pytest.mark.parametrize(
    ("amplitude", "db"),
    [(1.0, 0.0), (0.5, -6.02), (2.0, 6.02), (0.0, FLOOR_DB), (1e-9, FLOOR_DB), (math.nan, FLOOR_DB)],
)
def test_amplitudes_are_told_in_decibels(amplitude: float, db: float) -> None:
    assert decibels(amplitude) == pytest.approx(db, abs=0.01)


def test_each_channel_has_its_own_meter() -> None:
    model = LevelsModel()
    model.update(heard(10.0, left=1.0, right=0.1))
    assert model.state.left.peak_db == pytest.approx(0.0)
    assert model.state.left.rms_db == pytest.approx(-6.02, abs=0.01)
    assert model.state.right.peak_db == pytest.approx(-20.0)
    assert model.state.peak_db == pytest.approx(0.0)


def test_a_meter_rises_at_once_and_falls_evenly() -> None:
    model = LevelsModel()
    model.update(heard(10.0, left=1.0))
    model.update(heard(10.5, left=0.001))
    assert model.state.left.peak_db == pytest.approx(-0.5 * FALL_DB_PER_S)
    model.update(heard(10.6, left=0.9))
    assert model.state.left.peak_db == pytest.approx(decibels(0.9), abs=1e-4)


def test_a_peak_is_held_and_then_falls() -> None:
    model = LevelsModel()
    model.update(heard(10.0, left=1.0))
    for step in range(1, 15):
        model.update(heard(10.0 + 0.1 * step, left=0.001))
    assert model.state.left.hold_db == pytest.approx(0.0)
    model.update(heard(10.0 + HOLD_S + 0.1, left=0.001))
    assert model.state.left.hold_db < 0.0


def test_a_held_peak_never_falls_below_the_meter() -> None:
    model = LevelsModel()
    model.update(heard(10.0, left=0.5))
    for step in range(1, 200):
        model.update(heard(10.0 + 0.1 * step, left=0.4))
        assert model.state.left.hold_db >= model.state.left.peak_db - 1e-6


def test_a_peak_between_two_looks_is_not_missed() -> None:
    def drawn(now_s: float, column: int, *highest: float) -> View:
        top = np.array(highest, np.float32)
        seen = heard(now_s, left=0.1, right=0.2)
        return replace(seen, scope=replace(seen.scope, column=column, highest=top, lowest=-top / 2))

    model = LevelsModel()
    model.update(drawn(10.0, 3, 1.0, 0.1, 0.1))
    assert model.state.right.peak_db == pytest.approx(decibels(0.2), abs=1e-4)
    model.update(drawn(10.03, 6, 1.0, 0.1, 0.1, 0.1, 0.8, 0.2))
    assert model.state.right.peak_db == pytest.approx(decibels(0.8), abs=1e-4)
    assert model.state.left.peak_db == pytest.approx(decibels(0.1), abs=1e-4)
    model.update(drawn(10.06, 2, 0.9, 0.9))
    assert model.state.right.peak_db < decibels(0.8)


def test_an_input_that_has_stopped_falls_to_silence() -> None:
    model = LevelsModel()
    model.update(heard(10.0, left=1.0, right=1.0))
    assert model.state.low == 0.7
    model.update(heard(14.0, left=1.0, right=1.0, age_s=4.0))
    assert model.state.left.peak_db == FLOOR_DB
    assert model.state.low == 0.0


def test_a_show_that_has_gone_is_silent() -> None:
    model = LevelsModel()
    model.update(replace(heard(10.0, left=1.0), connected=False))
    assert model.state.peak_db == FLOOR_DB


def test_clipping_stays_until_it_is_cleared() -> None:
    model = LevelsModel()
    model.update(heard(10.0, clipped=0))
    model.update(heard(10.1, left=1.0, clipped=3))
    model.update(heard(20.0, clipped=3))
    assert model.state.clipped
    model.clear_clip()
    assert not model.state.clipped
    assert model.state.low == 0.7
    model.update(heard(20.1, clipped=3))
    assert not model.state.clipped


def test_what_clipped_before_the_app_was_opened_is_not_told() -> None:
    model = LevelsModel()
    model.update(heard(10.0, clipped=9))
    assert not model.state.clipped


def test_a_new_engine_counts_anew() -> None:
    model = LevelsModel()
    model.update(heard(10.0, clipped=9))
    model.update(heard(10.1, clipped=0))
    assert not model.state.clipped
    model.update(heard(10.2, clipped=1))
    assert model.state.clipped


def test_bands_stay_within_their_bars() -> None:
    model = LevelsModel()
    model.update(heard(10.0))
    assert (model.state.low, model.state.mid, model.state.high) == (0.7, 0.4, 1.0)
