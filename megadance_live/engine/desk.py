"""What the performer asks for becomes a new Control."""

import math
from dataclasses import replace
from typing import Any

from megadance_live.control.vocabulary import CONTROL_FIELDS, VOCABULARY, Kind
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.errors import CueError
from megadance_live.engine.schedule import SAME_PLACE_BARS, next_boundary

MUSICAL = frozenset(
    {"tap", "resync", "nudge", "bpm", "bpm_mul", "bpm_low", "bpm_high", "lock", "metre", "follow", "gain"}
)
"""Commands that the ear answers, at their very sample."""

_TYPES: dict[Kind, type] = {"number": float, "whole": int, "switch": bool}


def check(command: Command, experts: tuple[str, ...]) -> None:
    """Raises CueError for an expert that the model does not have."""
    if command.name in ("expert", "expert_now") and command.value not in experts:
        raise CueError(f"There is no expert {command.value!r}; the model has {', '.join(experts)}.")


def obey(control: Control, command: Command, clock: BarClock, time_s: float) -> Control:
    """The control after a command given at a stream time."""
    changes = _changes(control, command, clock, time_s)
    return replace(control, **changes, revision=control.revision + 1) if changes else control


def arm(control: Control, expert: str, bars: float) -> Control:
    """`expert` speaks from a bar position on."""
    return replace(control, armed=expert, armed_at_bars=bars, revision=control.revision + 1)


def without_again(control: Control, before: float = math.inf) -> Control:
    """No bar before that one is to repeat another (any more)."""
    left = tuple(bar for bar in control.again_bars if bar >= before)
    if left == control.again_bars:
        return control
    return replace(control, again_bars=left, revision=control.revision + 1)


def _changes(control: Control, command: Command, clock: BarClock, time_s: float) -> dict[str, Any]:
    if command.name in CONTROL_FIELDS:
        return {CONTROL_FIELDS[command.name]: _TYPES[VOCABULARY[command.name].kind](command.value)}
    if command.name == "expert":
        at = next_boundary(clock.bars_at(time_s), control.quantize_bars)
        return {"armed": str(command.value), "armed_at_bars": at}
    if command.name == "expert_now":
        return {"armed": str(command.value), "armed_at_bars": clock.bars_at(time_s)}
    if command.name == "expert_cancel":
        return {"armed": None, "armed_at_bars": None}
    if command.name == "again":
        bar = math.floor(clock.bars_at(time_s) + SAME_PLACE_BARS) + 1
        return {"again_bars": tuple(sorted({*control.again_bars, bar}))}
    if command.name == "panic":
        return {
            "armed": None,
            "armed_at_bars": None,
            "again_bars": (),
            "freeze": False,
            "blackout": False,
            "energy": 1.0,
            "dynamics": Control(control.expert).dynamics,
            "accent": Control(control.expert).accent,
            "looseness": 1.0,
            "smooth_s": 0.0,
            "mirror": False,
        }
    return {}
