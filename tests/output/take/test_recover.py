"""Takes that were cut off: by a kill, by a torn write, at any byte."""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from megadance_live.core.errors import TakeError
from megadance_live.output.take import TakeRecorder, recover
from megadance_live.output.take.spool import POSE_RECORD, read_spool
from tests.output.take.takes import RATE_HZ, abandon, block, load_bvh, pose, record, sidecar_of

SHOW = """
import sys, time
from pathlib import Path
from megadance_live.output.take import TakeRecorder
from tests.output.take.takes import RATE_HZ, block, pose

recorder = TakeRecorder(Path(sys.argv[1]), "show")
for k in range(100_000):
    recorder.audio(block(k * 80, 80))
    if k % 3 == 0:
        recorder.pose(pose(k / 100))
    if k % 50 == 0:
        recorder.event("beat", k / 100, beat=1, bar=1)
    sys.stdout.write(f"{(k + 1) / 100}\\n")
    sys.stdout.flush()
    time.sleep(0.01)
"""


def interrupted_take(folder: Path, duration_s: float = 2.0) -> Path:
    """A spool as a killed process leaves it."""
    recorder = TakeRecorder(folder, "t", realtime=False)
    record(recorder, duration_s)
    abandon(recorder)
    return folder / "t.take.partial"


def test_a_killed_show_loses_under_a_second(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([*(entry for entry in sys.path if entry), os.getcwd()])}
    with subprocess.Popen(
        [sys.executable, "-c", SHOW, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=env
    ) as show:
        assert show.stdout is not None
        told_s = 0.0
        while told_s < 1.5:
            told_s = float(show.stdout.readline())
        [running] = recover(tmp_path)
        assert "still being recorded" in running.problem
        show.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        for line in show.stdout:
            told_s = float(line)
    [take] = recover(tmp_path)
    assert take.problem == ""
    assert take.folder == tmp_path / "show"
    samples, _ = soundfile.read(take.folder / "show.flac", dtype="float32")
    assert told_s - len(samples) / RATE_HZ < 1.0
    assert np.array_equal(samples, block(0, len(samples)).samples)
    frames = load_bvh(take.folder / "show.bvh").joints_cm
    assert told_s - len(frames) / 30 < 1.0
    assert frames[30, 0] / 100 == pytest.approx(pose(1.0).root_m, abs=2e-3)
    assert len(sidecar_of(take.folder)["beats"]) >= 3


@pytest.mark.parametrize("seed", range(6))
def test_files_cut_at_any_byte_give_all_that_is_whole(tmp_path: Path, seed: int) -> None:
    partial = interrupted_take(tmp_path)
    whole = read_spool(partial)
    rng = random.Random(seed)
    left = {}
    for name in ("poses.bin", "audio.f32", "events.jsonl"):
        size = (partial / name).stat().st_size
        left[name] = rng.randrange(size // 4, size)
        os.truncate(partial / name, left[name])
    [take] = recover(tmp_path)
    assert take.problem == ""
    assert take.folder is not None
    samples, _ = soundfile.read(take.folder / "t.flac", dtype="float32")
    assert np.array_equal(samples, block(0, left["audio.f32"] // 8).samples)
    last = left["poses.bin"] // POSE_RECORD.itemsize - 1
    end_s = max(len(samples) / RATE_HZ, 0)
    if whole.poses.time_s[last] > end_s + 0.5:
        end_s = whole.poses.time_s[last]
    assert len(load_bvh(take.folder / "t.bvh").joints_cm) == np.ceil(end_s * 30 - 1e-6)


def test_a_record_of_rubbish_is_left_out(tmp_path: Path) -> None:
    """After a power cut a file may end in zeros, or in whatever lay on the disk."""
    partial = interrupted_take(tmp_path)
    poses = len(read_spool(partial).poses)
    with (partial / "poses.bin").open("ab") as file:
        file.write(bytes(2 * POSE_RECORD.itemsize) + b"\xff" * (POSE_RECORD.itemsize + 7))
    with (partial / "events.jsonl").open("ab") as file:
        file.write(b'\0\0\0\n[1]\n"x"\n{"kind": "beat"}\n{"kind": "marker", "time_s": 1, "te')
    read = read_spool(partial)
    assert len(read.poses) == poses
    assert [event.kind for event in read.events if event.kind != "beat"] == ["audio_start", "marker"]


def test_a_recovered_take_is_the_take_that_would_have_been(tmp_path: Path) -> None:
    closed = TakeRecorder(tmp_path / "a", "t", realtime=False)
    record(closed, 2.0)
    folder = closed.close()
    interrupted_take(tmp_path / "b")
    [take] = recover(tmp_path / "b")
    assert {path.name: path.read_bytes() for path in take.files} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_a_finish_that_was_cut_off_can_be_finished(tmp_path: Path) -> None:
    """Cut before the sidecar: everything is written anew. Cut after it: only the folder is renamed."""
    partial = interrupted_take(tmp_path)
    (partial / "t.npz").write_bytes(b"half")
    (partial / "t.bvh.tmp").write_bytes(b"half")
    [take] = recover(partial)
    assert take.folder is not None
    np.load(take.folder / "t.npz").close()
    assert sorted(path.suffix for path in take.files) == [".bvh", ".flac", ".json", ".npz", ".pkl"]
    take.folder.rename(partial)
    [again] = recover(tmp_path)
    assert [path.name for path in again.files] == [path.name for path in take.files]


def test_a_take_whose_name_was_given_away_gets_another(tmp_path: Path) -> None:
    interrupted_take(tmp_path)
    (tmp_path / "t").mkdir()
    [take] = recover(tmp_path)
    assert take.folder == tmp_path / "t-2"
    assert not list((tmp_path / "t").iterdir())
    assert (take.folder / "t-2.npz").exists()


def test_what_cannot_be_recovered_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TakeError, match="is not a folder"):
        recover(tmp_path / "absent")
    with pytest.raises(TakeError, match="There is nothing to recover"):
        recover(tmp_path)
    foreign = tmp_path / "foreign.take.partial"
    foreign.mkdir()
    (foreign / "notes.txt").write_text("mine")
    empty = TakeRecorder(tmp_path, "empty", realtime=False)
    abandon(empty)
    interrupted_take(tmp_path)
    nothing, not_ours, good = recover(tmp_path)
    assert nothing.problem == "empty held neither poses nor audio and was removed."
    assert "is not an interrupted take: its take.meta is missing or broken" in not_ours.problem
    assert [path.name for path in foreign.iterdir()] == ["notes.txt"]
    assert good.folder == tmp_path / "t"


def test_a_take_of_another_version_is_left_as_it_is(tmp_path: Path) -> None:
    partial = interrupted_take(tmp_path)
    (partial / "take.meta").write_text('{"spool": 99, "formats": [], "fps": 30}')
    [take] = recover(tmp_path)
    assert "another version" in take.problem
    assert (partial / "poses.bin").exists()


def test_a_broken_start_of_the_audio_costs_the_audio_alone(tmp_path: Path) -> None:
    partial = interrupted_take(tmp_path)
    events = (partial / "events.jsonl").read_text()
    (partial / "events.jsonl").write_text(events.replace('"channels": 2', '"channels": 0'))
    [take] = recover(tmp_path)
    assert [path.suffix for path in take.files] == [".bvh", ".json", ".npz", ".pkl"]


def test_a_take_whose_folder_was_deleted_is_said_to_be_gone(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path / "takes", "t", realtime=False)
    record(recorder, 0.5)
    shutil.rmtree(tmp_path / "takes")
    with pytest.raises(TakeError, match="is gone"):
        recorder.close()
