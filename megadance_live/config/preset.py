"""What a show preset holds: plain frozen models, every field with its unit and its limits.

The limits of what a performer can also change live come from the command vocabulary, so that they cannot disagree.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from megadance_live.control.osc_in import DEFAULT_ALLOWED, DEFAULT_HOST, DEFAULT_PORT
from megadance_live.control.vocabulary import CONTROL_FIELDS, VOCABULARY, parse
from megadance_live.core.command import Command, CommandName
from megadance_live.core.control import Control

SCHEMA_VERSION = 1

TakeFormat = Literal["amass", "aist", "bvh"]


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


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


class AudioSection(_Section):
    """Where the music comes from."""

    source: str = Field("demo", description="demo, file:PATH or device:NAME (see `megadance-live devices`)")
    loop: bool = Field(True, description="start a file or the demo track again when it ends")
    tracker: str = Field("aubio", description="the tracker behind the bar clock")


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


class OutputSection(_Section):
    """Where the dance goes: HOST:PORT with the options of `--osc` and `--vmc`."""

    osc: tuple[str, ...] = Field(("127.0.0.1:7000",), description="HOST:PORT[,layout=native|touchdesigner][,rate=HZ]")
    vmc: tuple[str, ...] = Field(("127.0.0.1:39539",), description="HOST:PORT[,rate=HZ]")


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


class Preset(_Section):
    """A whole show."""

    schema_version: int = Field(SCHEMA_VERSION, ge=1, description="version of this format")
    title: str = Field("", description="shown to people")
    audio: AudioSection = AudioSection()
    dance: DanceSection = DanceSection()
    output: OutputSection = OutputSection()
    control: ControlSection = ControlSection()
    record: RecordSection = RecordSection()
