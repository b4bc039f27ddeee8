"""A take from the first call to its files, and everything that a disk can do to it."""

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
import soundfile

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import JOINT_NAMES
from megadance_live.output.take import TakeRecorder, parse_formats
from megadance_live.output.take.append_file import AppendFile
from tests.output.take.takes import RATE_HZ, block, load_aist, load_bvh, pose, record, sidecar_of

Usage = namedtuple("Usage", "total used free")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_take_is_a_folder_of_its_files(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path, "opening", seed=7, model="first-dance", source="demo")
    record(recorder)
    assert [path.name for path in tmp_path.iterdir()] == ["opening.take.partial"]
    folder = recorder.close()
    assert folder == tmp_path / "opening" == recorder.folder
    assert recorder.done
    assert recorder.problem == ""
    names = ["opening.bvh", "opening.flac", "opening.json", "opening.npz", "opening.pkl"]
    assert [path.name for path in recorder.files] == names
    assert [path.name for path in tmp_path.iterdir()] == ["opening"]


def test_the_sidecar_tells_the_rest(tmp_path: Path) -> None:
    recorder = TakeRecorder(
        tmp_path, "t", ("bvh", "amass"), seed=7, model="m", source="file:a.wav", started="2030-01-02"
    )
    recorder.clock(BarClock(10.0, 5.0, 120.0, source="audio"))
    recorder.clock(BarClock(10.5, 5.25, 120.0, source="audio"))  # foretold
    recorder.clock(BarClock(11.0, 5.5, 125.0, source="audio"))
    record(recorder, 3.0, start_s=10.0)
    recorder.event("armed", 11.5, expert=np.str_("waack"), at=np.float32(0.5))
    side = sidecar_of(recorder.close())
    assert (side["schema"], side["version"], side["name"]) == ("megadance-live/take", 1, "t")
    assert (side["seed"], side["model"], side["source"]) == (7, "m", "file:a.wav")
    assert side["started"] == "2030-01-02"
    assert (side["stream_start_s"], side["duration_s"]) == (10.0, 3.0)
    assert side["audio"] == {"rate_hz": RATE_HZ, "channels": 2, "frames": 3 * RATE_HZ}
    assert side["motion"] == {
        "amass": {"file": "t.npz", "fps": 30, "frames": 90},
        "bvh": {"file": "t.bvh", "fps": 30, "frames": 90},
    }
    assert [(e["time_s"], e["bars"], e["bpm"]) for e in side["tempo_map"]] == [(0.0, 5.0, 120.0), (1.0, 5.5, 125.0)]
    assert side["beats"][:2] == [{"time_s": 0.0, "beat": 1, "bar": 1}, {"time_s": 0.5, "beat": 2, "bar": 1}]
    assert [(e["time_s"], e["expert"]) for e in side["expert_switches"]] == [(0.1, "break"), (2.1, "waack")]
    assert side["markers"] == [{"time_s": 1.25, "text": "drop"}]
    assert side["events"] == [{"kind": "armed", "time_s": 1.5, "expert": "waack", "at": 0.5}]
    assert side["notes"] == []
    sizes = {path.name: path.stat().st_size for path in recorder.files if path.suffix != ".json"}
    assert {entry["name"]: entry["bytes"] for entry in side["files"]} == sizes


def test_audio_and_motion_share_their_first_instant(tmp_path: Path) -> None:
    """The recorder joins a show at 42.1 s: frame k of each file is the pose k / fps after the first sample."""
    recorder = TakeRecorder(tmp_path)
    record(recorder, 3.0, start_s=42.1)
    folder = recorder.close()
    samples, _ = soundfile.read(folder / "take-001.flac", dtype="float32")
    assert np.array_equal(samples, block(round(42.1 * RATE_HZ), 3 * RATE_HZ).samples)
    bvh, aist = load_bvh(folder / "take-001.bvh"), load_aist(folder / "take-001.pkl")
    assert len(bvh.joints_cm) == 90
    assert bvh.frame_s == pytest.approx(1 / 30, abs=1e-9)
    assert len(aist["smpl_poses"]) == 180
    with np.load(folder / "take-001.npz") as amass:
        assert len(amass["poses"]) == 90
        assert amass["mocap_framerate"] == 30
    order = [JOINT_NAMES.index(name) for name in bvh.names]
    for second in (0.5, 1.0, 2.5):
        seen = pose(42.1 + second)
        joints = forward(seen.root_m, seen.quats)[0][order]
        assert np.abs(bvh.joints_cm[round(second * 30)] / 100 - joints).max() < 1e-4


