"""What a show preset holds: plain frozen models, every field with its unit and its limits.

The limits of what a performer can also change live come from the command vocabulary, so that they cannot disagree.
docs/presets.md lists everything that stands here.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from megadance_live.control.cue_file import commands_of
from megadance_live.control.osc_defaults import DEFAULT_ALLOWED, DEFAULT_HOST, DEFAULT_PORT
from megadance_live.control.vocabulary import CONTROL_FIELDS, VOCABULARY, parse, word_of
from megadance_live.core.command import Command, CommandName, CommandValue
from megadance_live.core.control import Control
from megadance_live.core.destination import Destination, parse_destination
from megadance_live.core.errors import MegaDanceError
from megadance_live.core.tempo_range import FASTEST_BPM, SLOWEST_BPM, TempoRange
from megadance_live.core.trackers import DEFAULT_TRACKER

SCHEMA_VERSION = 2

TakeFormat = Literal["amass", "aist", "bvh", "edge", "glb"]
Said = dict[str, float | int | bool | str]


def _spoken(name: CommandName) -> Any:
    """A field with the default of the Control, and the limits, unit and help of the command that sets it."""
    word = VOCABULARY[name]
    default = getattr(Control, CONTROL_FIELDS[name])
    described = f"{word.help} ({word.takes})"
    if word.kind == "switch" or word.choices:
        return Field(default, description=described)
    return Field(default, description=described, ge=word.least, le=word.greatest)


def _bpm(name: CommandName, default: float) -> Any:
    """A field with the limits and the help of a word that takes a tempo."""
    word = VOCABULARY[name]
    return Field(default, description=f"{word.help} ({word.unit})", ge=word.least, le=word.greatest)


def _whole_bars(value: float) -> float:
    word = VOCABULARY["quantize"]
    if value not in word.choices:
        raise ValueError(f"should be {word.takes}")
    return value


def _source(text: str) -> str:
    kind, _, rest = text.strip().partition(":")
    if (kind == "demo") == bool(rest.strip()) or kind not in ("demo", "file", "device"):
        raise ValueError("should be demo, file:PATH or device:NAME")
    return text


def _colour(text: str) -> str:
    if text and re.fullmatch("#[0-9a-fA-F]{6}", text) is None:
        raise ValueError("should be a colour such as #ff8800")
    return text


def _read(parse: Callable[[], str]) -> str:
    """What our own parsers say is a mistake of the file."""
    try:
        return parse()
    except MegaDanceError as error:
        raise ValueError(str(error)) from error


def _can_be_said(said: Said) -> Said:
    """Words and their values; which experts there are only the model knows."""
    try:
        for name, value in said.items():
            if word_of(name).kind != "expert":
                commands_of({name: value}, ())
    except MegaDanceError as error:
        raise ValueError(str(error)) from error
    return said


def _refuse_twins(entries: Sequence[Any], keys: Sequence[Hashable], what: str) -> None:
    """Every entry whose key an earlier one has is an error of its own, so that it alone can be left out. A key of None
    is nobody's twin."""
    twins = [n for n, key in enumerate(keys) if key is not None and key in keys[:n]]
    if twins:
        error = PydanticCustomError("twin", "{what} twice; change one of them", {"what": what})
        details = [InitErrorDetails(type=error, loc=(n,), input=entries[n]) for n in twins]
        raise ValidationError.from_exception_data("Preset", details)


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=False, allow_inf_nan=False, revalidate_instances="always"
    )


class AudioSection(_Section):
    """Where the music comes from."""

    source: Annotated[str, AfterValidator(_source)] = Field(
        "demo", description="demo, file:PATH or device:NAME (see `megadance-live devices`)"
    )
    loop: bool = Field(True, description="start a file or the demo track again when it ends")
    tracker: str = Field(DEFAULT_TRACKER, description="the tracker behind the bar clock")
    gain_db: float = _spoken("gain")


