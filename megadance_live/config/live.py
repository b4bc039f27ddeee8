"""Between a preset and what the performer turns live."""

from typing import Any

from megadance_live.config.preset import AudioSection, DanceSection, Preset, Scene, TempoSection
from megadance_live.control.vocabulary import CONTROL_FIELDS
from megadance_live.core.command import Command, CommandName, CommandValue
from megadance_live.core.control import Control

KEPT: frozenset[CommandName] = frozenset(
    name
    for name, field in CONTROL_FIELDS.items()
    if field in DanceSection.model_fields or field in AudioSection.model_fields
)
"""Commands whose value a preset holds as well."""
TEMPO_WORDS: frozenset[CommandName] = frozenset({"metre", "follow", "bpm_low", "bpm_high"})
"""Commands that change how a preset's musical time begins."""
SCENE_WORDS: tuple[CommandName, ...] = ("energy", "dynamics", "accent", "looseness", "smooth", "crossfade", "mirror")
"""What a scene takes from the present, beside the expert. Not what belongs to the room: latency and gain."""
_DIGITS = 4
"""Faders send more than a performer can mean."""


def with_control(preset: Preset, control: Control) -> Preset:
    """A preset that begins as the dance is now."""
    dance = _turned(control, DanceSection) | {"expert": control.expert}
    return preset.model_copy(
        update={
            "dance": preset.dance.model_copy(update=dance),
            "audio": preset.audio.model_copy(update=_turned(control, AudioSection)),
        }
    )


def kept_value(preset: Preset, name: CommandName) -> CommandValue:
    """What a preset holds of a command in KEPT."""
    field = CONTROL_FIELDS[name]
    section = preset.dance if field in DanceSection.model_fields else preset.audio
    value: CommandValue = getattr(section, field)
    return value


def tempo_after(command: Command, tempo: TempoSection) -> dict[str, CommandValue]:
    """What a command in TEMPO_WORDS makes of the fields of the section."""
    value = command.value
    if command.name == "follow":
        return {"beats_per_bar": TempoSection().beats_per_bar}
    if command.name == "metre":
        return {"beats_per_bar": value}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return {}
    wanted = tempo.range.from_low(value) if command.name == "bpm_low" else tempo.range.to_high(value)
    return {"low_bpm": wanted.low_bpm, "high_bpm": wanted.high_bpm}


def capture_scene(name: str, control: Control, colour: str = "") -> Scene:
    """A scene of the present expert and macros. Raises pydantic's ValidationError, a ValueError, for a name or colour
    that cannot be one."""
    macros = {word: _plain(getattr(control, CONTROL_FIELDS[word])) for word in SCENE_WORDS}
    return Scene(name=name, colour=colour, commands={"expert": control.expert, **macros})


def _turned(control: Control, section: type[DanceSection] | type[AudioSection]) -> dict[str, Any]:
    """The fields of a section that the Control has, too."""
    fields = [field for field in CONTROL_FIELDS.values() if field in section.model_fields]
    return {field: _plain(getattr(control, field)) for field in fields}


def _plain(value: Any) -> Any:
    return round(value, _DIGITS) if isinstance(value, float) else value
