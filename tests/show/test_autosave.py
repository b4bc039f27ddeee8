"""A show that is cut off, ended, begun again: what is kept and what is restored."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from megadance_live.config.load import load_preset, open_preset
from megadance_live.config.preset import (
    Bank,
    DanceSection,
    Pad,
    PadsSection,
    Preset,
)
from megadance_live.core.control import Control
from megadance_live.core.errors import ConfigError
from megadance_live.show.autosave import Autosave
from megadance_live.show.beginning import begin_document
from megadance_live.show.document import Document

EXPERTS = ("house", "krump")
PADS = PadsSection(banks=(Bank(name="A", pads=(Pad(expert="krump"),)),))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder of the autosave."""
    return tmp_path / "state"


def _wait(condition: Callable[[], object]) -> None:
    until_s = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until_s
        time.sleep(0.01)


def _cut_off(state: Path) -> None:
    """As a show leaves it whose process was killed: the process of the mark is another one."""
    mark = state / "running.json"
    mark.write_text(json.dumps({"pid": os.getpid(), "started_s": 1.0}), encoding="utf-8")


def _perform(state: Path, change: Callable[[Document], object], control: Control | None = None) -> None:
    """A show that is killed a moment after a change."""
    autosave = Autosave(state)
    document = begin_document(autosave=autosave)
    document.know(EXPERTS, ())
    change(document)
    document.keep(lambda: control)
    document.close()
    _cut_off(state)


def test_a_change_is_autosaved_while_the_show_runs(state: Path) -> None:
    controls = [Control("house")]
    document = begin_document(autosave=Autosave(state))
    document.keep(lambda: controls[-1])
    try:
        document.revise("pads", PADS)
        _wait(lambda: (state / "autosave.toml").is_file() and "krump" in (state / "autosave.toml").read_text())
        controls.append(Control("house", energy=1.75))
        _wait(lambda: "1.75" in (state / "autosave.toml").read_text())
    finally:
        document.close()
    assert open_preset(str(state / "autosave.toml")).preset.pads == PADS
    assert "autosave" not in {thread.name for thread in threading.enumerate()}


def test_a_show_that_was_cut_off_goes_on_where_it_was(state: Path, own_presets: Path) -> None:
    def change(document: Document) -> None:
        document.save("club")
        document.revise("pads", PADS)

    _perform(state, change, Control("krump", energy=1.5))
    document = begin_document(autosave=Autosave(state))
    view = document.view()
    document.close()
    assert (view.restored, view.changed, view.name, view.protected) == (True, True, "club", False)
    assert view.preset.pads == PADS
    assert (view.preset.dance.energy, view.preset.dance.expert) == (1.5, "krump")
    assert "The last show was cut off" in view.problems[0]
    assert load_preset("club").pads == PadsSection()
    assert document.save()
    assert (document.view().restored, document.view().problems) == (False, ())


PERFORM = """
import sys, threading
from pathlib import Path
from megadance_live.config.preset import Bank, Pad, PadsSection
from megadance_live.core.control import Control
from megadance_live.show.autosave import Autosave
from megadance_live.show.beginning import begin_document

document = begin_document(autosave=Autosave(Path(sys.argv[1])))
document.keep(lambda: Control("krump", energy=1.5))
document.revise("pads", PadsSection(banks=(Bank(name="A", pads=(Pad(expert="krump"),)),)))
threading.Event().wait()
"""


def test_a_process_that_is_killed_leaves_a_show_that_can_be_restored(state: Path) -> None:
    file = state / "autosave.toml"
    with subprocess.Popen([sys.executable, "-c", PERFORM, str(state)]) as process:
        try:
            _wait(lambda: process.poll() is not None or (file.is_file() and "[[pads.banks]]" in file.read_text()))
        finally:
            process.kill()
    document = begin_document(autosave=Autosave(state))
    document.close()
    assert document.view().restored
    assert document.preset.pads == PADS
    assert document.preset.dance.energy == 1.5


def test_a_show_that_was_cut_off_twice_is_restored_twice(state: Path) -> None:
    _perform(state, lambda document: document.revise("pads", PADS))
    _perform(state, lambda document: None)
    document = begin_document(autosave=Autosave(state))
    document.close()
    assert document.preset.pads == PADS


def test_a_show_that_ended_well_begins_with_its_preset_as_it_was_saved(state: Path, own_presets: Path) -> None:
    first = begin_document(autosave=Autosave(state))
    first.keep(lambda: None)
    first.save("club")
    first.revise("pads", PADS)
    first.save()
    first.close()
    second = begin_document(autosave=Autosave(state))
    view = second.view()
    second.close()
    assert (view.name, view.changed, view.restored, view.problems) == ("club", False, False, ())
    assert view.preset.pads == PADS


def test_what_was_not_saved_when_a_show_ended_is_kept_beside(state: Path, own_presets: Path) -> None:
    first = begin_document(autosave=Autosave(state))
    first.save("club")
    first.revise("pads", PADS)
    first.keep(lambda: None)
    first.close()
    second = begin_document(autosave=Autosave(state))
    (problem,) = second.view().problems
    assert "ended with changes that were not saved" in problem
    assert second.preset.pads == PadsSection()
    assert second.open(str(state / "autosave.unsaved.toml"))
    second.close()
    assert second.preset.pads == PADS
    assert second.view().problems == ()


