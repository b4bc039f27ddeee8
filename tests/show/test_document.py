"""The document of a show: revised, opened, saved, and what of it cannot be used here."""

import threading
from pathlib import Path

import pytest

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
from megadance_live.core.errors import CueError
from megadance_live.show.document import Document

EXPERTS = ("house", "krump")
PADS = PadsSection(banks=(Bank(name="A", pads=(Pad(expert="krump"),)),))


def _document() -> Document:
    document = Document(open_preset("default"))
    document.know(EXPERTS, ())
    return document


def test_a_document_begins_unchanged() -> None:
    view = _document().view()
    assert (view.name, view.changed, view.problems) == ("default", False, ())
    assert not view.protected
    assert not view.restored
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


def test_a_range_of_tempi_is_remembered_in_whatever_order_it_is_said() -> None:
    document = _document()
    document.heard(Command("bpm_low", 165.0))
    document.heard(Command("bpm_high", 180.0))
    assert document.preset.tempo == TempoSection(low_bpm=165, high_bpm=180)
    document.heard(Command("bpm_high", 100.0))
    assert document.preset.tempo == TempoSection(low_bpm=100, high_bpm=100)
    document.heard(Command("bpm_low", "fast"))
    document.heard(Command("bpm_low", 80.0))
    assert document.preset.tempo == TempoSection(low_bpm=80, high_bpm=100)


def test_a_metre_that_is_left_to_the_audio_again_is_forgotten() -> None:
    document = _document()
    document.heard(Command("metre", 3))
    document.heard(Command("follow"))
    assert document.preset.tempo.beats_per_bar == 4


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


def test_every_request_to_open_or_save_is_answered_also_when_it_is_refused_twice(own_presets: Path) -> None:
    document = _document()
    assert document.save("mine")
    assert (document.view().answered, document.view().refusal) == (1, "")
    assert not document.open("nowhere")
    assert not document.open("nowhere")
    assert document.view().answered == 3
    assert document.view().refusal in document.view().problems
    document.revise("pads", PADS)
    assert (document.view().answered, document.view().refusal) == (3, "")


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
