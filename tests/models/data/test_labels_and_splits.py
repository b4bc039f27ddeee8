from pathlib import Path, PurePath

import pytest

from megadance_live.audio.styles import STYLE_NAMES
from megadance_live.core.errors import DataError
from models.data.genres import AIST_CODES, STYLE_OF, Genres, style_of
from models.data.sources.labels import Labels
from models.data.sources.source import Wishes
from models.data.sources.splits import HELD_OUT, by_group, group_of, held_out


def test_every_genre_has_a_style_that_the_composer_knows() -> None:
    assert set(STYLE_OF.values()) <= set(STYLE_NAMES)
    assert set(STYLE_NAMES) <= set(STYLE_OF)
    assert set(AIST_CODES.values()) <= set(STYLE_OF)
    assert style_of("a genre of my own") in STYLE_NAMES


def test_the_document_names_every_genre() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "data.md").read_text(encoding="utf-8")
    named = text.split("Genres known:")[1].split(".")[0]
    assert {genre.strip() for genre in named.split(",")} == set(STYLE_OF)


@pytest.mark.parametrize(
    ("written", "genre"),
    [
        ("Street Jazz", "street_jazz"), ("street-jazz", "street_jazz"), ("Jazz", "jazz"), ("jazz", "jazz"),
        ("Tai", "dai"), ("Dai", "dai"), ("Uighur", "uighur"), ("Wei", "uighur"), ("Hmong", "hmong"),
        ("Miao", "hmong"), ("Hiphop", "hiphop"), ("B-Boy", "breaking"), ("polka", None), ("", None),
    ],
)  # fmt: skip
def test_genres_are_known_however_they_are_written(written: str, genre: str | None) -> None:
    assert Genres().known(written) == genre


def test_a_genre_of_ones_own_is_known_once_it_is_named() -> None:
    assert Genres(["polka"]).known("Polka") == "polka"


def test_labels_come_from_the_table_then_folders_then_names_then_the_wish(tmp_path: Path) -> None:
    (tmp_path / "genres.csv").write_text(
        "pattern,genre\n# mine\nsession1/*,Krump\n*_slow.bvh,ballet\n*_odd.bvh,polka\n", encoding="utf-8"
    )
    labels = Labels(tmp_path, Wishes(genre="freestyle"))
    cases = {
        "session1/a.bvh": "krump",
        "other/b_slow.bvh": "ballet_modern",
        "B-Boys/House/take/c.bvh": "house",
        "x/kthjazz_gCH_sFM_cAll_d02_mCH_ch01.bvh": "charleston",
        "x/d.bvh": "freestyle",
    }
    assert {path: labels.genre_of(PurePath(path)) for path in cases} == cases
    with pytest.raises(DataError, match="unknown genre 'polka'"):
        labels.genre_of(PurePath("x/e_odd.bvh"))
    with pytest.raises(DataError, match=r"name it in genres\.csv"):
        Labels(tmp_path, Wishes()).genre_of(PurePath("x/d.bvh"))


@pytest.mark.parametrize("content", [b"only one column\n", b"\xff\xfe\x00", b"a.bvh,\n"])
def test_a_table_that_cannot_be_understood_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "genres.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"genres\.csv"):
        Labels(tmp_path, Wishes())


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("gBR_sBM_cAll_d04_mBR0_ch01.pkl", "gBR_sFM_cAll_d04_mBR5_ch09.pkl", True),
        ("gBR_sBM_cAll_d04_mBR0_ch01.pkl", "gBR_sBM_cAll_d05_mBR0_ch01.pkl", False),
        ("CMU/60/60_01_poses.npz", "CMU/60/60_12_poses.npz", True),
        ("CMU/60/60_01_poses.npz", "CMU/61/61_01_poses.npz", False),
        ("anna take 1.bvh", "anna take 2.bvh", True),
        ("anna_01.bvh", "berta_01.bvh", False),
        ("day1/dance.bvh", "day2/dance.bvh", False),
    ],
)
def test_takes_of_one_dancer_stay_together(one: str, other: str, together: bool) -> None:
    assert (group_of(PurePath(one)) == group_of(PurePath(other))) == together


def test_about_one_group_in_ten_is_held_out_and_always_the_same() -> None:
    groups = [f"dancer {n}" for n in range(2000)]
    share = sum(map(held_out, groups)) / len(groups)
    assert share == pytest.approx(HELD_OUT, abs=0.02)
    paths = [PurePath(f"person{n}x/take_01.bvh") for n in range(300)]
    split_of = by_group(paths)
    assert {path: split_of(path) for path in paths} == {path: by_group([*paths[:7], path])(path) for path in paths}
    assert 10 < sum(split_of(path) == "test" for path in paths) < 60


def test_something_is_always_left_to_train_on() -> None:
    path = next(p for p in (PurePath(f"a{n}x/b.bvh") for n in range(1000)) if held_out(group_of(p)))
    assert by_group([path])(path) == "train"
