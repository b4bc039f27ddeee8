"""The composer makes music on the grid that it is given, in every style, different every time."""

from itertools import pairwise

import numpy as np
import pytest

from megadance_live.audio.composer import compose, draw_sections, draw_song
from megadance_live.audio.dsp import F32
from megadance_live.audio.harmony import SCALES, bass_pitches, chord
from megadance_live.audio.patterns import BASS, CHORD_RHYTHMS, DRUMS, steps
from megadance_live.audio.sequencer import BeatGrid
from megadance_live.audio.styles import STYLE_NAMES, STYLES

RATE_HZ = 15_360
GENRES = {
    "popping", "locking", "house", "krump", "breaking", "waacking", "la_hiphop", "middle_hiphop", "street_jazz",
    "ballet_jazz", "ballet_modern", "salsa", "freestyle",
}  # fmt: skip


def beats(bpm: float = 112.0, count: int = 40, start_s: float = 0.2) -> np.ndarray:
    return start_s + np.arange(count) * 60 / bpm


def piece(style: str, seed: int = 3, grid: np.ndarray | None = None, metre: int = 4, duration_s: float = 9.0) -> F32:
    times = beats() if grid is None else grid
    return compose(style, times, metre, np.random.default_rng(seed), RATE_HZ, duration_s)


def onset_strength(x: F32, frame: int = 128) -> np.ndarray:
    """Rise of the log power of 120 samples' frames above a floor, summed over eight bands."""
    frames = x.mean(axis=1)[: len(x) // frame * frame].reshape(-1, frame) * np.hanning(frame)
    power = np.abs(np.fft.rfft(frames))[:, 1:].reshape(len(frames), 8, -1).sum(axis=2)
    return np.maximum(np.diff(np.log(power + 0.05), axis=0, prepend=np.log(power[:1] + 0.05)), 0).sum(axis=1)


def test_every_genre_has_a_style() -> None:
    assert set(STYLE_NAMES) == GENRES


@pytest.mark.parametrize("style", STYLE_NAMES)
def test_a_piece_is_clean(style: str) -> None:
    x = piece(style)
    assert x.shape == (round(9.0 * RATE_HZ), 2)
    assert x.dtype == np.float32
    assert np.isfinite(x).all()
    assert 0.2 < np.abs(x).max() <= 0.96
    assert np.sqrt((x**2).mean()) > 0.01
    assert np.abs(x.mean(axis=0)).max() < 1e-3
    assert np.abs(x[:, 0] - x[:, 1]).max() > 0.001


def test_the_same_state_gives_the_same_samples_and_another_another_piece() -> None:
    assert np.array_equal(piece("house", 5), piece("house", 5))
    assert not np.array_equal(piece("house", 5), piece("house", 6))
    assert not np.array_equal(piece("house", 5), piece("locking", 5))


@pytest.mark.parametrize("style", ["house", "waacking", "krump"])
def test_onsets_follow_an_uneven_grid(style: str) -> None:
    """Over some pieces with drums, frames on beats rise more than frames half-way between tatums."""
    bent = np.cumsum(0.5 + 0.06 * np.sin(np.arange(30) / 4))
    strength = sum(onset_strength(piece(style, seed, bent, duration_s=13.0)) for seed in range(3))

    def at(times_s: np.ndarray) -> float:
        """Mean of the greatest strength within 25 ms."""
        centre = (times_s[times_s < 12.8] * RATE_HZ / 128).astype(int)
        return float(np.mean([strength[k - 2 : k + 4].max() for k in centre]))

    off = bent[:-1] + 0.14 * np.diff(bent)
    assert at(bent) > 1.5 * at(off)


@pytest.mark.parametrize("metre", [2, 3, 5, 6])
def test_other_metres(metre: int) -> None:
    for style in ("salsa", "ballet_jazz", "house"):
        assert np.abs(piece(style, grid=beats(150), metre=metre, duration_s=4.0)).max() > 0.1


def test_music_reaches_before_the_first_beat_and_beyond_the_last() -> None:
    x = piece("house", 1, grid=beats(count=8, start_s=4.0))
    for part in np.array_split(x, 4):
        assert np.abs(part).max() > 0.02


@pytest.mark.parametrize("times", [[0.0], [0.0, 0.0], [1.0, 0.5]])
def test_a_grid_that_does_not_rise_is_refused(times: list[float]) -> None:
    with pytest.raises(ValueError, match="rising"):
        piece("house", grid=np.array(times))


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(KeyError):
        piece("polka")


def test_the_grid_is_its_own_inverse() -> None:
    grid = BeatGrid(np.array([1.0, 1.5, 2.1, 2.5]))
    for beat in (-3.25, 0.0, 0.5, 2.75, 9.0):
        assert grid.beat_at(grid.time_s(beat)) == pytest.approx(beat)
    assert grid.time_s(1) == 1.5


def test_sections_cover_every_bar_once() -> None:
    song = draw_song(STYLES["locking"], np.random.default_rng(0), 4)
    for seed in range(20):
        sections = draw_sections(song, np.random.default_rng(seed), -2, 37)
        assert sections[0].first_bar <= -2
        assert sections[-1].first_bar + sections[-1].bars >= 37
        for one, following in pairwise(sections):
            assert one.first_bar + one.bars == following.first_bar
            assert one.bars in (4, 8)


def test_patterns_fill_whole_bars() -> None:
    for family, patterns in DRUMS.items():
        for pattern in patterns:
            for line in pattern.values():
                assert len({len(beat) for beat in line.split("|")}) == 1
                assert len(line.split("|")) in ((3,) if family == "waltz" else (4, 8))
                assert set(line) <= set("xo-.|")
    for lines in (*BASS.values(), *CHORD_RHYTHMS.values()):
        for line in lines:
            assert len(line.split("|")) == 4
            assert set(line) <= set("R3578aN_.|")
    assert steps("R...|..5_|____|a___", 3) == "R.....5_____"


def test_styles_name_only_what_exists() -> None:
    """Drawing often enough touches every name; an unknown one raises KeyError."""
    for style in STYLES.values():
        for seed in range(40):
            song = draw_song(style, np.random.default_rng(seed), 4)
            assert song.key in range(12)
            assert song.scale in SCALES


def test_chords_are_in_the_scale_and_near_the_centre() -> None:
    for degree in range(7):
        c = chord(2, "minor", degree, seventh=True, ninth=True, centre=60)
        assert all((n - 2) % 12 in SCALES["minor"] for n in (*c.voicing, c.bass))
        assert all(54 <= n < 66 for n in c.voicing)
        assert 28 <= c.bass < 40
        pitches = bass_pitches(c, chord(2, "minor", 0), 2, "minor")
        assert pitches["8"] == pitches["R"] + 12
        assert all((pitches[k] - 2) % 12 in SCALES["minor"] for k in "R3a")
