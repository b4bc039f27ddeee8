"""Words and requests, and who gets them. Document and switchboard are real, the rest only remembers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from megadance_live.config.folders import own_file
from megadance_live.config.load import Opened
from megadance_live.config.preset import (
    AudioSection,
    CueEntry,
    CuesSection,
    DanceSection,
    MidiBinding,
    MidiSection,
    OutputSection,
    Preset,
    Receiver,
    RecordSection,
    Scene,
)
from megadance_live.config.save import save_preset
from megadance_live.core.command import Command, CommandName
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.engine.take_setup import TakeSetup
from megadance_live.remote.requests import (
    EndShow,
    ExportTake,
    LearnMidi,
    LookForTakes,
    OpenPreset,
    RecoverTakes,
    Request,
    Revise,
    SavePreset,
    Say,
    ScanDevices,
    WatchReceiver,
)
from megadance_live.remote.snapshot import LearnTarget
from megadance_live.show.director import Crew, Director
from megadance_live.show.document import Document
from megadance_live.show.engine_state import EngineState
from megadance_live.show.presenter import Switches
from megadance_live.show.switchboard import Switchboard

EXPERTS = ("house", "krump", "popping")


class Recorder:
    """Remembers every call of any method."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self.calls.append((name, *arguments))

    def last(self, name: str) -> Any:
        return next(call[1] for call in reversed(self.calls) if call[0] == name)


class Keeper(Recorder):
    """Remembers what the engine is told."""

    def __init__(self) -> None:
        super().__init__()
        self.state = EngineState(control=Control(expert="house"))

    @property
    def said(self) -> list[Command]:
        return [call[1] for call in self.calls if call[0] == "say"]

    @property
    def notices(self) -> list[str]:
        return [call[1] for call in self.calls if call[0] == "notice"]


class Rig:
    def __init__(self, preset: Preset | None = None) -> None:
        self.document = Document(Opened(preset or Preset(), "test", Path("test.toml")))
        self.keeper, self.sender = Keeper(), Recorder()
        self.receivers, self.midi, self.devices, self.takes = Recorder(), Recorder(), Recorder(), Recorder()
        self.ended = 0
        self.switchboard = Switchboard(cast(Any, self.sender), lambda: self.keeper.state.control)
        crew = Crew(
            self.document,
            *cast(Any, (self.keeper, self.switchboard, self.receivers, self.midi, self.devices, self.takes)),
        )
        self.director = Director(crew, self._end)
        self.document.know(experts=EXPERTS, devices=())

    def _end(self) -> None:
        self.ended += 1

    def say(self, name: CommandName, value: Any = None) -> None:
        self.director.say(Command(name, value))


def keep(name: str, preset: Preset) -> None:
    save_preset(preset, name, Opened(preset, name, own_file(name)))


def scene(name: str, **commands: Any) -> Scene:
    return Scene(name=name, commands=commands)


def test_a_word_for_the_dance_goes_to_the_engine_with_its_time() -> None:
    rig = Rig()
    rig.director.answer(Say(Command("expert", "krump"), 12.5))
    assert rig.keeper.calls == [("say", Command("expert", "krump"), 12.5)]


def test_a_switch_takes_effect_at_once_and_reaches_the_engine_too() -> None:
    rig = Rig()
    rig.say("freeze", True)
    assert rig.sender.calls == [("switch", Switches(frozen=True))]
    assert rig.keeper.said == [Command("freeze", True)]


def test_a_test_pose_is_none_of_the_engines_business() -> None:
    rig = Rig()
    rig.say("pattern", "left_arm")
    assert rig.sender.calls == [("lay_over", "left_arm")]
    assert rig.keeper.said == []
    assert rig.switchboard.pattern == "left_arm"


def test_a_scene_says_all_of_its_words_and_is_remembered() -> None:
    rig = Rig(Preset(scenes=(scene("drop", expert="krump", energy=1.4, pattern="t_pose"),)))
    rig.say("scene", "Drop")
    assert {(each.name, each.value) for each in rig.keeper.said} == {("expert", "krump"), ("energy", 1.4)}
    assert rig.switchboard.pattern == "t_pose"
    assert rig.director.scene.casefold() == "drop"


def test_a_scene_that_does_not_exist_is_a_sentence() -> None:
    rig = Rig(Preset(scenes=(scene("drop", energy=1.4),)))
    rig.say("scene", "chorus")
    assert rig.keeper.said == []
    (notice,) = rig.keeper.notices
    assert "chorus" in notice
    assert "drop" in notice
    assert rig.director.scene == ""


def test_a_scene_may_open_a_preset(own_presets: Path) -> None:
    keep("quiet", Preset(dance=DanceSection(energy=0.5)))
    rig = Rig(Preset(scenes=(scene("end", preset="quiet"),)))
    rig.say("scene", "end")
    assert Command("energy", 0.5) in rig.keeper.said
    assert rig.document.view().name == "quiet"


