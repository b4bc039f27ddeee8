"""What a show preset holds: plain frozen models, every field with its unit and its limits.

The limits of what a performer can also change live come from the command vocabulary, so that they cannot disagree.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from megadance_live.control.vocabulary import VOCABULARY, parse
from megadance_live.core.command import Command, CommandName

SCHEMA_VERSION = 1

TakeFormat = Literal["amass", "aist", "bvh"]


def _spoken(name: CommandName, default: float | int | bool) -> Any:
    """A field with the limits, unit and help of a command."""
    word = VOCABULARY[name]
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
    seed: int = _spoken("seed", 0)
    quantize_bars: Annotated[float, AfterValidator(_whole_bars)] = _spoken("quantize", 1.0)
    crossfade_s: float = _spoken("crossfade", 0.35)
    energy: float = _spoken("energy", 1.0)
    looseness: float = _spoken("looseness", 1.0)
    smooth_s: float = _spoken("smooth", 0.0)
    mirror: bool = _spoken("mirror", False)
    latency_ms: float = _spoken("latency", 0.0)

    def commands(self) -> tuple[Command, ...]:
        """What to say at the start so that the dance begins like this; the expert and the seed are said elsewhere."""
        said: tuple[tuple[CommandName, float | bool], ...] = (
            ("quantize", self.quantize_bars),
            ("crossfade", self.crossfade_s),
            ("energy", self.energy),
            ("looseness", self.looseness),
            ("smooth", self.smooth_s),
            ("mirror", self.mirror),
            ("latency", self.latency_ms),
        )
        return tuple(parse(name, value, ()) for name, value in said)


class OutputSection(_Section):
    """Where the dance goes: HOST:PORT with the options of `--osc` and `--vmc`."""

    osc: tuple[str, ...] = Field(("127.0.0.1:7000",), description="HOST:PORT[,layout=native|touchdesigner][,rate=HZ]")
    vmc: tuple[str, ...] = Field(("127.0.0.1:39539",), description="HOST:PORT[,rate=HZ]")


class ControlSection(_Section):
    """OSC control in."""

    enabled: bool = Field(True, description="listen for OSC control")
    host: str = Field("127.0.0.1", description="address to listen on; 0.0.0.0 for every network")
    port: int = Field(9001, ge=0, le=65535, description="UDP port")
    allow: tuple[str, ...] = Field(("127.0.0.1", "::1"), description="addresses or networks that may control the show")


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
