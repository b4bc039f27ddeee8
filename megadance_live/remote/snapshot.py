"""How a show stands, as a value: everything that a control surface draws which does not change with every frame."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from megadance_live.config.preset import MidiBinding, Preset
from megadance_live.core.command import CommandName, CommandValue
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue

Phase = Literal["starting", "dancing", "restarting", "stopping", "ended", "failed"]


@dataclass(frozen=True)
class EngineView:
    """The engine, as the show knows it. `notice` is the last sentence for the status line, which came at host time
    `noticed_s`. `source_spec` is how the source is asked for: demo, file:PATH or device:NAME. `source_status` is ""
    when the input is well, else what is the matter, in words (it begins with LOST where the device has vanished).
    `take` names the open take, "" when there is none."""

    phase: Phase = "starting"
    source: str = ""
    source_spec: str = ""
    source_status: str = ""
    dancer: str = ""
    experts: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    control: Control | None = None
    restarts: int = 0
    notice: str = ""
    noticed_s: float = 0.0
    take: str = ""
    take_since_s: float = 0.0
    failure: str = ""


@dataclass(frozen=True)
class ReceiverView:
    """How one receiver of the preset is served: `place` is its place in `preset.output.receivers`. Rates are those of
    the last second, counts those since it was opened; `trouble` is "" or a sentence."""

    place: int
    open: bool = False
    rate_hz: float = 0.0
    packets_per_s: float = 0.0
    bytes_per_s: float = 0.0
    packets: int = 0
    failures: int = 0
    late_median_ms: float = 0.0
    late_p99_ms: float = 0.0
    dropped: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class InputDevice:
    """An audio input; `name` is "host API: name", by which it is remembered."""

    name: str
    channels: int
    rate_hz: int
    default: bool = False


@dataclass(frozen=True)
class DevicesView:
    """Audio inputs as last looked up. `trouble` says why there are none, where that is known."""

    inputs: tuple[InputDevice, ...] = ()
    scanning: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class TakeView:
    """A finished take, or one that was cut off and can be recovered (`finished` False). `started` is its wall-clock
    stamp; `formats` are the motion files that it holds."""

    name: str
    folder: Path
    length_s: float = 0.0
    size_bytes: int = 0
    started: str = ""
    markers: int = 0
    formats: tuple[str, ...] = ()
    finished: bool = True


@dataclass(frozen=True)
class ExportView:
    """An export that runs, or has ended: `progress` 0..1; `trouble` says why it failed."""

    take: str
    formats: tuple[str, ...]
    progress: float = 0.0
    done: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class TakesView:
    """Takes, newest first, and the disk that they are on."""

    folder: Path = field(default_factory=Path)
    takes: tuple[TakeView, ...] = ()
    free_bytes: int = 0
    exports: tuple[ExportView, ...] = ()


@dataclass(frozen=True)
class LearnTarget:
    """What the next MIDI message is to be bound to; a range takes its limits from the word of the command."""

    command: CommandName
    value: CommandValue = None
    mode: Literal["momentary", "toggle", "range"] = "momentary"


@dataclass(frozen=True)
class MidiView:
    """`available` False: there is no MIDI on this machine, and `trouble` says why. `ports` are the inputs that are
    listened to, `left_out` those that are there besides. `learned` is the binding that was learned last, `replaced` how
    many others it has taken its key from. `last` is the last message, in words."""

    available: bool = False
    ports: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    learning: LearnTarget | None = None
    learned: MidiBinding | None = None
    replaced: int = 0
    last: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class PresetView:
    """The show that is performed. `preset` is its document; what the performer turns live stands in the Control, and
    is put into the document when it is saved. `changed`: since it was opened or saved. `names` are all presets that
    can be opened by name. `problems` are sentences on what could not be used; a preset with `protected` True is never
    written over, and saving asks for another name. `answered` counts the requests to open or save that have been
    answered; `refusal` is "" or the sentence, one of `problems`, that says why the last request was not followed."""

    preset: Preset = field(default_factory=Preset)
    name: str = "default"
    changed: bool = False
    names: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    protected: bool = False
    restored: bool = False
    answered: int = 0
    refusal: str = ""


@dataclass(frozen=True)
class ControlInView:
    """OSC control: `port` 0 where nobody is listened to; messages that acted and that were ignored."""

    port: int = 0
    acted: int = 0
    ignored: int = 0


@dataclass(frozen=True)
class Snapshot:
    """Each field is sent when it has changed. `pattern` is the test pose that is being sent, "off" for none. `monitor`
    holds the datagrams that the watched receiver was sent last. `trouble` says what is wrong with the show itself."""

    engine: EngineView = field(default_factory=EngineView)
    receivers: tuple[ReceiverView, ...] = ()
    devices: DevicesView = field(default_factory=DevicesView)
    takes: TakesView = field(default_factory=TakesView)
    midi: MidiView = field(default_factory=MidiView)
    preset: PresetView = field(default_factory=PresetView)
    control_in: ControlInView = field(default_factory=ControlInView)
    pattern: str = "off"
    scene: str = ""
    monitor: tuple[bytes, ...] = ()
    pids: tuple[int, ...] = ()
    """Process numbers of the show and of the engine (if it is a process of its own)."""
    log: Path = field(default_factory=Path)
    trouble: str = ""
