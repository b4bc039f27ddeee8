"""The list of takes keeps up with the folder, and exports run beside the show."""

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadance_live.output.take import TakeRecorder
from megadance_live.output.take.formats import FORMATS
from megadance_live.output.take.take_process import TakeProcess
from megadance_live.show import take_exports, take_folder, take_library
from megadance_live.show.take_folder import SETTLED_S, TakeFolder
from megadance_live.show.take_library import TakeLibrary
from tests.output.take.takes import abandon, record

PATIENCE_S = 20.0


def until(true: Callable[[], object]) -> bool:
    deadline_s = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline_s:
            return False
        time.sleep(0.005)
    return True


def recorded(folder: Path, started: str = "", *formats: str, name: str | None = None) -> Path:
    recorder = TakeRecorder(folder, name, formats or ("aist",), started=started, realtime=False)
    record(recorder, 2.0)
    return recorder.close()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TakeLibrary]:
    monkeypatch.setattr(take_library, "WATCH_S", 0.02)
    library = TakeLibrary(tmp_path)
    library.start()
    yield library
    library.close()
    assert not {"takes", "take-exports"} & {thread.name for thread in threading.enumerate()}


def aged(folder: Path, by_s: float) -> None:
    """As if nothing had been written for so long."""
    then_s = time.time() - by_s
    for path in [*folder.iterdir(), folder]:
        os.utime(path, (then_s, then_s))


def names(library: TakeLibrary) -> list[str]:
    return [take.name for take in library.view().takes]


def test_takes_are_listed_newest_first_with_what_their_sidecars_say(tmp_path: Path) -> None:
    recorded(tmp_path, "2026-11-22T20:00:00+00:00")
    recorded(tmp_path, "2026-11-22T22:00:00+00:00", "aist", "bvh")
    recorded(tmp_path, "2026-11-22T22:30:00+02:00")
    takes = TakeFolder(tmp_path).read()
    assert [take.name for take in takes] == ["take-002", "take-003", "take-001"]
    newest = takes[0]
    assert newest.folder == tmp_path / "take-002"
    assert newest.length_s == pytest.approx(2.0)
    assert newest.size_bytes == sum(path.stat().st_size for path in newest.folder.iterdir())
    assert (newest.started, newest.markers, newest.formats) == ("2026-11-22T22:00:00+00:00", 1, ("aist", "bvh"))
    assert newest.finished


def test_foreign_and_broken_folders_are_passed_over(tmp_path: Path) -> None:
    recorded(tmp_path)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "photos.json").write_text('{"schema": "album"}', encoding="utf-8")
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "junk.json").write_bytes(b"\xff\xfe{")
    (tmp_path / "list.take.partial").mkdir()
    (tmp_path / "a file").write_text("", encoding="utf-8")
    assert [take.name for take in TakeFolder(tmp_path).read()] == ["take-001"]
    assert TakeFolder(tmp_path / "gone").read() == ()


def test_a_take_with_a_broken_sidecar_is_listed_with_what_is_known(tmp_path: Path) -> None:
    take = recorded(tmp_path)
    (take / "take-001.json").write_text('{"schema": "megadance-live/take", "dur', encoding="utf-8")
    (found,) = TakeFolder(tmp_path).read()
    assert (found.name, found.length_s, found.formats) == ("take-001", 0.0, ("aist",))
    described = {"schema": "megadance-live/take", "duration_s": "long", "markers": 3, "started": 5}
    (take / "take-001.json").write_text(json.dumps(described), encoding="utf-8")
    (found,) = TakeFolder(tmp_path).read()
    assert (found.length_s, found.markers, found.started) == (0.0, 0, "")


def test_a_take_that_was_cut_off_is_listed_unless_it_is_being_written(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path, started="2026-11-22T20:00:00+00:00", realtime=False)
    record(recorder, 2.0)
    folder = TakeFolder(tmp_path)
    assert folder.read() == ()
    assert folder.unsettled
    abandon(recorder)
    assert folder.read() == ()  # it may be about to be finished
    partial = tmp_path / "take-001.take.partial"
    aged(partial, SETTLED_S)
    (found,) = folder.read()
    assert (found.name, found.finished, found.started) == ("take-001", False, "2026-11-22T20:00:00+00:00")
    assert found.length_s == pytest.approx(2.0, abs=0.1)
    assert found.size_bytes > 1000
    (partial / "poses.bin").unlink()
    aged(partial, SETTLED_S)
    assert folder.read()[0].length_s == 0.0


