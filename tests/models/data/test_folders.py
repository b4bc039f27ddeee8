"""Any kind of folder: what it is, and what it holds."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core.errors import DataError
from models.data.clips import Clip, Skipped
from models.data.genres import Genres
from models.data.sources.folders import list_clips, load_clips, read_clips, recognise
from models.data.sources.source import Entry, Wishes, read_entry
from tests.models.data import skeletons
from tests.models.data.test_aist import write as write_aist
from tests.models.data.test_amass import write as write_amass
from tests.models.data.test_finedance import write as write_finedance
from tests.models.made_up import write_data


def bvh(path: Path) -> None:
    skeletons.write(path, skeletons.MIXAMO, skeletons.swings(skeletons.MIXAMO, 60), np.zeros((60, 3)))


def test_each_kind_is_recognised_by_what_lies_in_it(tmp_path: Path) -> None:
    write_data(tmp_path / "manifest")
    write_aist(tmp_path / "aist" / "motions" / "gKR_sBM_cAll_d28_mKR2_ch01.pkl")
    write_finedance(tmp_path / "finedance", "001")
    write_amass(tmp_path / "amass" / "CMU" / "a.npz")
    bvh(tmp_path / "bvh" / "x" / "a.BVH")
    for kind in ("manifest", "aist", "finedance", "amass", "bvh"):
        assert recognise(tmp_path / kind) == kind
    assert recognise(tmp_path / "aist" / "motions") == "aist"


def test_folders_that_hold_nothing_or_two_kinds_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no folder"):
        recognise(tmp_path / "missing")
    with pytest.raises(DataError, match="holds no dance"):
        recognise(tmp_path)
    (tmp_path / "report.md").touch()
    with pytest.raises(DataError, match="name the folder of the data itself"):
        recognise(tmp_path)
    (tmp_path / "report.md").unlink()
    write_amass(tmp_path / "krump" / "a.npz")
    bvh(tmp_path / "krump" / "b.bvh")
    with pytest.raises(DataError, match="--from amass or --from bvh"):
        recognise(tmp_path)
    assert [entry.name for entry in list_clips(tmp_path, kind="bvh").entries] == ["krump_b.bvh"]
    with pytest.raises(DataError, match="no dance of the kind aist"):
        list_clips(tmp_path, kind="aist")


def test_clips_are_read_one_by_one_when_they_are_asked_for(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        bvh(tmp_path / "krump" / f"{name}.bvh")
    reading = read_clips(list_clips(tmp_path))
    assert isinstance(next(reading), Clip)
    shutil.rmtree(tmp_path / "krump")
    gone = next(reading)
    assert isinstance(gone, Skipped)
    assert gone.why == "it cannot be read (No such file or directory)"


def test_two_clips_of_one_name_are_not_both_kept(tmp_path: Path) -> None:
    bvh(tmp_path / "krump" / "a_b.bvh")
    bvh(tmp_path / "krump" / "a" / "b.bvh")
    listing = list_clips(tmp_path)
    assert len(listing.entries) == 1
    assert "the name of another clip" in listing.skipped[0].why


def test_whatever_a_broken_file_raises_becomes_a_reason() -> None:
    def broken() -> Clip:
        raise MemoryError

    skipped = read_entry(Entry("a", broken))
    assert skipped == Skipped("a", "it does not fit into memory")


def test_unknown_genres_and_missing_files_of_a_manifest_are_left_out(tmp_path: Path) -> None:
    write_data(tmp_path, clips=4)
    manifest = tmp_path / "manifest.csv"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("house", "polka")
    lines[2] = lines[2].replace("krump", "")
    (tmp_path / "clip2.npz").unlink()
    manifest.write_text("\n".join(lines) + "\n,house,train,captured,CC0\n", encoding="utf-8")
    clips, skipped = load_clips(tmp_path)
    assert [clip.name for clip in clips] == ["clip3.npz"]
    assert {one.name: one.why for one in skipped} == {
        "clip0.npz": "its genre 'polka' is not known; write it otherwise or --new-genre it",
        "clip1.npz": "it has no genre",
        "clip2.npz": "it cannot be read (No such file or directory)",
        "(no file named)": "a line of manifest.csv names no file",
    }
    named = list_clips(tmp_path, Wishes(genre="krump", genres=Genres(["polka"])))
    assert len(named.entries) == 4


def test_a_manifest_may_name_music(tmp_path: Path) -> None:
    write_data(tmp_path, clips=2)
    manifest = tmp_path / "manifest.csv"
    head, *lines = manifest.read_text(encoding="utf-8").splitlines()
    songs = ("there.wav", "gone.wav")
    rows = [f"{line},{song}" for line, song in zip(lines, songs, strict=True)]
    manifest.write_text("\n".join([head + ",music", *rows]), encoding="utf-8")
    (tmp_path / "there.wav").touch()
    clips, _ = load_clips(tmp_path)
    assert clips[0].music is not None
    assert clips[1].music is None
    assert clips[1].warnings == ("lacks its music gone.wav, so that music is composed",)
