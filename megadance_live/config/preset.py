"""What a show preset holds: plain frozen models, every field with its unit and its limits.

The limits of what a performer can also change live come from the command vocabulary, so that they cannot disagree.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from megadance_live.control.osc_in import DEFAULT_ALLOWED, DEFAULT_HOST, DEFAULT_PORT
from megadance_live.control.vocabulary import CONTROL_FIELDS, VOCABULARY, parse
from megadance_live.core.command import Command, CommandName
from megadance_live.core.control import Control
from megadance_live.core.destination import Destination, parse_destination
from megadance_live.core.errors import MegaDanceError

SCHEMA_VERSION = 2

TakeFormat = Literal["amass", "aist", "bvh"]
COLOUR = r"^(#[0-9a-fA-F]{6})?$"


def _spoken(name: CommandName) -> Any:
    """A field with the default of the Control, and the limits, unit and help of the command that sets it."""
    word = VOCABULARY[name]
    default = getattr(Control, CONTROL_FIELDS[name])
    described = f"{word.help} ({word.takes})"
    if word.kind == "switch" or word.choices:
        return Field(default, description=described)
    return Field(default, description=described, ge=word.least, le=word.greatest)


def _whole_bars(value: float) -> float:
    word = VOCABULARY["quantize"]
    if value not in word.choices:
        raise ValueError(f"should be {word.takes}")
    return value


def _read(parse: Callable[[], str]) -> str:
    """What our own parsers say is a mistake of the file."""
    try:
        return parse()
    except MegaDanceError as error:
        raise ValueError(str(error)) from error


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


class AudioSection(_Section):
    """Where the music comes from."""

    source: str = Field("demo", description="demo, file:PATH or device:NAME (see `megadance-live devices`)")
    loop: bool = Field(True, description="start a file or the demo track again when it ends")
    tracker: str = Field("aubio", description="the tracker behind the bar clock")
    gain_db: float = _spoken("gain")


class DanceSection(_Section):
    """How the dance begins; each of these can be changed while it runs."""

    expert: str | None = Field(None, description="genre that begins (see `megadance-live experts`); none: the first")
    seed: int = _spoken("seed")
    quantize_bars: Annotated[float, AfterValidator(_whole_bars)] = _spoken("quantize")
    crossfade_s: float = _spoken("crossfade")
    energy: float = _spoken("energy")
    looseness: float = _spoken("looseness")
    smooth_s: float = _spoken("smooth")
    mirror: bool = _spoken("mirror")
    latency_ms: float = _spoken("latency")

    def commands(self) -> tuple[Command, ...]:
        """What to say at the start so that the dance begins like this; the expert and the seed are said elsewhere."""
        said = {name: field for name, field in CONTROL_FIELDS.items() if field in type(self).model_fields}
        return tuple(parse(name, getattr(self, field), ()) for name, field in said.items() if name != "seed")


class TempoSection(_Section):
    """How musical time begins."""

    beats_per_bar: int = Field(4, ge=2, le=12, description="beats in a bar")


class Receiver(_Section):
    """One program that the dance is sent to."""

    name: str = Field("", max_length=40, description="what the performer calls it")
    to: str = Field(description="HOST:PORT[,layout=...][,rate=HZ]... (docs/osc.md)")
    enabled: bool = Field(True, description="send to it")

    @field_validator("to")
    @classmethod
    def _can_be_read(cls, text: str) -> str:
        return _read(lambda: parse_destination(text, "native").text)

    @property
    def destination(self) -> Destination:
        return parse_destination(self.to, "native")


class OutputSection(_Section):
    """Where the dance goes."""

    receivers: tuple[Receiver, ...] = Field(
        (Receiver(name="OSC", to="127.0.0.1:7000"), Receiver(name="VMC", to="127.0.0.1:39539,layout=vmc")),
        description="programs that the dance is sent to",
    )


class ControlSection(_Section):
    """OSC control in."""

    enabled: bool = Field(True, description="listen for OSC control")
    host: str = Field(DEFAULT_HOST, description="address to listen on; 0.0.0.0 for every network")
    port: int = Field(DEFAULT_PORT, ge=0, le=65535, description="UDP port")
    allow: tuple[str, ...] = Field(DEFAULT_ALLOWED, description="addresses or networks that may control the show")


class RecordSection(_Section):
    """Takes."""

    folder: str = Field("takes", description="folder of the takes; a relative one begins where the program was started")
    formats: tuple[TakeFormat, ...] = Field(("amass", "aist", "bvh"), description="files that a finished take holds")
    at_start: bool = Field(False, description="record from the start")


class Pad(_Section):
    """A pad that arms an expert. What is left empty is chosen by the app."""

    expert: str = Field(description="genre, see `megadance-live experts`")
    name: str = Field("", max_length=24, description="written on the pad")
    colour: str = Field("", pattern=COLOUR, description="#rrggbb")


class Bank(_Section):
    """A page of pads."""

    name: str = Field("", max_length=24, description="written on the tab")
    pads: tuple[Pad, ...] = Field((), description="pads in order")


class PadsSection(_Section):
    """Banks of pads; none: one bank of all experts in the model's order."""

    banks: tuple[Bank, ...] = Field((), description="pages of pads")