def test_frames_that_were_replaced_are_not_in_the_files(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path, "t", ("bvh",), realtime=False)
    recorder.audio(block(0, RATE_HZ))
    for k in range(20):
        recorder.pose(pose(k / 30, "break", height_m=1.0))
    for k in range(15, 45):
        recorder.pose(pose(k / 30 - 0.001, "waack", height_m=2.0))
    folder = recorder.close()
    heights = load_bvh(folder / "t.bvh").joints_cm[:, 0, 1]
    assert heights[:15] == pytest.approx(100)
    assert heights[16:] == pytest.approx(200)
    assert [e["expert"] for e in sidecar_of(folder)["expert_switches"]] == ["break", "waack"]


def test_the_same_show_gives_the_same_bytes_however_it_was_recorded(tmp_path: Path) -> None:
    kept = []
    for realtime in (False, False, True):
        recorder = TakeRecorder(tmp_path / str(len(kept)), "t", realtime=realtime)
        record(recorder)
        kept.append(files_of(recorder.close()))
    assert kept[0] == kept[1] == kept[2]


def test_takes_are_numbered_and_none_is_overwritten(tmp_path: Path) -> None:
    names = []
    for name in (None, None, "a/b: c?", "a/b: c?", "take-007", None):
        recorder = TakeRecorder(tmp_path, name, ("amass",), realtime=False)
        recorder.pose(pose(0.0))
        names.append(recorder.close().name)
    assert names == ["take-001", "take-002", "a-b- c-", "a-b- c--2", "take-007", "take-008"]
    running = [TakeRecorder(tmp_path, realtime=False) for _ in range(2)]
    assert [recorder.name for recorder in running] == ["take-009", "take-010"]
    for recorder in running:
        with pytest.raises(TakeError, match="held neither poses nor audio"):
            recorder.close()
    assert not list(tmp_path.glob("*.partial"))


def test_audio_alone_and_poses_alone_are_takes(tmp_path: Path) -> None:
    heard = TakeRecorder(tmp_path, "heard", realtime=False)
    heard.audio(block(0))
    assert sorted(files_of(heard.close())) == ["heard.flac", "heard.json"]
    seen = TakeRecorder(tmp_path, "seen", realtime=False)
    for k in range(31):
        seen.pose(pose(5 + k / 30))
    side = sidecar_of(seen.close())
    assert side["audio"] is None
    assert (side["stream_start_s"], side["duration_s"]) == (5.0, 1.0)
    assert side["motion"]["aist"]["frames"] == 60


def test_dancing_goes_on_in_the_files_where_the_audio_ended_early(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path, "t", ("bvh",), realtime=False)
    recorder.audio(block(0))
    for k in range(61):
        recorder.pose(pose(k / 30))
    assert sidecar_of(recorder.close())["motion"]["bvh"]["frames"] == 60


def test_poses_that_cannot_be_are_left_out(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path, "t", ("bvh",), realtime=False)
    for k in range(100):
        recorder.pose(pose(k / 30, height_m=float("nan") if k in (40, 41) else 1.0))
    recorder.pose(pose(0.0))  # a clock that jumped back would wipe out the take
    side = sidecar_of(recorder.close())
    assert side["motion"]["bvh"]["frames"] == 99
    assert [note["text"].split(" were")[0] for note in side["notes"]] == [
        "poses that",
        "the clock of the poses jumped back: poses until it caught up",
    ]
    assert load_bvh(tmp_path / "t" / "t.bvh").joints_cm[:, 0, 1] == pytest.approx(100)


def test_unknown_formats_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(
        TakeError, match=r'"fbx" is not a format of recording; choose from amass, aist, bvh, edge, glb\.'
    ):
        TakeRecorder(tmp_path, formats=("amass", "fbx"))
    assert parse_formats(["bvh", "amass", "bvh"]) == ("amass", "bvh")
    assert not list(tmp_path.iterdir())


def test_closing_elsewhere_gives_the_same_files(tmp_path: Path) -> None:
    here, there = TakeRecorder(tmp_path / "a", "t"), TakeRecorder(tmp_path / "b", "t")
    for recorder in (here, there):
        record(recorder)
    there.close_async()
    there.pose(pose(99.0))  # too late, and no harm
    assert there.close() == tmp_path / "b" / "t"
    assert there.done
    assert files_of(here.close()) == files_of(tmp_path / "b" / "t")