class DanceSection(_Section):
    """How the dance begins; each of these can be changed while it runs."""

    expert: str | None = Field(None, description="genre that begins (see `megadance-live experts`); none: the first")
    seed: int = _spoken("seed")
    quantize_bars: Annotated[float, AfterValidator(_whole_bars)] = _spoken("quantize")
    crossfade_s: float = _spoken("crossfade")
    energy: float = _spoken("energy")
    dynamics: float = _spoken("dynamics")
    accent: float = _spoken("accent")
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
    low_bpm: float = _bpm("bpm_low", SLOWEST_BPM)
    high_bpm: float = _bpm("bpm_high", FASTEST_BPM)

    @field_validator("high_bpm")
    @classmethod
    def _is_not_below(cls, high_bpm: float, info: ValidationInfo) -> float:
        if high_bpm < info.data.get("low_bpm", SLOWEST_BPM):
            raise ValueError("should not be less than low_bpm")
        return high_bpm

    @property
    def range(self) -> TempoRange:
        return TempoRange(self.low_bpm, self.high_bpm)

    def commands(self, before: "TempoSection") -> tuple[Command, ...]:
        """What to say where musical time began like `before`."""
        said: list[Command] = []
        if self.range != before.range:
            said += [Command("bpm_low", self.low_bpm), Command("bpm_high", self.high_bpm)]
        if self.beats_per_bar != before.beats_per_bar:
            said.append(Command("metre", self.beats_per_bar))
        return tuple(said)


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

    @field_validator("receivers")
    @classmethod
    def _go_to_different_places(cls, receivers: tuple[Receiver, ...]) -> tuple[Receiver, ...]:
        keys = [receiver.destination if receiver.enabled else None for receiver in receivers]
        _refuse_twins(receivers, keys, "the same destination stands here")
        return receivers


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
    colour: Annotated[str, AfterValidator(_colour)] = Field("", description="#rrggbb")


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
    colour: Annotated[str, AfterValidator(_colour)] = Field("", description="#rrggbb")
    commands: Annotated[Said, AfterValidator(_can_be_said)] = Field(
        default_factory=dict, description="what is said, by the names of docs/cues.md; true for those that take nothing"
    )

    @field_validator("commands")
    @classmethod
    def _calls_no_scene(cls, commands: Said) -> Said:
        if "scene" in commands:
            raise ValueError("a scene cannot call a scene; write what that one says")
        return commands


class CueEntry(_Section):
    """What happens on a bar."""

    bar: float = Field(ge=1, description="counted from 1; 5.5 is the middle of bar 5")
    commands: Annotated[Said, AfterValidator(_can_be_said)] = Field(
        default_factory=dict, description="as in a scene; may call one"
    )


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
    command: str = Field(description="what is said, by the names of docs/cues.md")
    value: float | int | bool | str | None = Field(None, description="with which value, unless it is a range")
    mode: Literal["momentary", "toggle", "range"] = Field("momentary", description="how it acts")
    least: float = Field(0.0, description="value of a range at 0")
    greatest: float = Field(1.0, description="value of a range at 127")

    @field_validator("command")
    @classmethod
    def _is_a_word(cls, command: str) -> str:
        return _read(lambda: word_of(command).name)

    @field_validator("value")
    @classmethod
    def _can_be_its_value(cls, value: CommandValue, info: ValidationInfo) -> CommandValue:
        command = info.data.get("command")
        if command is not None and value is not None and word_of(command).kind != "none":
            _can_be_said({command: value})
        return value


class MidiSection(_Section):
    """MIDI control in, and the lamps of the controllers."""

    enabled: bool = Field(True, description="listen to MIDI")
    ports: tuple[str, ...] = Field((), description="inputs to listen to; none: all")
    feedback: bool = Field(True, description="light the controllers' pads")
    bindings: tuple[MidiBinding, ...] = Field((), description="what does what")


class StageSection(_Section):
    """How the app draws the dancer."""

    body: str = Field("", description="folder of a body made from SMPL's model files; none: the built-in one")
    camera: Literal["orbit", "front", "side", "back", "top", "close"] = Field(
        "front", description="where it looks from"
    )
    ghost: bool = Field(True, description="show the armed expert beside the dancer")


class Preset(_Section):
    """A whole show."""

    schema_version: int = Field(SCHEMA_VERSION, ge=1, le=SCHEMA_VERSION, description="version of this format")
    title: str = Field("", max_length=80, description="shown to people")
    audio: AudioSection = Field(AudioSection(), description="where the music comes from")
    tempo: TempoSection = Field(TempoSection(), description="how musical time begins")
    dance: DanceSection = Field(DanceSection(), description="how the dance begins")
    output: OutputSection = Field(OutputSection(), description="where the dance goes")
    control: ControlSection = Field(ControlSection(), description="OSC control in")
    record: RecordSection = Field(RecordSection(), description="takes")
    pads: PadsSection = Field(PadsSection(), description="banks of pads")
    scenes: tuple[Scene, ...] = Field((), description="commands that are given together")
    cues: CuesSection = Field(CuesSection(), description="what happens on which bar")
    midi: MidiSection = Field(MidiSection(), description="MIDI control in")
    stage: StageSection = Field(StageSection(), description="how the app draws the dancer")

    @field_validator("scenes")
    @classmethod
    def _have_names_of_their_own(cls, scenes: tuple[Scene, ...]) -> tuple[Scene, ...]:
        _refuse_twins(scenes, [scene.name for scene in scenes], "a scene of this name stands here")
        return scenes

    def commands(self, before: TempoSection | None = None) -> tuple[Command, ...]:
        """What to say to a dance whose musical time began like `before` (None: by default) so that it goes on like
        this; the source, the expert and the seed are said elsewhere."""
        tempo = self.tempo.commands(before or TempoSection())
        return (*self.dance.commands(), Command("gain", self.audio.gain_db), *tempo)
