import numpy as np
import pytest

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.music_frame import (
    BEAT,
    BREAK,
    DROP,
    ENERGY_BAR,
    ENERGY_BEAT,
    FEATURE_COUNT,
    FEATURE_RATE_HZ,
    HAT,
    KICK,
    SNARE,
)
from megadance_live.music.features import HopFeatures, extract
from megadance_live.music.form import Form
from megadance_live.music.known_beats import extract_on
from tests.contract import verify_contract
from tests.music.rendering import at_times, beat_times, drums, kick

BPM = 128.0
BAR_S = 240 / BPM


class _FormAsStage:
    """Hops with a free clock of 120 bpm, as the contract feeds a stage."""

    spec = type("Spec", (), {"block": 1})()

    def initial_state(self):  # type: ignore[no-untyped-def]
        return Form().initial_state()

    def step(self, hops, state):  # type: ignore[no-untyped-def]
        out = []
        for hop in hops:
            values, state = Form().step(hop, BarClock(0.0, 0.0, 120.0), state)
            out.append(values)
        return out, state


def hop_of(rng: np.random.Generator, kick: bool) -> HopFeatures:
    features = rng.random(FEATURE_COUNT).astype(np.float32)
    features[[KICK, SNARE, HAT]] = 0.5 * kick, rng.random() > 0.9, rng.random() > 0.7
    return HopFeatures(features, False, tuple(rng.uniform(-30, -10, 4).tolist()))


def test_contract() -> None:
    def hops(seed: int) -> list[HopFeatures]:
        rng = np.random.default_rng(seed)
        return [hop_of(rng, k % 15 == 0) for k in range(300)]

    verify_contract(_FormAsStage(), hops, cuts=((1,), (7, 30)))


def sections(*kinds: str, bars: int = 8) -> np.ndarray:
    """Groove ("full"), held high notes alone ("thin"), or nothing ("still"), one after the other."""
    seconds = bars * BAR_S
    t = np.arange(round(seconds * FEATURE_RATE_HZ)) / FEATURE_RATE_HZ
    pad = (0.05 * np.sin(2 * np.pi * 660 * t) + 0.05 * np.sin(2 * np.pi * 990 * t))[:, None]
    groove = at_times(beat_times(BPM, seconds, first_s=0.0), kick(FEATURE_RATE_HZ), seconds, FEATURE_RATE_HZ)
    bass = (0.1 * np.sin(2 * np.pi * 55 * t))[:, None]
    made = {"full": pad + groove[: len(t)] + bass, "thin": pad, "still": 0 * pad}
    return np.concatenate([made[kind] for kind in kinds]).astype(np.float32)


def heard(samples: np.ndarray) -> np.ndarray:
    beats_s = 60 / BPM * np.arange(len(samples) / FEATURE_RATE_HZ / (60 / BPM) + 2)
    return extract_on(samples, FEATURE_RATE_HZ, beats_s, 4)


def test_a_break_is_noticed_within_a_bar_and_the_drop_within_half_a_bar() -> None:
    features = heard(sections("full", "thin", "full"))
    section = round(8 * BAR_S * 30)
    bar = round(BAR_S * 30)
    groove, thin, back = (features[k * section : (k + 1) * section] for k in range(3))
    assert groove[:, [BREAK, DROP]].max() < 0.5
    assert thin[bar:, BREAK].min() > 0.8
    assert thin[:, DROP].max() < 0.5
    assert back[: bar // 2, DROP].max() > 0.8
    assert back[2 * bar :, BREAK].max() < 0.5
    assert back[-1, DROP] < 0.3


def test_energy_falls_over_a_beat_before_it_falls_over_a_bar() -> None:
    features = heard(sections("full", "thin"))
    cut = round(8 * BAR_S * 30)
    soon = features[cut + round(BAR_S * 30 / 3)]
    assert soon[ENERGY_BEAT] < soon[ENERGY_BAR] < features[cut - 1, ENERGY_BAR]
    assert features[:, ENERGY_BEAT:].min() >= 0
    assert features[:, ENERGY_BEAT:].max() <= 1


def test_silence_has_no_energy_and_no_form() -> None:
    features = heard(sections("full", "still"))
    assert not features[-30 * 5 :, KICK:].any()


@pytest.mark.parametrize("gain_db", [-18.0])
def test_how_loud_the_music_comes_in_does_not_matter(gain_db: float) -> None:
    music = sections("full", "thin", bars=4)
    np.testing.assert_allclose(heard(music)[:, KICK:], heard(music * 10 ** (gain_db / 20))[:, KICK:], atol=0.02)


def test_known_beats_are_marked_in_their_hops() -> None:
    features = extract_on(sections("full", bars=2), FEATURE_RATE_HZ, np.arange(8) * 60 / BPM, 4)
    assert np.flatnonzero(features[:, BEAT]).tolist() == np.floor(np.arange(8) * 60 / BPM * 30).astype(int).tolist()


def test_strokes_of_three_drums_are_told_apart() -> None:
    music = drums(110, 20, FEATURE_RATE_HZ)
    features, _ = extract(music, FEATURE_RATE_HZ)
    strokes = features[:, [KICK, SNARE, HAT]]
    assert strokes.max() <= 1
    assert (strokes[strokes > 0] >= np.float32(0.1)).all()
    assert not (strokes[1:] > 0)[(strokes[:-1] > 0)].any(), "no stroke in the hop after one"
    kicks_s = (np.flatnonzero(strokes[:, 0]) + 1) / 30
    beats_s = beat_times(110, 20)
    assert np.mean([np.any((kicks_s - at_s > 0) & (kicks_s - at_s < 0.1)) for at_s in beats_s[::2]]) > 0.7


def test_strokes_know_no_future() -> None:
    music = drums(126, 6, FEATURE_RATE_HZ)
    other = music.copy()
    other[4 * FEATURE_RATE_HZ :] = 0.3 * np.random.default_rng(0).standard_normal((len(music) - 4 * FEATURE_RATE_HZ, 1))
    first, second = (extract(samples, FEATURE_RATE_HZ)[0] for samples in (music, other))
    np.testing.assert_array_equal(first[:119], second[:119])