def test_a_preset_that_is_opened_brings_the_engine_and_the_parts_to_it(own_presets: Path) -> None:
    binding = MidiBinding(number=60, command="tap")
    wanted = Preset(
        audio=AudioSection(gain_db=3.0),
        dance=DanceSection(expert="popping", energy=1.5),
        output=OutputSection(receivers=(Receiver(to="127.0.0.1:9"),)),
        midi=MidiSection(bindings=(binding,)),
        cues=CuesSection(entries=(CueEntry(bar=5, commands={"expert": "krump"}),)),
    )
    keep("night", wanted)
    rig = Rig()
    rig.director.scene = "drop"
    rig.director.answer(OpenPreset("night"))
    said = {each.name: each.value for each in rig.keeper.said}
    assert (said["expert"], said["energy"], said["gain"]) == ("popping", 1.5, 3.0)
    assert rig.receivers.last("set") == wanted.output.receivers
    assert rig.midi.last("bind").bindings == (binding,)
    assert rig.keeper.last("set_cues") == (Cue(4.0, Command("expert", "krump")),)
    assert rig.director.scene == ""
    assert rig.document.view().name == "night"
    assert not rig.document.view().changed


def test_a_preset_that_does_not_exist_changes_nothing() -> None:
    rig = Rig()
    rig.director.answer(OpenPreset("nowhere"))
    assert rig.keeper.said == []
    assert rig.receivers.calls == []
    assert any("nowhere" in problem for problem in rig.document.view().problems)


def test_the_word_for_a_preset_does_what_the_request_does(own_presets: Path) -> None:
    keep("quiet", Preset(dance=DanceSection(energy=0.5)))
    rig = Rig()
    rig.say("preset", "quiet")
    assert Command("energy", 0.5) in rig.keeper.said


@pytest.mark.parametrize(
    ("field", "value", "part", "method"),
    [
        ("output", OutputSection(receivers=()), "receivers", "set"),
        ("midi", MidiSection(feedback=False), "midi", "bind"),
        ("cues", CuesSection(entries=(CueEntry(bar=2, commands={"energy": 0.5}),)), "keeper", "set_cues"),
    ],
)
def test_a_part_that_is_revised_is_followed_and_no_other(field: str, value: object, part: str, method: str) -> None:
    rig = Rig()
    rig.director.answer(Revise(field, value))
    called = {name: [call[0] for call in getattr(rig, name).calls] for name in ("receivers", "midi", "keeper", "takes")}
    assert called.pop(part) == [method]
    assert not any(called.values())
    assert getattr(rig.document.preset, field) == value


def test_takes_go_where_the_preset_says_from_then_on(tmp_path: Path) -> None:
    rig = Rig()
    rig.director.answer(Revise("record", RecordSection(folder=str(tmp_path), formats=("bvh",))))
    assert rig.keeper.last("set_takes") == TakeSetup(tmp_path, ("bvh",))
    assert rig.takes.calls == [("move", tmp_path)]


def test_a_revision_that_makes_no_sense_is_followed_by_nobody() -> None:
    rig = Rig()
    rig.director.answer(Revise("output", "everywhere"))
    rig.director.answer(Revise("nothing", 1))
    assert rig.receivers.calls == []
    assert rig.document.preset == Preset()
    assert rig.document.view().problems


@pytest.mark.parametrize(
    ("request_", "part", "call"),
    [
        (ScanDevices(), "devices", ("look",)),
        (LearnMidi(LearnTarget("tap")), "midi", ("learn", LearnTarget("tap"))),
        (LearnMidi(None), "midi", ("learn", None)),
        (LookForTakes(), "takes", ("look",)),
        (ExportTake("take-001", ("bvh",)), "takes", ("export", "take-001", ("bvh",))),
        (RecoverTakes(), "takes", ("recover",)),
        (WatchReceiver(1), "receivers", ("watch", 1)),
    ],
)
def test_a_request_reaches_whoever_it_concerns(request_: Request, part: str, call: tuple[object, ...]) -> None:
    rig = Rig()
    rig.director.answer(request_)
    assert getattr(rig, part).calls == [call]
    assert rig.ended == 0


def test_the_end_is_asked_of_whoever_started_the_show() -> None:
    rig = Rig()
    rig.director.answer(EndShow())
    assert rig.ended == 1


def test_saving_keeps_what_is_turned_live(own_presets: Path) -> None:
    rig = Rig()
    rig.keeper.state = EngineState(control=Control(expert="krump", energy=1.7))
    rig.director.answer(SavePreset("mine"))
    assert rig.document.view().name == "mine"
    assert rig.document.preset.dance.energy == 1.7
    assert (own_presets / "mine.toml").is_file()


def test_the_experts_are_told_to_everybody_who_names_them() -> None:
    rig = Rig(Preset(dance=DanceSection(expert="salsa")))
    rig.director.introduce(("salsa", "house"))
    assert rig.receivers.calls == [("introduce", ("salsa", "house"))]
    assert rig.midi.calls == [("introduce", ("salsa", "house"))]
    assert rig.document.missing() == ()
