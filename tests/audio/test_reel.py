"""Audio files of every kind are streamed; bad ones give one clear sentence."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from megadance_live.audio.reel import DemoReel, FileReel
from megadance_live.core.errors import AudioSourceError


def tone(rate_hz: int, channels: int, seconds: float = 1.0) -> np.ndarray:
    t = np.arange(round(rate_hz * seconds)) / rate_hz
    return np.stack([0.5 * np.sin(2 * np.pi * 300 * (c + 1) * t) for c in range(channels)], axis=1).astype(np.float32)


def read_all(reel: FileReel) -> np.ndarray:
    pieces = []
    while len(piece := reel.read(700)):
        pieces.append(piece)
    return np.concatenate(pieces)


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_lossless_files_come_back_as_they_were(suffix: str, channels: int, rate_hz: int, tmp_path: Path) -> None:
    path, x = tmp_path / f"a.{suffix}", tone(rate_hz, channels)
    soundfile.write(path, x, rate_hz, subtype="PCM_16")
    reel = FileReel(str(path))
    assert (reel.name, reel.rate_hz, reel.channels) == (path.name, rate_hz, channels)
    np.testing.assert_allclose(read_all(reel), x, atol=1e-4)
    assert reel.trouble == ""
    reel.seek(0)
    np.testing.assert_allclose(reel.read(1_000), x[:1_000], atol=1e-4)
    reel.close()


@pytest.mark.parametrize("suffix", ["ogg", "mp3"])
def test_lossy_files_sound_as_they_did(suffix: str, tmp_path: Path) -> None:
    path, x = tmp_path / f"a.{suffix}", tone(44_100, 2, 2.0)
    soundfile.write(path, x, 44_100)
    y = read_all(FileReel(str(path)))
    assert y.dtype == np.float32
    assert len(y) == pytest.approx(len(x), abs=3_000)
    for c in range(2):
        spectrum = np.abs(np.fft.rfft(y[:44_100, c]))
        assert abs(int(spectrum.argmax()) - 300 * (c + 1)) <= 1


def test_a_float_file_with_nonsense_in_it_is_made_safe(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.array([0.5, np.nan, np.inf, -np.inf, 3.0], np.float32), 8_000, subtype="FLOAT")
    np.testing.assert_array_equal(FileReel(str(path)).read(10)[:, 0], np.array([0.5, 0, 1, -1, 1], np.float32))


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg"])
def test_a_file_cut_short_is_played_up_to_there(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    rng = np.random.default_rng(0)
    soundfile.write(path, 0.3 * rng.standard_normal((8 * 44_100, 2)).clip(-3, 3), 44_100)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    reel = FileReel(str(path))
    heard = read_all(reel)
    assert len(heard) > 2 * 44_100
    if suffix in ("flac", "mp3"):
        # Of the others libsndfile finds the true length by itself.
        assert f"a.{suffix} cannot be read beyond 0:0" in reel.trouble


@pytest.mark.parametrize("suffix", ["flac", "mp3", "ogg"])
def test_a_file_with_rubbish_in_the_middle_does_not_stop_the_show(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    rng = np.random.default_rng(0)
    soundfile.write(path, 0.3 * rng.standard_normal((8 * 44_100, 2)).clip(-3, 3), 44_100)
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 60_000] = rng.bytes(60_000)
    path.write_bytes(whole)
    reel = FileReel(str(path))
    heard = read_all(reel)
    assert len(heard) > 2 * 44_100
    assert np.isfinite(heard).all()
    reel.seek(0)
    assert len(reel.read(512)) == 512


def test_a_missing_file() -> None:
    with pytest.raises(AudioSourceError, match=r"There is no audio file .*nowhere\.wav: check the path\."):
        FileReel("/nowhere.wav")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(AudioSourceError, match="is not a file"):
        FileReel(str(tmp_path))


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.ogg", "a.raw", "a.txt", "a"])
def test_no_audio(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"To be, or not to be, that is the question. " * 30)
    with pytest.raises(AudioSourceError, match="cannot be read as audio: name a WAV, FLAC, OGG or MP3 file"):
        FileReel(str(path))


def test_an_empty_file_and_one_without_sound(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    with pytest.raises(AudioSourceError, match="is empty"):
        FileReel(str(tmp_path / "a.wav"))
    soundfile.write(tmp_path / "b.wav", np.zeros((0, 2), np.float32), 44_100)
    with pytest.raises(AudioSourceError, match="holds no sound"):
        FileReel(str(tmp_path / "b.wav"))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"x")

    def forbidden(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(AudioSourceError, match=r"cannot be read \(Permission denied\): check its permissions"):
        FileReel(str(path))


def test_the_home_folder_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    soundfile.write(tmp_path / "a.wav", tone(8_000, 1), 8_000)
    assert FileReel("~/a.wav").rate_hz == 8_000


def test_the_demo_reel_reads_and_rewinds(monkeypatch: pytest.MonkeyPatch) -> None:
    track = tone(8_000, 2)
    monkeypatch.setattr("megadance_live.audio.demo_cache.load_demo", lambda rate_hz: track)
    reel = DemoReel(8_000)
    np.testing.assert_array_equal(np.concatenate([reel.read(5_000), reel.read(5_000)]), track)
    assert len(reel.read(10)) == 0
    reel.seek(0)
    np.testing.assert_array_equal(reel.read(10), track[:10])
