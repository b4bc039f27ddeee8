import numpy as np
import pytest

from megadance_live.core.music_frame import (
    BEAT,
    CHROMA,
    FEATURE_COUNT,
    FEATURE_RATE_HZ,
    HIGH,
    LOUDNESS,
    LOW,
    MFCC,
    MID,
    ONSET,
    PEAK,
)
from megadance_live.music.features import FeatureExtractor, extract
from megadance_live.music.resample import Resampler
from tests.contract import run, verify_contract
from tests.music.rendering import at_times, beat_times, click, clicks, drums

RATE_HZ = 48_000


def test_contract() -> None:
    def hops(seed: int) -> np.ndarray:
        music = drums(100 + 10 * seed, 6, FEATURE_RATE_HZ, seed=seed)
        stage = Resampler(FEATURE_RATE_HZ)
        return stage.step(music, stage.initial_state())[0]

    verify_contract(FeatureExtractor(), hops, cuts=((1,), (2, 0, 7), (50,)))


def test_features_lie_in_their_ranges() -> None:
    features, silent = extract(drums(124, 20), RATE_HZ)
    assert features.shape == (len(silent), FEATURE_COUNT)
    assert features.dtype == np.float32
    assert len(features) >= 20 * 30 - 1
    assert np.isfinite(features).all()
    assert np.abs(features).max() <= 3.0
    unit = features[:, [*range(CHROMA.start, CHROMA.stop), PEAK, LOUDNESS, LOW, MID, HIGH]]
    assert unit.min() >= 0
    assert unit.max() <= 1.0001
    assert not features[:, BEAT].any()
    assert not silent[5:].any()


def test_features_are_normalised() -> None:
    features, _ = extract(drums(124, 40), RATE_HZ)
    settled = features[20 * 30 :]
    assert np.abs(settled[:, MFCC].mean(axis=0)).max() < 0.5
    assert 0.5 < settled[:, MFCC].std(axis=0).mean() < 1.3
    assert 0.7 < np.sqrt(np.mean(settled[:, ONSET] ** 2)) < 1.3
    assert 0.4 < settled[:, LOUDNESS].mean() < 0.9
    np.testing.assert_allclose(np.linalg.norm(settled[:, CHROMA], axis=1), 1.0, atol=1e-4)


@pytest.mark.parametrize("gain_db", [-24, -12, 6])
def test_level_does_not_matter(gain_db: float) -> None:
    music = drums(124, 10)
    loud, loud_silent = extract(music, RATE_HZ)
    quiet, quiet_silent = extract(music * np.float32(10 ** (gain_db / 20)), RATE_HZ)
    np.testing.assert_array_equal(loud_silent, quiet_silent)
    assert np.abs(loud - quiet).mean() < 1e-3


def test_music_that_suddenly_comes_in_quieter_is_soon_heard_as_before() -> None:
    music = drums(124, 60)
    music[30 * RATE_HZ :] *= np.float32(10 ** (-18 / 20))
    features, _ = extract(music, RATE_HZ)
    before, after = features[24 * 30 : 30 * 30], features[54 * 30 :]
    assert after[:, LOUDNESS].mean() == pytest.approx(before[:, LOUDNESS].mean(), abs=0.15)
    assert after[:, ONSET].std() == pytest.approx(before[:, ONSET].std(), rel=0.3)


def test_onsets_are_heard_in_the_frame_in_which_they_sound() -> None:
    seconds, bpm = 12, 120
    # Away from the frame borders, so that each click falls well within its frame.
    times_s = beat_times(bpm, seconds, first_s=0.51)
    features, _ = extract(at_times(times_s, click(RATE_HZ), seconds, RATE_HZ), RATE_HZ)
    peaks = np.flatnonzero(features[:, PEAK])
    frames = np.floor(times_s * 30).astype(int)
    hits = [np.any((peaks - frame >= 0) & (peaks - frame <= 1)) for frame in frames[1:]]
    assert all(hits)
    assert len(peaks) <= 2 * len(frames)
    assert features[peaks, ONSET].min() > 1.0


def test_a_chord_lights_its_pitch_classes() -> None:
    t = np.arange(5 * RATE_HZ) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * t) for note in (48, 64, 67))  # C, E, G
    features, _ = extract((0.1 * chord).astype(np.float32)[:, None], RATE_HZ)
    chroma = features[-1, CHROMA]
    assert set(np.argsort(chroma)[-3:]) == {0, 4, 7}