def test_only_what_has_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        recorded(tmp_path)
    folder = TakeFolder(tmp_path)
    first = folder.read()
    opened: list[Path] = []
    read_text = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda path, *args, **named: (opened.append(path), read_text(path, *args, **named))[1]
    )
    assert folder.read() == first
    assert opened == []
    folder.forget("take-002")
    assert folder.read() == first
    assert [path.name for path in opened] == ["take-002.json"]


def test_the_library_notices_what_comes_and_goes(library: TakeLibrary, tmp_path: Path) -> None:
    assert until(lambda: library.view().free_bytes > 0)
    take = recorded(tmp_path)
    assert until(lambda: names(library) == ["take-001"])
    shutil.rmtree(take)
    assert until(lambda: names(library) == [])
    recorded(tmp_path / "elsewhere")
    library.move(tmp_path / "elsewhere")
    assert until(lambda: names(library) == ["take-001"])
    assert library.view().folder == tmp_path / "elsewhere"
    library.move(tmp_path / "not" / "made yet")
    assert until(lambda: library.view().folder.name == "made yet")
    assert names(library) == []
    assert until(lambda: library.view().free_bytes > 0)


def test_a_change_inside_a_take_is_seen_when_it_is_asked_for(library: TakeLibrary, tmp_path: Path) -> None:
    take = recorded(tmp_path)
    assert until(lambda: names(library) == ["take-001"])
    (take / "take-001.pkl").unlink()
    library.look()
    assert until(lambda: library.view().takes[0].formats == ())


def test_exports_queue_up_and_end_with_the_files(library: TakeLibrary, tmp_path: Path) -> None:
    recorded(tmp_path)
    recorded(tmp_path)
    assert until(lambda: len(names(library)) == 2)
    library.export("take-001", ("glb", "bvh"))
    library.export("take-002", ("edge",))
    library.export("take-002", ("edge",))
    assert [(export.take, export.formats) for export in library.view().exports] == [
        ("take-001", ("bvh", "glb")),
        ("take-002", ("edge",)),
    ]
    assert until(lambda: all(export.done for export in library.view().exports))
    assert [(export.progress, export.trouble) for export in library.view().exports] == [(1.0, ""), (1.0, "")]
    assert until(lambda: [take.formats for take in library.view().takes] == [("aist", "edge"), ("aist", "bvh", "glb")])
    assert (tmp_path / "take-001" / f"take-001{FORMATS['glb'].suffix}").exists()


def test_an_export_that_fails_is_a_sentence_and_the_next_one_runs(library: TakeLibrary, tmp_path: Path) -> None:
    recorded(tmp_path)
    library.export("../../gone", ("bvh",))
    library.export("take-001", ("fbx",))
    library.export("take-001", ("bvh",))
    assert until(lambda: [export.done for export in library.view().exports] == [True, True, True])
    gone, wrong, good = library.view().exports
    assert f"{tmp_path / 'gone'} is no take" in gone.trouble
    assert '"fbx" is not a format of recording' in wrong.trouble
    assert good.trouble == ""


def test_takes_that_were_cut_off_are_finished_in_the_background(
    library: TakeLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_folder, "SETTLED_S", 0.0)
    recorder = TakeRecorder(tmp_path, realtime=False)
    record(recorder, 1.0)
    abandon(recorder)
    assert until(lambda: [take.finished for take in library.view().takes] == [False])
    library.recover()
    assert until(lambda: [(take.name, take.finished) for take in library.view().takes] == [("take-001", True)])
    assert until(lambda: [(export.take, export.done) for export in library.view().exports] == [("take-001", True)])
    assert library.view().exports[0].formats == ()


def test_what_runs_is_ended_when_the_show_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(tmp_path)
    before = sorted(os.listdir(tmp_path / "take-001"))
    begun = threading.Event()
    wait = TakeProcess.wait

    def slow(process: TakeProcess, progress: Callable[[float], None]) -> None:
        begun.set()
        wait(process, progress)

    monkeypatch.setattr(TakeProcess, "wait", slow)
    library = TakeLibrary(tmp_path)
    library.start()
    library.export("take-001", ("bvh",))
    library.export("take-001", ("glb",))
    assert begun.wait(PATIENCE_S)
    library.close()
    assert "cut off" in library.view().exports[0].trouble
    assert not library.view().exports[1].done
    assert sorted(os.listdir(tmp_path / "take-001")) == before


def test_old_exports_leave_the_list(library: TakeLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_exports, "KEPT", 2)
    for _ in range(5):
        library.export("take-001", ("fbx",))
    assert len(library.view().exports) == 2


def test_a_library_that_was_never_started_can_be_closed(tmp_path: Path) -> None:
    library = TakeLibrary(tmp_path)
    library.close()
    assert library.view().takes == ()
