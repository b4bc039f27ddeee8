from dataclasses import replace

import numpy as np
import pytest

from gui.view_models.waveform import FUTURE_S, PAST_S, WaveformModel
from megadance_live.core.bar_clock import BarClock
from megadance_live.remote.board import Status
from megadance_live.remote.client import View
from megadance_live.remote.scope import COLUMNS, COLUMNS_HZ, Scope

CLOCK = BarClock(time_s=100.0, bars=20.0, tempo_bpm=120.0)
"""A beat every half second, a bar line at 100 s."""


def seen(now_s: float, clock: BarClock | None = CLOCK, age_s: float = 0.05, count: int = COLUMNS) -> View:
    """A waveform whose column i is as loud as the second, modulo 1, in which it begins."""
    end_s = now_s - age_s
    begins_s = end_s - (count - np.arange(count)) / COLUMNS_HZ
    loud = (begins_s % 1.0).astype(np.float32)
    scope = Scope(column=count, column_s=end_s, lowest=-loud, highest=loud / 2)
    return View(now_s, connected=True, status=Status(clock=clock), scope=scope)


def test_a_column_stands_at_its_time() -> None:
    model = WaveformModel()
    model.update(seen(100.0))
    state = model.state
    assert len(state.amplitude) == pytest.approx((PAST_S - 0.05) * COLUMNS_HZ, abs=2)
    for i in (0, 100, 500):
        assert state.amplitude[i] == pytest.approx((state.first_s + i / COLUMNS_HZ) % 1.0, abs=1e-3)
    assert state.first_s == pytest.approx(state.start_s, abs=1 / COLUMNS_HZ)


def test_the_end_of_the_sound_does_not_flicker_when_it_comes_in_bursts() -> None:
    model = WaveformModel()
    ends_s = []
    for step in range(120):
        now_s = 100.0 + step / 30
        model.update(seen(now_s, age_s=0.02 + 0.1 * (step % 4) / 4))
        ends_s.append(now_s - model.state.first_s - len(model.state.amplitude) / COLUMNS_HZ)
    settled = ends_s[20:]
    assert max(settled) - min(settled) < 0.02


def test_a_short_or_empty_waveform_is_drawn_as_far_as_it_goes() -> None:
    model = WaveformModel()
    model.update(seen(100.0, count=12))
    assert 0 < len(model.state.amplitude) <= 12
    model.update(View(100.1, connected=True))
    assert len(model.state.amplitude) == 0


def test_broken_samples_are_drawn_as_nothing() -> None:
    view = seen(100.0, count=3)
    broken = np.array([np.nan, np.inf, 3.0], np.float32)
    model = WaveformModel()
    model.update(replace(view, scope=replace(view.scope, lowest=broken, highest=broken)))
    assert np.all(np.isfinite(model.state.amplitude))
    assert model.state.amplitude.max() <= 1.0


def test_beats_lie_where_the_clock_says_and_downbeats_are_told_with_their_bar() -> None:
    model = WaveformModel()
    model.update(seen(100.1))
    passed, coming = model.state.passed, model.state.coming
    assert [beat.time_s for beat in passed] == pytest.approx(np.arange(94.5, 100.01, 0.5))
    assert [beat.time_s for beat in coming] == pytest.approx([100.5, 101.0])
    assert {beat.time_s: beat.bar for beat in passed if beat.downbeat} == pytest.approx({96.0: 19, 98.0: 20, 100.0: 21})


def test_the_window_runs_from_left_to_right() -> None:
    model = WaveformModel()
    model.update(seen(100.0))
    state = model.state
    assert state.place(100.0 - PAST_S) == 0.0
    assert state.place(100.0 + FUTURE_S) == pytest.approx(1.0)
    assert 0.8 < state.place(state.now_s) < 0.9


def test_passed_beats_stay_when_the_tempo_is_corrected() -> None:
    model = WaveformModel()
    model.update(seen(100.1))
    before = model.state.passed
    model.update(seen(100.2, replace(CLOCK, tempo_bpm=90.0)))
    assert model.state.passed == before
    assert model.state.coming[0].time_s == pytest.approx(100.0 + 60 / 90)


def test_a_beat_that_the_clock_moves_later_passes_once() -> None:
    model = WaveformModel()
    model.update(seen(100.01))
    model.update(seen(100.02, replace(CLOCK, time_s=100.03)))
    model.update(seen(100.10, replace(CLOCK, time_s=100.03)))
    assert sum(99.9 < beat.time_s < 100.2 for beat in model.state.passed) == 1


def test_a_resync_begins_a_new_count() -> None:
    model = WaveformModel()
    model.update(seen(100.3))
    moved = BarClock(time_s=100.35, bars=5.0, tempo_bpm=120.0, epoch=1)
    model.update(seen(100.4, moved))
    newest = model.state.passed[-1]
    assert (newest.time_s, newest.bar) == (100.35, 6)


def test_another_metre_goes_on() -> None:
    model = WaveformModel()
    model.update(seen(100.1))
    model.update(seen(100.9, replace(CLOCK, beats_per_bar=3, bars=20.0, time_s=100.0)))
    assert model.state.passed[-1].time_s == pytest.approx(100.5)


def test_an_engine_that_began_anew_is_followed() -> None:
    model = WaveformModel()
    model.update(seen(100.1))
    model.update(seen(100.9, BarClock(time_s=100.6, bars=0.0, tempo_bpm=120.0)))
    assert model.state.passed[-1].bar == 1


def test_after_a_pause_the_beats_are_those_of_the_present_clock() -> None:
    model = WaveformModel()
    model.update(seen(100.1))
    model.update(seen(160.1))
    assert len(model.state.passed) == 12


def test_without_a_clock_there_are_no_beats() -> None:
    model = WaveformModel()
    model.update(seen(100.1, clock=None))
    assert model.state.passed == model.state.coming == ()


def test_only_onsets_of_the_window_are_drawn() -> None:
    view = seen(100.0)
    scope = replace(
        view.scope, onset_s=np.array([80.0, 95.0, 99.5]), onset_strength=np.array([1.0, 0.5, 0.25], np.float32)
    )
    model = WaveformModel()
    model.update(replace(view, scope=scope))
    assert model.state.onsets == ((95.0, 0.5), (99.5, 0.25))