def test_closing_elsewhere_tells_what_went_wrong(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path, "t")
    record(recorder, 0.5)
    (tmp_path / "t.take.partial" / "t.npz.tmp").mkdir()  # where the file would be written
    recorder.close_async()
    with pytest.raises(TakeError, match=r"cannot be finished .* then run: megadance-live recover"):
        recorder.close()
    assert (tmp_path / "t.take.partial" / "poses.bin").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence_and_the_show_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    recorder = TakeRecorder(tmp_path / "file" / "takes")
    assert recorder.problem.startswith("Recording is off: ")
    assert recorder.problem.endswith("choose another folder.")
    record(recorder, 0.5)
    with pytest.raises(TakeError, match="Recording is off"):
        recorder.close()


def test_a_read_only_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)
    recorder = TakeRecorder(tmp_path)
    assert recorder.problem == (
        f"Recording is off: {tmp_path} cannot be written (Read-only file system); choose another folder."
    )
    record(recorder, 0.5)


@pytest.mark.parametrize("file", ["poses.bin", "audio.f32", "events.jsonl"])
@pytest.mark.parametrize("realtime", [False, True])
def test_a_full_disk_ends_the_take_not_the_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, realtime: bool
) -> None:
    recorder = TakeRecorder(tmp_path, "t", realtime=realtime)
    append = AppendFile.append
    left = {"poses.bin": 30, "audio.f32": 10, "events.jsonl": 3}

    def full(self: AppendFile, data: bytes) -> None:
        name = Path(self._file.name).name
        left[name] -= name == file
        if left[name] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        append(self, data)

    monkeypatch.setattr(AppendFile, "append", full)
    record(recorder)
    folder = recorder.close()
    assert recorder.problem == "Recording stopped: No space left on device; what the take has is kept."
    frames = load_bvh(folder / "t.bvh").joints_cm
    assert 25 < len(frames) < 60
    joints = forward(pose(0.5).root_m, pose(0.5).quats)[0]
    assert frames[15, 0] / 100 == pytest.approx(joints[0], abs=1e-4)


def test_a_record_that_does_not_fit_is_taken_back(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from megadance_live.output.take.append_file import AppendFile\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1050, 1050))\n"
        "file = AppendFile(Path(sys.argv[1]))\n"
        "try:\n"
        "    while True: file.append(b'x' * 100)\n"
        "except OSError: print(file.size)\n"
    )
    pytest.importorskip("resource")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    out = subprocess.run([sys.executable, "-c", script, tmp_path / "f"], capture_output=True, text=True, env=env)
    assert out.stdout.strip() == "1000", out.stderr
    assert (tmp_path / "f").stat().st_size == 1000


def test_little_room_is_told_and_too_little_stops_the_take_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [500_000_000]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 0, free[0]))
    recorder = TakeRecorder(tmp_path, "t", realtime=False)
    assert recorder.problem == f"Recording: only 500 MB are left on the disk of {tmp_path}."
    assert not recorder.cut_short
    record(recorder, 1.0)
    free[0] = 60_000_000
    for k in range(5000):
        recorder.pose(pose(2 + k / 30))
    assert recorder.problem.startswith("Recording stopped: only 60 MB are left")
    assert recorder.cut_short
    assert recorder.close() == tmp_path / "t"


def test_a_disk_that_is_too_slow_costs_pieces_not_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append, busy, go_on = AppendFile.append, threading.Event(), threading.Event()

    def slow(self: AppendFile, data: bytes) -> None:
        busy.set()
        go_on.wait()
        append(self, data)

    monkeypatch.setattr(AppendFile, "append", slow)
    monkeypatch.setattr("megadance_live.output.take.recorder._QUEUE_ITEMS", 4)
    recorder = TakeRecorder(tmp_path, "t", ("bvh",))
    recorder.pose(pose(0.0))
    busy.wait()
    for k in range(1, 10):
        recorder.pose(pose(k / 30))
    assert recorder.problem == "Recording: the disk is too slow, 5 pieces of the take were lost."
    go_on.set()
    assert len(load_bvh(recorder.close() / "t.bvh").joints_cm) == 4


def test_a_take_may_be_called_take(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path, "take", realtime=False)
    recorder.audio(block(0, RATE_HZ))
    recorder.pose(pose(0.5))
    folder = recorder.close()
    assert {path.name for path in folder.iterdir()} >= {"take.json", "take.flac"}
