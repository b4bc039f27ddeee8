"""A finished take in more formats, whatever it was recorded in."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core.errors import TakeError
from megadance_live.output.take import ALL_FORMATS, TakeRecorder
from megadance_live.output.take.export import at_rate, export
from megadance_live.output.take.files import TakeLock, claim, is_being_written
from megadance_live.output.take.finished import best_motion, open_take
from megadance_live.output.take.formats import FORMATS, read_motion
from megadance_live.output.take.take_process import TakeProcess
from tests.output.take.takes import abandon, record, sidecar_of, wild_motion


def recorded(folder: Path, *formats: str, duration_s: float = 3.0) -> Path:
    recorder = TakeRecorder(folder, formats=formats, realtime=False)
    record(recorder, duration_s)
    return recorder.close()


@pytest.mark.parametrize("source", ALL_FORMATS)
def test_a_take_recorded_in_any_format_is_exported_to_all_others(tmp_path: Path, source: str) -> None:
    everything = recorded(tmp_path / "all", *ALL_FORMATS)
    take = recorded(tmp_path / "one", source)
    told: list[float] = []
    files = export(take, ALL_FORMATS, told.append)
    assert [path.name for path in files] == [f"take-001{FORMATS[name].suffix}" for name in ALL_FORMATS]
    assert told == sorted(told)
    assert told[-1] == 1.0
    for name, path in zip(ALL_FORMATS, files, strict=True):
        made, meant = read_motion(path, name), read_motion(everything / path.name, name)
        assert (made.fps, len(made)) == (meant.fps, len(meant))
        # Made of 30 frames per second, 60 cut across the arc, and the frame after the last one holds.
        assert np.abs(made.root_m - meant.root_m)[:-1].max() < 1e-3
        hands = (22, 23) if source == "amass" else ()
        kept = [joint for joint in range(24) if joint not in hands]
        assert np.abs(np.sum(made.quats * meant.quats, axis=-1))[:-1, kept].min() > 1 - 1e-4
        assert np.abs(made.root_m - meant.root_m)[-1].max() < 1e-2


def test_the_sidecar_knows_what_was_added(tmp_path: Path) -> None:
    take = recorded(tmp_path, "aist")
    before = sidecar_of(take)
    export(take, ["glb", "bvh"])
    after = sidecar_of(take)
    assert after["motion"]["glb"] == {"file": "take-001.glb", "fps": 30, "frames": 90}
    assert set(after["motion"]) == {"aist", "bvh", "glb"}
    sizes = {entry["name"]: entry["bytes"] for entry in after["files"]}
    assert sizes["take-001.glb"] == (take / "take-001.glb").stat().st_size
    assert {k: v for k, v in after.items() if k not in ("motion", "files")} == {
        k: v for k, v in before.items() if k not in ("motion", "files")
    }


def test_a_file_that_is_there_and_whole_stays_and_a_broken_one_is_mended(tmp_path: Path) -> None:
    take = recorded(tmp_path, "aist", "bvh", "amass")
    kept = (take / "take-001.bvh").read_bytes()
    (take / "take-001.npz").write_bytes(b"broken")
    export(take, ["bvh", "amass"])
    assert (take / "take-001.bvh").read_bytes() == kept
    assert len(read_motion(take / "take-001.npz", "amass")) == 90


def test_the_best_file_that_is_whole_is_read(tmp_path: Path) -> None:
    take = recorded(tmp_path, "aist", "bvh", "amass")
    (take / "take-001.pkl").write_bytes(b"broken")
    opened = open_take(take)
    assert opened is not None
    assert best_motion(opened)[0] == "bvh"
    assert best_motion(opened, besides=["bvh"])[0] == "amass"
    for path in (take / "take-001.bvh", take / "take-001.npz"):
        path.unlink()
    with pytest.raises(TakeError, match=r"take-001\.pkl cannot be read"):
        export(take, ["glb"])
    assert not (take / "take-001.glb").exists()


def test_a_take_whose_folder_was_renamed_is_still_one(tmp_path: Path) -> None:
    take = recorded(tmp_path, "aist").rename(tmp_path / "opening night")
    assert export(take, ["glb"]) == [take / "take-001.glb"]


def test_a_take_without_its_sidecar_is_exported_from_its_motion(tmp_path: Path) -> None:
    take = recorded(tmp_path, "aist")
    (take / "take-001.json").write_text("{", encoding="utf-8")
    assert len(read_motion(export(take, ["edge"])[0], "edge")) == 90
    assert (take / "take-001.json").read_text(encoding="utf-8") == "{"


def test_what_is_no_finished_take_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "photos.json").write_text("{}", encoding="utf-8")
    for folder in (tmp_path / "photos", tmp_path / "gone"):
        with pytest.raises(TakeError, match="is no take"):
            export(folder, ["bvh"])
    with pytest.raises(TakeError, match="megadance-live recover"):
        export(claim(tmp_path, "cut off"), ["bvh"])
    with pytest.raises(TakeError, match="holds no motion"):
        export(recorded(tmp_path), ["bvh"])
    with pytest.raises(TakeError, match="is not a format"):
        export(tmp_path, ["fbx"])


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be made read-only there")
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = recorded(tmp_path, "aist")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("megadance_live.output.take.files.os.replace", full)
    with pytest.raises(TakeError, match="cannot be exported: No space left on device"):
        export(take, ["glb"])
    assert sorted(path.name for path in take.iterdir()) == ["take-001.flac", "take-001.json", "take-001.pkl"]


def test_half_the_frame_rate_is_every_second_frame() -> None:
    motion = wild_motion(41, fps=60)
    half = at_rate(motion, 30, 0.0)
    assert np.allclose(half.root_m, motion.root_m[::2])
    assert np.abs(np.sum(half.quats * motion.quats[::2], axis=-1)).min() > 1 - 1e-12
    assert len(at_rate(motion, 30, 0.5)) == 15
    assert at_rate(motion, 60, 0.1) is motion


def test_a_process_of_its_own_exports_and_tells_how_far_it_is(tmp_path: Path) -> None:
    take = recorded(tmp_path, "aist")
    told: list[float] = []
    TakeProcess(take, ["bvh", "glb"]).wait(told.append)
    assert told == [0.2, 0.6, 1.0, 1.0]
    assert (take / "take-001.glb").exists()
    shutil.rmtree(take)
    with pytest.raises(TakeError, match="is no take"):
        TakeProcess(take, ["bvh"]).wait(told.append)


def test_a_cancelled_export_leaves_the_take_as_it_was(tmp_path: Path) -> None:
    take = recorded(tmp_path, "aist")
    before = sorted(path.name for path in take.iterdir())
    process = TakeProcess(take, ["bvh"])
    (take / "take-001.bvh.tmp").write_bytes(b"half")  # as if it had begun to write
    process.cancel()
    with pytest.raises(TakeError, match="was cut off; start it again"):
        process.wait(lambda part: None)
    assert sorted(path.name for path in take.iterdir()) == before


def test_whoever_asks_whether_a_take_is_being_written_does_not_disturb_it(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path, realtime=False)
    partial = tmp_path / "take-001.take.partial"
    assert is_being_written(partial)
    record(recorder, 1.0)
    abandon(recorder)
    assert not is_being_written(partial)
    held = TakeLock(partial)
    assert is_being_written(partial)
    held.release()
    (partial / "lock").unlink()
    assert not is_being_written(partial)
    assert not (partial / "lock").exists()


def test_the_command_names_the_files_that_it_made(tmp_path: Path) -> None:
    take = recorded(tmp_path, "aist")
    command = [sys.executable, "-m", "megadance_live.cli", "convert", str(take), "--format", "glb, edge"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == [str(take / "take-001.edge.pkl"), str(take / "take-001.glb")]
    wrong = subprocess.run([*command[:-1], "fbx"], capture_output=True, text=True)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert '"fbx" is not a format of recording' in wrong.stderr
    assert json.loads((take / "take-001.json").read_text(encoding="utf-8"))["motion"]["glb"]["fps"] == 30
