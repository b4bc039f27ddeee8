"""Who answers what: words to the engine or to the show itself, requests of surfaces to whoever they concern."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from megadance_live.control.midi.desk import MidiDesk
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.errors import CueError
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
from megadance_live.show.device_scan import DeviceScan
from megadance_live.show.document import Document
from megadance_live.show.keeper import EngineKeeper
from megadance_live.show.patterns import PatternName
from megadance_live.show.receivers import Receivers
from megadance_live.show.switchboard import Switchboard
from megadance_live.show.take_library import TakeLibrary


@dataclass(frozen=True)
class Crew:
    """The parts of a show that the director directs."""

    document: Document
    keeper: EngineKeeper
    switchboard: Switchboard
    receivers: Receivers
    midi: MidiDesk
    devices: DeviceScan
    takes: TakeLibrary


class Director:
    """Every method may be called from any thread. `end` is called when a surface asks for the end of the show."""

    def __init__(self, crew: Crew, end: Callable[[], None]) -> None:
        self._crew = crew
        self._end = end
        self.scene = ""

    def say(self, command: Command, host_time_s: float | None = None) -> None:
        """Follow a command that was given at a host time (None: now). Freeze, blackout and test poses take effect at
        once, even when the engine is away."""
        crew = self._crew
        crew.document.heard(command)
        crew.switchboard.hear(command)
        match command.name:
            case "pattern":
                crew.switchboard.lay_over(cast(PatternName, str(command.value)))
            case "scene":
                self._call_scene(str(command.value))
            case "preset":
                self._open(str(command.value))
            case _:
                crew.keeper.say(command, host_time_s)

    def answer(self, request: Request) -> None:
        """Do what a surface asks for."""
        crew = self._crew
        match request:
            case Say():
                self.say(request.command, request.host_time_s)
            case Revise():
                if crew.document.revise(request.field, request.value):
                    self.perform(request.field)
            case OpenPreset():
                self._open(request.name)
            case SavePreset():
                crew.document.save(request.name, self._control())
            case ScanDevices():
                crew.devices.look()
            case LearnMidi():
                crew.midi.learn(request.target)
            case LookForTakes():
                crew.takes.look()
            case ExportTake():
                crew.takes.export(request.take, request.formats)
            case RecoverTakes():
                crew.takes.recover()
            case WatchReceiver():
                crew.receivers.watch(request.place)
            case EndShow():
                self._end()

    def perform(self, field: str = "") -> None:
        """Let the parts follow a field of the document; "": all that can be followed while the show runs."""
        crew, preset = self._crew, self._crew.document.preset
        if field in ("", "output"):
            crew.receivers.set(preset.output.receivers)
        if field in ("", "midi"):
            crew.midi.bind(preset.midi)
        if field in ("", "cues"):
            crew.keeper.set_cues(self._crew.document.cues())
        if field in ("", "record"):
            takes = TakeSetup.of(preset.record)
            crew.keeper.set_takes(takes)
            crew.takes.move(takes.folder)

    def introduce(self, experts: tuple[str, ...]) -> None:
        """The dancer is known."""
        crew = self._crew
        crew.document.know(experts=experts)
        crew.receivers.introduce(experts)
        crew.midi.introduce(experts)

    def _call_scene(self, name: str) -> None:
        """A scene calls no scene, so that this comes to an end."""
        try:
            commands = self._crew.document.scene(name)
        except CueError as error:
            self._crew.keeper.notice(str(error))
            return
        self.scene = name
        self._say_all(commands)

    def _open(self, name: str) -> None:
        if self._crew.document.open(name):
            self.scene = ""
            self.perform()
            self._say_all(self._crew.document.commands())

    def _say_all(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            self.say(command)

    def _control(self) -> Control | None:
        return self._crew.keeper.state.control
