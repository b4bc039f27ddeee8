import pickle

import numpy as np
import pytest

from megadance_live.core.errors import ConfigError
from megadance_live.music.aubio_tracker import AubioState, AubioTracker
from megadance_live.music.features import HopFeatures
from megadance_live.music.manual_tracker import ManualTracker
from megadance_live.music.tracker import HeardHop, make_tracker
from tests.contract import run, verify_contract
from tests.music.rendering import beat_times, clicks, drums

FEATURES = HopFeatures(np.zeros(39, np.float32), False)


def heard(music: np.ndarray) -> list[HeardHop]:
    whole = len(music) // 512
    return [HeardHop(audio, FEATURES) for audio in music[: whole * 512, 0].reshape(-1, 512)]


def test_contract() -> None:
    verify_contract(
        AubioTracker(), lambda seed: heard(drums(120 + 7 * seed, 16, 15_360, seed=seed)), cuts=((1,), (2, 0, 7), (50,))
    )


@pytest.mark.parametrize("render", [clicks, drums])
@pytest.mark.parametrize("bpm", [96, 128, 150])
def test_beats_lie_on_the_sounding_beats(render, bpm) -> None:  # type: ignore[no-untyped-def]
    tracker = AubioTracker()
    out, _ = run(tracker, heard(render(bpm, 20, 15_360)), tracker.initial_state())
    beats = [beat for hop in out for beat in hop if beat.time_s > 8]
    assert len(beats) > 10
    times_s = beat_times(bpm, 20)
    errors_s = [np.abs(times_s - beat.time_s).min() for beat in beats]
    assert np.median(errors_s) < 0.012
    assert np.median([60 / beat.period_s for beat in beats]) == pytest.approx(bpm, rel=0.03)


def test_memory_is_bounded_and_a_late_state_restores() -> None:
    tracker = AubioTracker()
    hops = heard(drums(120, 20, 15_360))
    state = tracker.initial_state()
    begun = set()
    for _ in range(8):
        _, state = tracker.step(hops, state)
        begun.add(state.speaker_begun)
        held = sum(len(chunk) for chunk in state.chunks) + len(state.recent)
        assert held <= 78 * 30
    assert len(begun) > 2, "no younger one ever took over"
    restored: AubioState = pickle.loads(pickle.dumps(state))
    assert restored.live is None
    assert run(tracker, hops, restored)[0] == run(tracker, hops, state)[0]


def test_the_manual_tracker_never_hears() -> None:
    tracker = ManualTracker()
    out, _ = run(tracker, heard(clicks(120, 5, 15_360)), tracker.initial_state())
    assert out == [()] * len(out)


def test_an_unknown_tracker_is_named_with_those_that_exist() -> None:
    assert isinstance(make_tracker("manual"), ManualTracker)
    assert isinstance(make_tracker("aubio"), AubioTracker)
    with pytest.raises(ConfigError, match="aubio, manual"):
        make_tracker("ears")
