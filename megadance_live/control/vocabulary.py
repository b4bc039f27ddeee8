"""The words that a performer can say: what each takes, within which limits, and how it is heard over OSC.

A pad, an OSC message, a MIDI note and a line of a cue file all pass through `parse`, so that a word means the same
wherever it is said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

from megadance_live.core.command import Command, CommandName, CommandValue
from megadance_live.core.errors import CueError
from megadance_live.core.tempo_range import FASTEST_BPM, SLOWEST_BPM

Kind = Literal["none", "number", "whole", "switch", "expert", "text", "choice"]

TRUE_WORDS = frozenset({"on", "yes", "true", "1"})
FALSE_WORDS = frozenset({"off", "no", "false", "0"})
PRESSED = 0.5
"""Buttons of OSC surfaces send 1.0 when pressed and 0.0 when let go: only values above this act."""
TEXT_MAX = 1000
"""A path may be long."""
PATTERNS = ("off", "t_pose", "arm_raise", "left_arm")
SHOW_WORDS: frozenset[CommandName] = frozenset({"pattern", "scene", "preset"})
"""Commands that the show answers itself; all others go to the engine."""


@dataclass(frozen=True)
class Word:
    """One command: what its value is (`kind`), its unit, least and greatest value or the only values or names, and
    where OSC sends it."""

    name: CommandName
    kind: Kind
    help: str
    address: str
    unit: str = ""
    least: float = -math.inf
    greatest: float = math.inf
    choices: tuple[float, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def takes(self) -> str:
        """What may follow it, in words."""
        unit = f" {self.unit}" if self.unit else ""
        if self.choices:
            return "one of " + ", ".join(f"{c:g}" for c in self.choices) + unit
        if self.names:
            return "one of " + ", ".join(self.names)
        if self.kind in ("number", "whole"):
            what = "a whole number" if self.kind == "whole" else "a number"
            return f"{what} from {self.least:.10g} to {self.greatest:.10g}{unit}"
        return {"none": "nothing", "switch": "true or false", "expert": "the name of an expert", "text": "a text"}[
            self.kind
        ]


_WORDS = (
    Word("tap", "none", "a beat is now", "/ctl/tap"),
    Word("resync", "none", "this instant is the first beat of a bar", "/ctl/resync"),
    Word("nudge", "number", "move the beat later (or, negative, earlier)", "/ctl/nudge", "ms", -500, 500),
    Word("bpm", "number", "set the tempo by hand", "/ctl/bpm", "beats per minute", SLOWEST_BPM, FASTEST_BPM),
    Word("bpm_mul", "number", "halve or double the tempo", "/ctl/bpm/mul", choices=(0.5, 2.0)),
    Word("bpm_low", "number", "the music is no slower", "/ctl/bpm/low", "beats per minute", SLOWEST_BPM, FASTEST_BPM),
    Word("bpm_high", "number", "the music is no faster", "/ctl/bpm/high", "beats per minute", SLOWEST_BPM, FASTEST_BPM),
    Word("lock", "switch", "hold the tempo, whatever the audio says", "/ctl/lock"),
    Word("metre", "whole", "beats in a bar", "/ctl/metre", "beats", 2, 12),
    Word("follow", "none", "leave tempo, bar line and metre to the audio again", "/ctl/follow"),
    Word("latency", "number", "send the dance earlier, to make up for a slow projector", "/ctl/latency", "ms", 0, 500),
    Word("expert", "expert", "arm an expert for the next boundary", "/ctl/expert"),
    Word("expert_now", "expert", "let an expert speak at once", "/ctl/expert/now"),
    Word("expert_cancel", "none", "disarm", "/ctl/expert/cancel"),
    Word(
        "quantize",
        "number",
        "where an armed expert starts: 0 at once, 0.25 on the next beat of a bar in four, else on every so many bars",
        "/ctl/quantize",
        "bars",
        choices=(0.0, 0.25, 1.0, 2.0, 4.0, 8.0),
    ),
    Word("crossfade", "number", "time over which a switch is smoothed", "/ctl/crossfade", "s", 0, 2),
    Word("energy", "number", "how large the dance is, 1 as danced", "/ctl/energy", "", 0, 2),
    Word(
        "dynamics",
        "number",
        "how much breaks and drops of the music change its size: 0 never",
        "/ctl/dynamics",
        "",
        0,
        1,
    ),
    Word("accent", "number", "how clearly the dance lands on the beats: 0 as composed", "/ctl/accent", "", 0, 1),
    Word("looseness", "number", "how freely the dancer improvises, 0 always the likeliest", "/ctl/looseness", "", 0, 2),
    Word("smooth", "number", "smoothing of the motion, which delays it as much", "/ctl/smooth", "s", 0, 1),
    Word("mirror", "switch", "swap left and right", "/ctl/mirror"),
    Word("seed", "whole", "seed of the improvisation", "/ctl/seed", "", 0, 2**31 - 1),
    Word("freeze", "switch", "hold the pose", "/ctl/freeze"),
    Word("blackout", "switch", "send the rest pose", "/ctl/blackout"),
    Word("panic", "none", "back to the plain dance: nothing armed, frozen, black, mirrored or smoothed", "/ctl/panic"),
    Word("record", "switch", "start or finish a take", "/ctl/rec"),
    Word("marker", "text", "put a mark into the take", "/ctl/marker"),
    Word("retro", "none", "keep the last 60 seconds, which have already happened, as a take", "/ctl/rec/retro"),
    Word("again", "none", "dance the bar that is being danced once more in the next bar", "/ctl/again"),
    Word("gain", "number", "input gain", "/ctl/gain", "dB", -24, 24),
    Word("source", "text", "where the music comes from: demo, file:PATH or device:NAME", "/ctl/source"),
    Word("pattern", "choice", "send a test pose that checks a rig", "/ctl/pattern", names=PATTERNS),
    Word("scene", "text", "everything that a scene of the show holds, by its name", "/ctl/scene"),
    Word("preset", "text", "open a preset, by its name", "/ctl/preset"),
)

VOCABULARY: dict[CommandName, Word] = {word.name: word for word in _WORDS}
ADDRESSES: dict[str, Word] = {word.address: word for word in _WORDS}
CONTROL_FIELDS: dict[CommandName, str] = {
    "quantize": "quantize_bars",
    "crossfade": "crossfade_s",
    "energy": "energy",
    "dynamics": "dynamics",
    "accent": "accent",
    "looseness": "looseness",
    "smooth": "smooth_s",
    "mirror": "mirror",
    "seed": "seed",
    "freeze": "freeze",
    "blackout": "blackout",
    "record": "recording",
    "latency": "latency_ms",
    "gain": "gain_db",
}
"""Commands that set one field of the Control to their value, and which."""


def word_of(name: str) -> Word:
    """The word of that name.

    Raises CueError, naming the valid words, if there is none.
    """
    for known in get_args(CommandName):
        if name == known:
            word: Word = VOCABULARY[known]
            return word
    raise CueError(f'"{name}" is not a command{_hint(name, tuple(VOCABULARY))}; use one of: {", ".join(VOCABULARY)}.')


def parse(name: str, value: object, experts: Sequence[str], *, clamp: bool = False) -> Command:
    """The command `name` with a value given as text, number or truth value.

    An expert may be given by name (upper or lower case) or by its number in `experts`. With `clamp` a number out of
    range becomes the nearest allowed one, as a fader on a stage should; without, it is refused.
    Raises CueError, one sentence that names what would be valid.
    """
    word = word_of(name)
    return Command(word.name, _value_of(word, value, experts, clamp))


def expert_named(value: object, experts: Sequence[str]) -> str:
    """The expert of that name or number.

    Raises CueError, naming the experts, if there is none.
    """
    if isinstance(value, str):
        if value in experts:
            return value
        wanted = value.strip().lower().replace("-", "_").replace(" ", "_")
        for expert in experts:
            if expert.lower() == wanted:
                return expert
    number = _number_or_none(value)
    if number is not None and number.is_integer() and 0 <= number < len(experts):
        return experts[int(number)]
    said = str(value)
    raise CueError(f'"{said}" is not an expert{_hint(said, experts)}; use one of: {", ".join(experts)}.')


def _value_of(word: Word, value: object, experts: Sequence[str], clamp: bool) -> CommandValue:
    if word.kind == "none":
        return None
    if word.kind == "expert":
        return expert_named(value, experts)
    if word.kind == "text":
        return "".join(each if each.isprintable() else " " for each in str(value)).strip()[:TEXT_MAX]
    if word.kind == "choice":
        return _choice(word, value)
    if word.kind == "switch":
        return _switch(word, value)
    return _number(word, value, clamp)


def _choice(word: Word, value: object) -> str:
    """By name or by number."""
    said = str(value).strip().lower()
    number = _number_or_none(value)
    if number is not None and number.is_integer() and 0 <= number < len(word.names):
        return word.names[int(number)]
    if said not in word.names:
        raise CueError(f'"{word.name}" takes {word.takes}, not "{value}"{_hint(said, word.names)}.')
    return said


def _switch(word: Word, value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in TRUE_WORDS | FALSE_WORDS:
        return text in TRUE_WORDS
    number = _number_or_none(value)
    if number is None:
        raise CueError(f'"{word.name}" takes {word.takes}, not "{value}".')
    return number > PRESSED


def _number(word: Word, value: object, clamp: bool) -> float | int:
    number = _number_or_none(value)
    if number is None:
        raise CueError(f'"{word.name}" takes {word.takes}, not "{value}".')
    if word.choices:
        wanted: float = number
        nearest = min(word.choices, key=lambda choice: abs(choice - wanted))
        if not clamp and nearest != number:
            raise CueError(f'"{word.name}" takes {word.takes}, not {number:g}.')
        return nearest
    fits = word.least <= number <= word.greatest and (word.kind == "number" or number.is_integer())
    if not fits and not clamp:
        raise CueError(f'"{word.name}" takes {word.takes}, not {number:g}.')
    number = min(max(number, word.least), word.greatest)
    return round(number) if word.kind == "whole" else number


def _number_or_none(value: object) -> float | None:
    """A finite number, or None. A truth value is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _hint(said: str, valid: Sequence[str]) -> str:
    near = get_close_matches(said.lower(), valid, n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""
