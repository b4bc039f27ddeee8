"""The demo track: its grid, its level, its seam, and its cache."""

from pathlib import Path

import numpy as np
import pytest

from megadance_live.audio import demo_cache
from megadance_live.audio.demo import DEMO_BPM, DEMO_VERSION, demo_beats, demo_frames, render_demo
from megadance_live.audio.dsp import F32

RATE_HZ = 8_000


@pytest.fixture(scope="module")
def track() -> F32:
    return render_demo(RATE_HZ)


def bars_of(track: F32, first: int, last: int) -> F32:
    bar = 4 * 60 / DEMO_BPM * RATE_HZ
    return track[round(first * bar) : round(last * bar)]


def test_a_tempo_to_dance_to_and_whole_bars() -> None:
    assert 118 <= DEMO_BPM <= 124
    beats = demo_beats()
    assert len(beats) % 16 == 0
    assert beats[0] == 0
    np.testing.assert_allclose(np.diff(beats), 60 / DEMO_BPM)
    # A pass is whole beats to a quarter of a microsecond, so that hours of passes stay on the grid.
    assert demo_frames(48_000) / 48_000 == pytest.approx(len(beats) * 60 / DEMO_BPM, abs=1e-6)
    assert 80 < demo_frames(48_000) / 48_000 < 100


def test_clean(track: F32) -> None:
    assert track.shape == (demo_frames(RATE_HZ), 2)
    assert track.dtype == np.float32
    assert 0.8 < np.abs(track).max() < 0.92
    assert np.abs(track.mean(axis=0)).max() < 1e-3
    rms = float(np.sqrt((track**2).mean()))
    assert 8 < 20 * np.log10(np.abs(track).max() / rms) < 18
    assert np.std(track[:, 0] - track[:, 1]) > 0.05 * np.std(track.sum(axis=1))


def test_it_has_a_form(track: F32) -> None:
    """The drop is the loudest; the break has no kick."""

    def level(first: int, last: int) -> float:
        return float(np.std(bars_of(track, first, last)))

    drop = level(28, 44)
    assert all(drop > level(*part) for part in ((0, 4), (4, 12), (20, 24), (24, 28), (44, 48)))
    crest_in_break = np.abs(bars_of(track, 20, 24)).max()
    assert crest_in_break < np.abs(bars_of(track, 4, 12)).max()


def test_kicks_are_on_the_beat(track: F32) -> None:
    low = np.abs(bars_of(track, 0, 4).mean(axis=1))
    beat = 60 / DEMO_BPM * RATE_HZ
    for k in range(1, 13):  # a fill plays over the last beats of bar 4
        at = round(k * beat)
        assert low[at : at + 80].max() > 2.5 * low[at - 200 : at - 20].max()


def test_the_seam_is_no_louder_than_any_other_beat(track: F32) -> None:
    steps = np.abs(np.diff(np.concatenate([track[-200:], track[:200]]), axis=0)).max(axis=1)
    inside = np.abs(np.diff(track, axis=0)).max()
    assert steps.max() <= inside
    assert steps[199] < 0.25 * inside


def test_rendering_is_reproducible(track: F32) -> None:
    assert np.array_equal(track, render_demo(RATE_HZ))


def test_cached_equals_rendered(track: F32, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert np.array_equal(demo_cache.load_demo(RATE_HZ, tmp_path), track)
    assert [p.name for p in tmp_path.iterdir()] == [f"demo-{DEMO_VERSION}-{RATE_HZ}.flac"]
    monkeypatch.setattr(demo_cache, "render_demo", lambda rate_hz: pytest.fail("rendered again"))
    assert np.array_equal(demo_cache.load_demo(RATE_HZ, tmp_path), track)


@pytest.mark.parametrize("damage", ["cut", "rubbish", "folder"])
def test_a_damaged_cache_is_rendered_again(
    damage: str, track: F32, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_cache, "render_demo", lambda rate_hz: track)
    demo_cache.load_demo(RATE_HZ, tmp_path)
    path = next(tmp_path.iterdir())
    if damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(path.read_bytes()[:50_000] if damage == "cut" else b"no music")
    assert np.array_equal(demo_cache.load_demo(RATE_HZ, tmp_path), track)


def test_without_a_cache_it_plays_all_the_same(track: F32, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_cache, "render_demo", lambda rate_hz: track)
    (tmp_path / "file").write_text("in the way")
    assert np.array_equal(demo_cache.load_demo(RATE_HZ, tmp_path / "file" / "cache"), track)

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("soundfile.write", full)
    assert np.array_equal(demo_cache.load_demo(RATE_HZ, tmp_path / "other"), track)
    assert list((tmp_path / "other").iterdir()) == []
