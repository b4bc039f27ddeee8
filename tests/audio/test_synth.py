"""Every one-shot is clean: finite, without clicks at its ends, near full scale, in tune."""

import numpy as np
import pytest

from megadance_live.audio.drums import KITS, LANE_GAIN, LANE_PAN, one_shots
from megadance_live.audio.voices import BASSES, CHORDS, LEADS, Voice, note, pitch_hz

RATE_HZ = 16_000
VOICES = {**BASSES, **CHORDS, **LEADS}


@pytest.mark.parametrize("kit", KITS)
def test_kits_are_complete_and_clean(kit: str) -> None:
    shots = one_shots(KITS[kit], RATE_HZ)
    assert set(LANE_GAIN) == set(shots) >= set(LANE_PAN)
    for shot in shots.values():
        assert shot.dtype == np.float32
        assert np.isfinite(shot).all()
        assert np.abs(shot).max() == pytest.approx(1)
        assert abs(shot[0]) < 0.01
        assert abs(shot[-1]) < 0.01
        assert not shot.flags.writeable


def test_kits_differ() -> None:
    kicks = [one_shots(kit, RATE_HZ)["kick"][:1_000] for kit in KITS.values()]
    assert len({k.tobytes() for k in kicks}) == len(KITS)


def test_a_kick_is_low_and_a_hat_is_high() -> None:
    shots = one_shots(KITS["electronic"], 48_000)

    def centre_hz(shot: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(shot, 48_000)) ** 2
        return float((power * np.arange(len(power))).sum() / power.sum())

    assert centre_hz(shots["kick"]) < 200
    assert centre_hz(shots["snare"]) > 200
    assert centre_hz(shots["hat"]) > 6_000


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)
def test_notes_are_clean_and_in_tune(voice: Voice) -> None:
    sound = note(voice, 57, RATE_HZ)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert 0.2 < np.abs(sound).max() <= 1.15
    assert abs(sound[-1]) < 0.01
    assert not sound.flags.writeable
    body = sound[800 : 800 + 6_000] * np.hanning(6_000)
    power = np.abs(np.fft.rfft(body, RATE_HZ)) ** 2
    assert power[int(pitch_hz(57)) - 8 : int(pitch_hz(57)) + 9].max() > 1e-3 * power.max()


def test_takes_of_a_note_differ_but_each_is_always_the_same() -> None:
    pad = CHORDS["pad"]
    first = note(pad, 60, RATE_HZ).copy()
    assert not np.array_equal(first, note(pad, 60, RATE_HZ, take=1))
    note.cache_clear()
    assert np.array_equal(first, note(pad, 60, RATE_HZ))


def test_no_harmonic_lies_beyond_half_the_rate() -> None:
    """An aliased partial would fall between the harmonics of a high saw."""
    plain = Voice(bright=60, dark=60, decay_s=None, length_s=1.0)
    midi = 93
    spectrum = np.abs(np.fft.rfft(note(plain, midi, RATE_HZ) * np.hanning(RATE_HZ)))
    hz = np.arange(len(spectrum))
    distance = np.abs(hz / pitch_hz(midi) - np.round(hz / pitch_hz(midi))) * pitch_hz(midi)
    assert spectrum[distance > 40].max() < 0.02 * spectrum.max()
