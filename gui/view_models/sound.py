"""Where the music comes from: what there is to choose, what is heard, and what to do when nothing is."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gui.port import ShowPort
from gui.view_models.levels import FLOOR_DB, LevelsModel
from gui.view_models.silence import hints
from gui.view_models.thinned import Thinned
from gui.view_models.waveform import WaveformModel
from megadance_live.control.vocabulary import VOCABULARY
from megadance_live.remote.client import View
from megadance_live.remote.requests import ScanDevices
from megadance_live.remote.snapshot import EngineView, InputDevice

DEMO = "demo"
FILE = "file:"
DEVICE = "device:"
AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".m4a", ".aac", ".aif", ".aiff", ".opus", ".mp4", ".mov", ".mkv")
"""What the file chooser lists; any other file may be dropped, and the show says if it cannot read it."""
SILENT_DB = FLOOR_DB + 5.0
SILENT_AFTER_S = 4.0
SETTLES_S = 0.5
NOTICE_S = 8.0
"""So long a sentence on what could not be done stays."""
ANSWER_S = 8.0
"""So long a source is waited for before its name is taken from the screen again."""


@dataclass(frozen=True)
class Input:
    """An audio input in the list. `value` is what `source` is told."""

    name: str
    value: str
    details: str
    current: bool = False
    lost: bool = False


@dataclass(frozen=True)
class SoundState:
    """`trouble` is what the matter is with the input, in words ("" when it is well); `asked` names the source that the
    show has been asked for and has not yet answered; `devices_line` says how the list of inputs stands."""

    source: str = ""
    kind: str = ""
    trouble: str = ""
    lost: bool = False
    asked: str = ""
    notice: str = ""
    inputs: tuple[Input, ...] = ()
    scanning: bool = False
    devices_line: str = ""
    gain_db: float = 0.0
    tracker: str = ""
    silent: bool = False
    hints: tuple[str, ...] = ()


class SoundModel:
    """`levels` and `waveform` are what is drawn of the sound itself."""

    def __init__(self, port: ShowPort, platform: str = sys.platform) -> None:
        self._port = port
        self._platform = platform
        self.levels = LevelsModel()
        self.waveform = WaveformModel()
        self.state = SoundState()
        self._gain_db: Thinned[float] = Thinned(lambda gain_db: port.say("gain", gain_db))
        self._asked = ""
        self._asked_s = 0.0
        self._notice = ""
        self._noticed_s = 0.0
        self._loud_s: float | None = None
        self._now_s = 0.0

    def update(self, view: View) -> None:
        """Follow the show."""
        self._now_s = view.now_s
        self._gain_db.tick(view.now_s)
        self.levels.update(view)
        self.waveform.update(view)
        engine, devices = view.snapshot.engine, view.snapshot.devices
        lost = engine.source_status.startswith("LOST")
        heard = self.levels.state.peak_db > SILENT_DB
        if self._loud_s is None or heard or lost or engine.phase != "dancing":
            self._loud_s = view.now_s
        silent = view.now_s - self._loud_s > SILENT_AFTER_S
        self._settle(engine)
        if view.now_s - self._noticed_s > NOTICE_S:
            self._notice = ""
        inputs = _inputs(devices.inputs, engine)
        kind = _kind_of(engine.source, inputs)
        self.state = SoundState(
            source=title_of(engine.source),
            kind=kind,
            trouble=engine.source_status,
            lost=lost,
            asked=self._asked,
            notice=self._notice,
            inputs=inputs,
            scanning=devices.scanning,
            devices_line=_devices_line(devices.scanning, devices.trouble, len(devices.inputs)),
            gain_db=engine.control.gain_db if engine.control is not None else self.state.gain_db,
            tracker=view.snapshot.preset.preset.audio.tracker,
            silent=silent,
            hints=hints(self._platform, kind) if silent else (),
        )

    def opened(self) -> None:
        """The page is shown: look for inputs if none are known."""
        if not self.state.inputs and not self.state.scanning:
            self.rescan()

    def rescan(self) -> None:
        """Look for inputs again."""
        self._port.ask(ScanDevices())

    def choose_input(self, name: str) -> None:
        """Listen to the input called "host API: name"."""
        self._choose(DEVICE + name, name)

    def choose_demo(self) -> None:
        """The demo track, from its beginning."""
        self._choose(DEMO, title_of(DEMO))

    def choose_file(self, path: Path) -> None:
        """A file, from its beginning."""
        if path.is_dir():
            self._note(f"{path.name} is a folder: choose an audio file in it.")
        elif not path.is_file():
            self._note(f"{path.name} is not there any more: choose another audio file.")
        else:
            self._choose(f"{FILE}{path}", path.name)

    def drop(self, paths: Sequence[Path]) -> None:
        """What was dropped onto the window: the first file is played."""
        if not paths:
            self._note("Only audio files of this computer can be dropped here.")
            return
        self.choose_file(paths[0])
        if len(paths) > 1:
            self._note(f"One file plays at a time: {paths[0].name} it is, of {len(paths)}.")

    def set_gain(self, gain_db: float) -> None:
        """Of the input, under the hand; within the limits of the command."""
        word = VOCABULARY["gain"]
        self._gain_db.offer(min(max(gain_db, word.least), word.greatest), self._now_s)

    def let_go_of_gain(self) -> None:
        """The hand has let go: where it was last is sent."""
        self._gain_db.flush(self._now_s)

    def _choose(self, value: str, title: str) -> None:
        self._note("")
        self._asked, self._asked_s = title, self._now_s
        self._port.say("source", value)

    def _note(self, sentence: str) -> None:
        self._notice, self._noticed_s = sentence, self._now_s

    def _settle(self, engine: EngineView) -> None:
        """Is the wish answered: by the source, by a sentence, or by nothing for long?"""
        if not self._asked:
            return
        waited_s = self._now_s - self._asked_s
        there = title_of(engine.source) == self._asked and waited_s > SETTLES_S
        if there or engine.noticed_s > self._asked_s or waited_s > ANSWER_S:
            self._asked = ""


def title_of(source: str) -> str:
    """As people call it."""
    if source == DEMO:
        return "Demo track"
    return source.removeprefix(DEVICE) if not source.startswith(FILE) else Path(source.removeprefix(FILE)).name


def _kind_of(source: str, inputs: Sequence[Input]) -> str:
    if source in ("", DEMO):
        return source
    return "input" if any(entry.current for entry in inputs) else "file"


def _inputs(found: Sequence[InputDevice], engine: EngineView) -> tuple[Input, ...]:
    """Those that were found; the one in use stands first if it is not among them."""
    source = engine.source.removeprefix(DEVICE)
    lost = engine.source_status.startswith("LOST")
    listed = tuple(
        Input(
            device.name, DEVICE + device.name, _details(device), device.name == source, lost and device.name == source
        )
        for device in found
    )
    if any(entry.current for entry in listed) or not (lost or _names_an_input(source)):
        return listed
    details = "it comes back by itself" if lost else "in use, but not in the list"
    return (Input(source, DEVICE + source, details, current=True, lost=lost), *listed)


def _names_an_input(source: str) -> bool:
    """Inputs are named "host API: name", files by their file name."""
    return ": " in source and not source.lower().endswith(AUDIO_SUFFIXES)


def _details(device: InputDevice) -> str:
    channels = {1: "mono", 2: "stereo"}.get(device.channels, f"{device.channels} channels")
    rate = f"{device.rate_hz / 1000:g} kHz"
    return f"{channels}, {rate}, default of the system" if device.default else f"{channels}, {rate}"


def _devices_line(scanning: bool, trouble: str, count: int) -> str:
    if scanning:
        return "Looking for inputs ..."
    if trouble:
        return trouble
    if not count:
        return "No audio input was found: plug one in or install a loopback driver, then press RESCAN."
    return "1 input" if count == 1 else f"{count} inputs"
