"""The document of a show: revised, opened, saved, and never lost."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from megadance_live.config import folders
from megadance_live.config.load import load_preset, open_preset
from megadance_live.config.preset import (
    AudioSection,
    Bank,
    CueEntry,
    CuesSection,
    DanceSection,
    MidiBinding,
    MidiSection,
    OutputSection,
    Pad,
    PadsSection,
    Preset,
    Receiver,
    Scene,
    TempoSection,
)
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.errors import ConfigError, CueError
from megadance_live.show.autosave import Autosave
from megadance_live.show.beginning import begin_document
from megadance_live.show.document import Document

EXPERTS = ("house", "krump")
PADS = PadsSection(banks=(Bank(name="A", pads=(Pad(expert="krump"),)),))


@pytest.fixture(autouse=True)
def own_presets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the user's own presets, which is not there yet."""
    monkeypatch.setattr(folders, "user_config_path", lambda *args, **options: tmp_path / "config")
    return tmp_path / "config" / "presets"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder of the autosave."""
    return tmp_path / "state"


def _document() -> Document:
    document = Document(open_preset("default"))
    document.know(EXPERTS, ())
    return document


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


def test_a_document_begins_unchanged() -> None:
    view = _document().view()
    assert (view.name, view.changed, view.problems, view.protected, view.restored) == (
        "default",
        False,
        (),
        False,
        False,
    )
    assert "unreal" in view.names


def test_a_part_is_revised() -> None:
    document = _document()
    assert document.revise("pads", PADS)
    assert document.preset.pads == document.view().preset.pads == PADS
    assert document.view().changed
    assert document.revise("pads", PadsSection())
    assert not document.view().changed


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("lasers", 1, 'no part "lasers"'),
        ("schema_version", 1, 'no part "schema_version"'),
        ("dance", DanceSection().model_copy(update={"energy": 9.0}), '"dance.energy": input should be less than'),
        ("dance", "loud", '"dance"'),
        ("output", {"receivers": [{"to": "nowhere"}]}, "must begin with HOST:PORT"),
        ("output", {"receivers": [{"to": "h:1"}, {"to": "h:1"}]}, "the same destination stands here twice"),
        ("scenes", (Scene(name="a"), Scene(name="a")), "a scene of this name"),
    ],
)
def test_a_senseless_revision_changes_nothing_and_is_one_sentence(field: str, value: object, says: str) -> None:
    document = _document()
    before = document.preset
    assert not document.revise(field, value)
    assert document.preset is before
    (problem,) = document.view().problems
    assert says in problem
    assert document.revise("title", "Mine")
    assert document.view().problems == ()


def test_the_view_is_the_same_value_as_long_as_nothing_changes() -> None:
    document = _document()
    assert document.view() is document.view()
    before = document.view()
    document.heard(Command("tap"))
    assert document.view() is before


def test_what_is_said_is_remembered_where_a_preset_holds_it() -> None:
    document = _document()
    document.heard(Command("source", "file:/x.wav"))
    document.heard(Command("metre", 3))
    document.heard(Command("source", "tape"))
    assert document.preset.audio.source == "file:/x.wav"
    assert document.preset.tempo.beats_per_bar == 3
    other = _document()
    other.heard(Command("expert", "krump"))
    assert not other.view().changed
    other.heard(Command("energy", 1.5))
    assert other.view().changed


def test_saying_what_a_preset_begins_with_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "club.toml"
    path.write_text("[audio]\ngain_db = -3\n[dance]\nenergy = 1.5\n[tempo]\nbeats_per_bar = 3", encoding="utf-8")
    document = _document()
    document.open(str(path))
    for command in document.commands():
        document.heard(command)
    assert not document.view().changed


def test_saving_takes_in_what_was_turned_live(own_presets: Path) -> None:
    document = _document()
    document.heard(Command("energy", 1.5))
    assert document.save("club", Control("krump", energy=1.5))
    view = document.view()
    assert (view.name, view.changed, view.preset.title) == ("club", False, "club")
    assert view.preset.dance.energy == 1.5
    assert "club" in view.names
    assert load_preset("club") == view.preset
    document.revise("title", "The Club")
    assert document.save()
    assert load_preset("club").title == "The Club"


def test_a_preset_that_cannot_be_saved_is_one_sentence_and_still_changed(own_presets: Path) -> None:
    document = _document()
    document.heard(Command("energy", 1.5))
    assert not document.save("a:b", Control("krump", energy=1.5))
    view = document.view()
    assert "cannot be the name of a preset" in view.problems[0]
    assert view.changed
    assert view.preset.dance.energy == 1.0
    assert not own_presets.exists()


def test_a_broken_preset_is_protected_until_it_is_saved_under_another_name(own_presets: Path) -> None:
    own_presets.mkdir(parents=True)
    file = own_presets / "club.toml"
    file.write_text("[dance]\nenergy = 9\nlooseness = 0.5", encoding="utf-8")
    document = _document()
    assert document.open("club")
    view = document.view()
    assert view.protected
    assert "dance.energy" in view.problems[0]
    assert document.preset.dance.looseness == 0.5
    assert not document.save()
    assert "save under another name" in document.view().problems[0]
    assert file.read_text(encoding="utf-8").startswith("[dance]\nenergy = 9")
    assert document.save("club 2")
    assert (document.view().protected, document.view().problems) == (False, ())


def test_opening_what_is_not_there_leaves_the_show_as_it_is() -> None:
    document = _document()
    before = document.preset
    assert not document.open("disco")
    assert document.preset is before
    assert 'There is no preset "disco"' in document.view().problems[0]


def test_what_is_missing_here_is_said_and_left_out(tmp_path: Path) -> None:
    document = Document(open_preset("default"))
    document.revise("dance", DanceSection(expert="polka"))
    document.revise("audio", AudioSection(source="device:ALSA: club"))
    document.revise("pads", PadsSection(banks=(Bank(pads=(Pad(expert="polka"), Pad(expert="polka"))),)))
    document.revise("scenes", (Scene(name="Drop", commands={"expert": "polka", "energy": 1.5}),))
    document.revise("cues", CuesSection(entries=(CueEntry(bar=2, commands={"expert_now": "waltz", "resync": True}),)))
    document.revise("midi", MidiSection(bindings=(MidiBinding(number=1, command="expert", value="waltz"),)))
    assert document.missing() == ()
    document.know(EXPERTS, ("ALSA: pulse",))
    assert document.missing() == (
        'This model has no expert "polka"; it is left out where the preset names it (beginning, 2 pads, scene).',
        'This model has no expert "waltz"; it is left out where the preset names it (cue, MIDI binding).',
        'There is no audio input "ALSA: club" now; plug it in or choose another source.',
    )
    assert document.view().problems == document.missing()
    assert not document.view().protected
    assert document.scene("drop") == (Command("energy", 1.5),)
    assert document.cues() == (Cue(1.0, Command("resync")),)
    assert "expert" not in {command.name for command in document.commands()}
    document.know(devices=("ALSA: Club",))
    assert len(document.missing()) == 2
    document.revise("audio", AudioSection(source=f"file:{tmp_path}/absent.wav"))
    assert "There is no audio file" in document.missing()[-1]


def test_a_scene_is_what_it_says_and_an_unknown_one_lists_those_there_are() -> None:
    document = _document()
    with pytest.raises(CueError, match="this show has none"):
        document.scene("drop")
    document.revise("scenes", (Scene(name="Drop", commands={"expert": "KRUMP", "resync": True, "energy": 1.5}),))
    assert document.scene(" drop") == (Command("expert", "krump"), Command("resync"), Command("energy", 1.5))
    with pytest.raises(CueError, match="use one of: Drop"):
        document.scene("rise")


def test_the_cue_list_comes_in_order_and_only_while_it_is_followed() -> None:
    document = _document()
    entries = (CueEntry(bar=9, commands={"expert": "krump"}), CueEntry(bar=3), CueEntry(bar=1, commands={"scene": "x"}))
    document.revise("cues", CuesSection(entries=entries))
    assert document.cues() == (Cue(0.0, Command("scene", "x")), Cue(8.0, Command("expert", "krump")))
    document.revise("cues", CuesSection(enabled=False, entries=entries))
    assert document.cues() == ()


def test_an_engine_is_brought_to_a_document_that_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "waltz.toml"
    path.write_text(
        '[audio]\nsource = "file:/x.wav"\ngain_db = -3\n'
        '[tempo]\nbeats_per_bar = 3\n[dance]\nexpert = "krump"\nseed = 4',
        encoding="utf-8",
    )
    document = _document()
    document.open(str(path))
    said = {command.name: command.value for command in document.commands()}
    assert said["source"] == "file:/x.wav"
    assert (said["gain"], said["metre"], said["expert"], said["seed"], said["energy"]) == (-3.0, 3, "krump", 4, 1.0)
    document.open("default")
    said = {command.name: command.value for command in document.commands()}
    assert (said["source"], said["metre"]) == ("demo", 4)
    document.open("unreal")
    assert not {"source", "metre", "expert"} & {command.name for command in document.commands()}


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


def test_many_threads_change_a_document_at_once() -> None:
    document = _document()
    sections = {
        "audio": AudioSection(loop=False),
        "tempo": TempoSection(beats_per_bar=3),
        "output": OutputSection(receivers=(Receiver(to="h:1"),)),
        "pads": PADS,
    }
    threads = [
        threading.Thread(target=lambda f=field, v=value: [document.revise(f, v) for _ in range(20)])
        for field, value in sections.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert document.preset == Preset.model_validate({"title": "Default", **sections})
