"""Which key does what: the one table, for the dispatcher, the tooltips and the page of keys. No Qt here."""

from dataclasses import dataclass
from typing import Final

from megadance_live.core.command import CommandName

PAD_KEYS: Final = (*"1234567890", *"QWERTYUIOP")
"""Pads 1 to 20 of the bank that is shown."""
TAB_COUNT: Final = 7


@dataclass(frozen=True)
class Key:
    """`keys` as people write them, with Shift+ and Ctrl+ in front. `argument` goes to the action. `command` is the
    word of the vocabulary behind it, if there is one. `while_typing`: a text field does not keep it for itself."""

    keys: tuple[str, ...]
    action: str
    says: str
    group: str
    argument: int = 0
    command: CommandName | None = None
    while_typing: bool = False


def _pads() -> tuple[Key, ...]:
    arm = "arm the pad; again: disarm"
    at_once = "let the pad speak at once"
    return (
        *(Key((key,), "pad", arm, "Pads", i, "expert") for i, key in enumerate(PAD_KEYS)),
        *(Key((f"Shift+{key}",), "pad_now", at_once, "Pads", i, "expert_now") for i, key in enumerate(PAD_KEYS)),
    )


KEYS: Final[tuple[Key, ...]] = (
    Key(("F", "F6"), "freeze", "hold the pose; again: dance on", "Safety", 0, "freeze"),
    Key(("B", "F7"), "blackout", "send the rest pose and hide the avatar; again: back", "Safety", 0, "blackout"),
    Key(("X", "F8"), "panic", "back to the plain dance: nothing armed, frozen, black, mirrored", "Safety", 0, "panic"),
    Key(("Space",), "tap", "a beat is now", "Tempo", 0, "tap"),
    Key(("Return", "Enter"), "resync", "this instant is the first beat of a bar", "Tempo", 0, "resync"),
    Key(("[",), "halve", "half the tempo", "Tempo", 0, "bpm_mul"),
    Key(("]",), "double", "twice the tempo", "Tempo", 0, "bpm_mul"),
    Key((",",), "nudge", "beats 10 ms earlier", "Tempo", -10, "nudge"),
    Key((".",), "nudge", "beats 10 ms later", "Tempo", 10, "nudge"),
    Key(("L",), "lock", "hold the tempo; again: follow the music", "Tempo", 0, "lock"),
    *_pads(),
    Key(("Backspace", "Esc"), "cancel", "disarm what is armed", "Pads", 0, "expert_cancel"),
    Key(("PageUp",), "bank", "the bank before", "Pads", -1),
    Key(("PageDown",), "bank", "the next bank", "Pads", 1),
    Key(("A",), "again", "dance this bar once more", "Dance", 0, "again"),
    Key(("M",), "mirror", "swap left and right", "Dance", 0, "mirror"),
    Key(("Ctrl+R",), "record", "start or finish a take", "Takes", 0, "record", True),
    Key(("Ctrl+Shift+R",), "retro", "keep the last minute as a take", "Takes", 0, "retro", True),
    Key(("K",), "marker", "put a mark into the take", "Takes", 0, "marker"),
    Key(("Ctrl+S",), "save", "save the show", "Window", while_typing=True),
    *(Key((f"Ctrl+{i + 1}",), "tab", f"page {i + 1}", "Window", i, while_typing=True) for i in range(TAB_COUNT)),
    Key(("Ctrl+M",), "learn", "MIDI learn on or off", "Window", while_typing=True),
    Key(("F11",), "full_screen", "full screen on or off", "Window", while_typing=True),
    Key(("?", "F1"), "keys", "this page", "Window"),
    Key(("Ctrl+Space",), "press_focused", "press what the Tab key has reached", "Window", while_typing=True),
    Key(("Ctrl+Q",), "leave", "leave", "Window", while_typing=True),
)

_BY_NAME: Final = {name: key for key in KEYS for name in key.keys}


def action_for(name: str, *, typing: bool = False) -> Key | None:
    """What the key of that name does, None for nothing. While somebody types into a text field, letters, digits and
    the keys that edit are the field's; function keys act always."""
    key = _BY_NAME.get(name)
    if key is None or not typing or key.while_typing or _is_function_key(name):
        return key
    return None


def keys_of(action: str, argument: int | None = None) -> str:
    """The keys of an action as people read them, for a tooltip; "" for none."""
    return " or ".join(
        name for key in KEYS if key.action == action and argument in (None, key.argument) for name in key.keys
    )


def _is_function_key(name: str) -> bool:
    return name.startswith("F") and name[1:].isdigit()