class Scene(_Section):
    """Commands that are given together."""

    name: str = Field(min_length=1, max_length=24, description="what it is called")
    colour: str = Field("", pattern=COLOUR, description="#rrggbb")
    commands: dict[str, float | int | bool | str] = Field(
        default_factory=dict, description="what is said, by the names of docs/osc.md; true for those that take nothing"
    )


class CueEntry(_Section):
    """What happens on a bar."""

    bar: float = Field(ge=1, description="counted from 1; 5.5 is the middle of bar 5")
    commands: dict[str, float | int | bool | str] = Field(default_factory=dict, description="as in a scene")


class CuesSection(_Section):
    """A list of cues that follows the bars."""

    enabled: bool = Field(True, description="follow the list")
    entries: tuple[CueEntry, ...] = Field((), description="what happens on which bar")


class MidiBinding(_Section):
    """What a key, knob or pad of a MIDI controller does.

    `momentary`: acts when pressed, and a switch goes off again when let go. `toggle`: each press turns a switch over.
    `range`: the value 0..127 becomes `least`..`greatest` of the command.
    """

    kind: Literal["note", "control", "program"] = Field("note", description="kind of message")
    channel: int = Field(0, ge=0, le=15, description="MIDI channel, counted from 0")
    number: int = Field(ge=0, le=127, description="note, controller or program")
    port: str = Field("", description="name of the input; none: any")
    command: str = Field(description="what is said, by the names of docs/osc.md")
    value: float | int | bool | str | None = Field(None, description="with which value, unless it is a range")
    mode: Literal["momentary", "toggle", "range"] = Field("momentary", description="how it acts")
    least: float = Field(0.0, description="value of a range at 0")
    greatest: float = Field(1.0, description="value of a range at 127")


class MidiSection(_Section):
    """MIDI control in, and the lamps of the controllers."""

    enabled: bool = Field(True, description="listen to MIDI")
    ports: tuple[str, ...] = Field((), description="inputs to listen to; none: all")
    feedback: bool = Field(True, description="light the controllers' pads")
    bindings: tuple[MidiBinding, ...] = Field((), description="what does what")


class StageSection(_Section):
    """How the app draws the dancer."""

    body: str = Field("", description="folder of a body made by `megadance-live body`; none: the built-in one")
    camera: Literal["orbit", "front", "side", "back", "top", "close"] = Field(
        "front", description="where it looks from"
    )
    ghost: bool = Field(True, description="show the armed expert beside the dancer")


class Preset(_Section):
    """A whole show."""

    schema_version: int = Field(SCHEMA_VERSION, ge=1, description="version of this format")
    title: str = Field("", description="shown to people")
    audio: AudioSection = AudioSection()
    tempo: TempoSection = TempoSection()
    dance: DanceSection = DanceSection()
    output: OutputSection = OutputSection()
    control: ControlSection = ControlSection()
    record: RecordSection = RecordSection()
    pads: PadsSection = PadsSection()
    scenes: tuple[Scene, ...] = ()
    cues: CuesSection = CuesSection()
    midi: MidiSection = MidiSection()
    stage: StageSection = StageSection()