def test_what_was_not_saved_when_another_is_opened_is_kept_beside(state: Path) -> None:
    document = begin_document(autosave=Autosave(state))
    document.revise("pads", PADS)
    document.open("unreal")
    document.open("vmc")
    document.close()
    assert open_preset(str(state / "autosave.unsaved.toml")).preset.pads == PADS


def test_a_safe_start_restores_nothing_and_loses_nothing(state: Path, own_presets: Path) -> None:
    own_presets.mkdir(parents=True)
    (own_presets / "default.toml").write_text('title = "Breaks everything"', encoding="utf-8")
    _perform(state, lambda document: document.revise("pads", PADS))
    document = begin_document(safe=True, autosave=Autosave(state))
    view = document.view()
    document.close()
    assert view.preset == Preset(title="Default")
    assert not view.restored
    assert "autosave.crashed.toml" in view.problems[0]
    assert open_preset(str(state / "autosave.crashed.toml")).preset.pads == PADS


def test_a_preset_that_was_asked_for_comes_before_one_that_was_cut_off(state: Path) -> None:
    _perform(state, lambda document: document.revise("pads", PADS))
    document = begin_document("unreal", autosave=Autosave(state))
    document.close()
    assert document.view().name == "unreal"
    assert open_preset(str(state / "autosave.crashed.toml")).preset.pads == PADS


def test_a_broken_preset_stays_protected_when_its_show_is_restored(state: Path, own_presets: Path) -> None:
    own_presets.mkdir(parents=True)
    (own_presets / "club.toml").write_text("[dance]\nenergy = 9", encoding="utf-8")
    _perform(state, lambda document: (document.open("club"), document.revise("pads", PADS)))
    document = begin_document(autosave=Autosave(state))
    document.close()
    assert document.view().protected
    assert not document.save()
    assert (own_presets / "club.toml").read_text(encoding="utf-8") == "[dance]\nenergy = 9"


def test_a_last_preset_that_has_gone_is_said(state: Path, own_presets: Path) -> None:
    first = begin_document(autosave=Autosave(state))
    first.save("club")
    first.keep(lambda: None)
    first.close()
    (own_presets / "club.toml").unlink()
    document = begin_document(autosave=Autosave(state))
    document.close()
    assert document.view().name == "default"
    assert 'There is no preset "club"' in document.view().problems[0]
    _cut_off(state)
    restored = begin_document(autosave=Autosave(state))
    restored.close()
    assert restored.view().name == "club"


@pytest.mark.parametrize("data", [b"\xff\x00", b"[dance", b"autosave = 3", b"[autosave]\nname = 3", b""])
def test_an_autosave_that_is_broken_still_lets_a_show_begin(state: Path, data: bytes) -> None:
    state.mkdir()
    (state / "autosave.toml").write_bytes(data)
    _cut_off(state)
    document = begin_document(autosave=Autosave(state))
    document.close()
    assert document.preset.dance == DanceSection()


@pytest.mark.parametrize("mark", ["", "{}", "[]", '{"pid": "x", "started_s": 0}', '{"pid": 99999999, "started_s": 0}'])
def test_a_mark_that_makes_no_sense_is_of_a_show_that_was_cut_off(state: Path, mark: str) -> None:
    _perform(state, lambda document: document.revise("pads", PADS))
    (state / "running.json").write_text(mark, encoding="utf-8")
    document = begin_document(autosave=Autosave(state))
    document.close()
    assert document.view().restored


def test_a_second_show_leaves_the_autosave_of_the_first_alone(state: Path) -> None:
    first = begin_document(autosave=Autosave(state))
    first.revise("pads", PADS)
    first.keep(lambda: None)
    _wait(lambda: (state / "autosave.toml").is_file())
    second = begin_document(autosave=Autosave(state))
    second.keep(lambda: None)
    second.revise("title", "Second")
    second.open("vmc")
    second.close()
    assert second.view().problems == ("Another show is running on this computer; this one is not autosaved.",)
    assert (state / "running.json").is_file()
    first.close()
    assert sorted(path.name for path in state.iterdir()) == ["autosave.toml"]
    assert open_preset(str(state / "autosave.toml")).preset.pads == PADS


def test_an_autosave_that_cannot_be_written_is_said_once_and_the_show_goes_on(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = begin_document(autosave=Autosave(state))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    document.keep(lambda: None)
    _wait(lambda: document.view().problems)
    assert document.revise("pads", PADS)
    (problem,) = document.view().problems
    assert "goes on without autosave" in problem
    assert "No space left on device" in problem
    monkeypatch.undo()
    document.close()
    assert document.view().problems == ()


def test_a_folder_that_cannot_be_leaves_a_show_without_autosave(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    document = begin_document(autosave=Autosave(tmp_path / "file"))
    document.keep(lambda: None)
    document.close()
    (problem,) = document.view().problems
    assert "goes on without autosave" in problem


def test_without_autosave_nothing_is_kept() -> None:
    document = begin_document()
    document.keep(lambda: None)
    document.close()
    assert document.view().name == "default"
    with pytest.raises(ConfigError, match="There is no preset"):
        begin_document("disco")