@pytest.mark.parametrize(("tone_hz", "band"), [(60, LOW), (600, MID), (5000, HIGH)])
def test_band_levels_follow_their_band(tone_hz: float, band: int) -> None:
    t = np.arange(6 * RATE_HZ) / RATE_HZ
    music = drums(120, 6)
    music[: 5 * RATE_HZ] *= np.float32(0.5)
    music[5 * RATE_HZ :] *= np.float32(0.01)
    music[5 * RATE_HZ :, 0] += 0.3 * np.sin(2 * np.pi * tone_hz * t[5 * RATE_HZ :]).astype(np.float32)
    features, _ = extract(music, RATE_HZ)
    levels = features[-1, LOW : HIGH + 1]
    assert np.argmax(levels) == band - LOW


def test_silence_is_said_after_a_moment_and_music_is_heard_at_once() -> None:
    music = np.concatenate([np.zeros((RATE_HZ, 1)), clicks(120, 4), np.zeros((3 * RATE_HZ, 1)), clicks(120, 2)])
    features, silent = extract(music.astype(np.float32), RATE_HZ)
    assert silent[:30].all()
    assert not silent[35 : 5 * 30].any(), "silence between two beats is part of the music"
    assert silent[7 * 30 : 8 * 30].all()
    assert not silent[8 * 30 + 5 :].any()
    assert not features[silent].any()


def test_hiss_at_the_gate_does_not_flicker() -> None:
    rng = np.random.default_rng(0)
    hiss = 10 ** (-69 / 20) * rng.standard_normal((10 * RATE_HZ, 1))
    hiss[3 * RATE_HZ : 4 * RATE_HZ] *= 10
    _, silent = extract(hiss.astype(np.float32), RATE_HZ)
    assert np.count_nonzero(np.diff(silent.astype(int))) <= 2


@pytest.mark.parametrize(
    "broken",
    [
        np.zeros((RATE_HZ, 2)),
        np.full((RATE_HZ, 2), 0.7),
        np.full((RATE_HZ, 2), np.nan),
        np.full((RATE_HZ, 2), np.inf),
        np.full((RATE_HZ, 2), 1e38),
        100 * np.random.default_rng(0).standard_normal((RATE_HZ, 2)),
        np.where(np.random.default_rng(0).random((RATE_HZ, 2)) < 0.1, np.nan, 0.1),
    ],
    ids=["silence", "dc", "nan", "inf", "huge", "clipped", "holes"],
)
def test_broken_input_gives_numbers(broken: np.ndarray) -> None:
    music = np.concatenate([np.tile(drums(120, 1), 2), broken, np.tile(drums(120, 1), 2)]).astype(np.float32)
    features, _ = extract(music, RATE_HZ)
    assert np.isfinite(features).all()
    assert np.abs(features).max() <= 3.0


def test_a_constant_offset_changes_little() -> None:
    music = drums(120, 6)
    plain, _ = extract(music, RATE_HZ)
    shifted, _ = extract(music + np.float32(0.2), RATE_HZ)
    assert np.abs(plain[15:] - shifted[15:]).mean() < 0.02


def test_every_rate_hears_the_same() -> None:
    reference, _ = extract(drums(120, 6, 48_000), 48_000)
    for rate_hz in (44_100, 96_000):
        other, _ = extract(drums(120, 6, rate_hz), rate_hz)
        frames = min(len(reference), len(other))
        for column in (LOUDNESS, LOW):
            assert np.corrcoef(reference[30:frames, column], other[30:frames, column])[0, 1] > 0.95


def test_no_audio_gives_no_frames() -> None:
    features, silent = extract(np.zeros((0, 2), np.float32), RATE_HZ)
    assert features.shape == (0, FEATURE_COUNT)
    assert silent.shape == (0,)


def test_extract_is_the_stream() -> None:
    music = drums(110, 3.3)
    resampler, extractor = Resampler(RATE_HZ), FeatureExtractor()
    hops, _ = run(resampler, music, resampler.initial_state(), [333, 1024])
    rows, _ = run(extractor, np.array(hops), extractor.initial_state(), [1])
    features, silent = extract(music, RATE_HZ)
    np.testing.assert_array_equal(features, [row.features for row in rows])
    np.testing.assert_array_equal(silent, [row.silent for row in rows])
