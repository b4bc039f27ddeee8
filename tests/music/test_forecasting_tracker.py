import pickle

import numpy as np
import pytest

from megadance_live.core.command import Command
from megadance_live.music.features import FeatureExtractor
from megadance_live.music.forecasting_tracker import ForecastingTracker, ForecastState
from megadance_live.music.tracker import Beat, HeardHop
from tests.contract import verify_contract
from tests.music.bass_ears import BassEars
from tests.music.rendering import beat_times, drums


@pytest.fixture(scope="module")
def tracker() -> ForecastingTracker:
    return ForecastingTracker(BassEars())  # type: ignore[arg-type]


def heard(music: np.ndarray) -> list[HeardHop]:
    whole = len(music) // 512
    hops = music[: whole * 512, 0].reshape(-1, 512)
    extractor = FeatureExtractor()
    features, _ = extractor.step(hops, extractor.initial_state())
    return [HeardHop(audio, row) for audio, row in zip(hops, features, strict=True)]


def forecasts(tracker: ForecastingTracker, music: np.ndarray) -> tuple[list[tuple[Beat, ...]], ForecastState]:
    return tracker.step(heard(music), tracker.initial_state())


def told_before(said: list[tuple[Beat, ...]], lead_s: float) -> list[Beat]:
    """Of each beat the last forecast that was made at least `lead_s` before it."""
    out: list[Beat] = []
    for hop, beats in enumerate(said):
        for beat in beats:
            if beat.time_s - (hop + 1) / 30 < lead_s:
                continue
            if out and abs(out[-1].time_s - beat.time_s) < 0.5 * beat.period_s:
                out[-1] = beat
            else:
                out.append(beat)
    return out


def test_contract(tracker: ForecastingTracker) -> None:
    verify_contract(tracker, lambda seed: heard(drums(120 + 7 * seed, 8, 15_360, seed=seed)), cuts=((1,), (2, 0, 7)))


@pytest.mark.parametrize("bpm", [112, 128, 150])
def test_beats_are_told_before_they_sound(tracker: ForecastingTracker, bpm: float) -> None:
    said, _ = forecasts(tracker, drums(bpm, 16, 15_360))
    told = [beat for beat in told_before(said, 0.15) if 8 < beat.time_s < 15]
    assert len(told) > 0.9 * 7 * bpm / 60
    errors_s = [np.abs(beat_times(bpm, 20) - beat.time_s).min() for beat in told]
    assert np.median(errors_s) < 0.02
    assert np.median([60 / beat.period_s for beat in told]) == pytest.approx(bpm, rel=0.02)
    assert all(beat.forecast for beat in told)


def test_in_silence_nothing_is_forecast_and_the_beat_goes_on(tracker: ForecastingTracker) -> None:
    music = drums(120, 20, 15_360)
    music[(10 * 15_360) : (14 * 15_360)] = 0
    said, _ = forecasts(tracker, music)
    silent = said[(12 * 30) : int(13.9 * 30)]
    assert silent == [()] * len(silent)
    back = next(beats[0] for beats in said[int(14.2 * 30) :] if beats)
    assert np.abs(beat_times(120, 30) - back.time_s).min() < 0.06


def test_digital_silence_raises_nothing_and_forecasts_nothing(tracker: ForecastingTracker) -> None:
    said, _ = forecasts(tracker, np.zeros((15_360 * 4, 1), np.float32))
    assert said == [()] * len(said)


@pytest.mark.parametrize("kind", ["noise", "sine", "chord"])
def test_without_beats_it_is_not_sure(tracker: ForecastingTracker, kind: str) -> None:
    t = np.arange(15_360 * 12) / 15_360
    sounds = {
        "noise": 0.1 * np.random.default_rng(0).standard_normal(len(t)),
        "sine": 0.3 * np.sin(2 * np.pi * 440 * t),
        "chord": sum(0.1 * np.sin(2 * np.pi * hz * t) for hz in (220, 277.2, 329.6)),
    }
    said, _ = forecasts(tracker, np.asarray(sounds[kind], np.float32)[:, None])
    assert max(beat.confidence for beats in said[120:] for beat in beats) < 0.5


def test_half_the_tempo_is_kept_when_the_performer_asks_for_it(tracker: ForecastingTracker) -> None:
    music = heard(drums(128, 20, 15_360))
    said, state = tracker.step(music[: 10 * 30], tracker.initial_state())
    assert 60 / said[-1][0].period_s == pytest.approx(128, rel=0.02)
    said, _ = tracker.step(music[10 * 30 :], tracker.command(Command("bpm_mul", 0.5), 10.0, state))
    assert 60 / said[-1][0].period_s == pytest.approx(64, rel=0.03)


def test_taps_turn_the_beat_to_where_they_are(tracker: ForecastingTracker) -> None:
    music = heard(drums(120, 8, 15_360))
    _, state = tracker.step(music, tracker.initial_state())
    for tap_s in np.arange(6.35, 7.9, 0.5):
        state = tracker.command(Command("tap", None), tap_s, state)
    tapped = tracker.step(music[200:201], state)[0][0][0]
    assert (tapped.time_s - 6.35 + 0.25) % 0.5 - 0.25 == pytest.approx(0, abs=0.05)


def test_other_commands_change_nothing(tracker: ForecastingTracker) -> None:
    state = tracker.initial_state()
    assert pickle.dumps(tracker.command(Command("blackout", True), 1.0, state)) == pickle.dumps(state)
