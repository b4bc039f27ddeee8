"""What a control says about itself when the pointer rests on it."""

from gui.keys import keys_of
from megadance_live.control.vocabulary import VOCABULARY
from megadance_live.core.command import CommandName


def tip_of(command: CommandName, keys: str = "") -> str:
    """What the command does, its key and its OSC address."""
    word = VOCABULARY[command]
    return _tip(word.help, keys or keys_of(command), f"OSC {word.address}")


def tip(says: str, action: str = "", argument: int | None = None) -> str:
    """For what is no command of the show."""
    return _tip(says, keys_of(action, argument) if action else "", "")


def _tip(says: str, keys: str, osc: str) -> str:
    sentence = says[:1].upper() + says[1:]
    return " · ".join(part for part in (sentence, f"key {keys}" if keys else "", osc) if part)
