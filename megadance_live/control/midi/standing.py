"""How the show stands, as far as a controller needs to know."""

from dataclasses import dataclass

from megadance_live.control.vocabulary import CONTROL_FIELDS
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import CommandName, CommandValue
from megadance_live.core.control import Control


@dataclass(frozen=True)
class Standing:
    """At time `now_s` of `clock`. None where nothing is known yet; `scene` "" where none was called."""

    control: Control | None = None
    clock: BarClock | None = None
    now_s: float = 0.0
    scene: str = ""
    pattern: str = "off"

    @property
    def beat_phase(self) -> float:
        """0 on the beat, towards 1 before the next."""
        return self.clock.beat_phase_at(self.now_s) if self.clock is not None else 0.0

    def value_of(self, name: CommandName) -> CommandValue:
        """What the command `name` has set, None where it sets nothing or that is not known."""
        match name:
            case "lock":
                return self.clock.held if self.clock is not None else None
            case "metre":
                return self.clock.beats_per_bar if self.clock is not None else None
            case "bpm":
                return self.clock.tempo_bpm if self.clock is not None else None
            case "scene":
                return self.scene
            case "pattern":
                return self.pattern
        if self.control is None or name not in CONTROL_FIELDS:
            return None
        value: CommandValue = getattr(self.control, CONTROL_FIELDS[name])
        return value


def at_rest(name: CommandName) -> CommandValue:
    """What a toggle goes back to: the value with which a show begins, None where there is none."""
    if name == "pattern":
        return "off"
    return getattr(Control, CONTROL_FIELDS[name]) if name in CONTROL_FIELDS else None
