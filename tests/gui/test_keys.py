from collections import Counter

import pytest

from gui.keys import KEYS, PAD_KEYS, TAB_COUNT, action_for, keys_of
from gui.tips import tip, tip_of
from megadance_live.control.vocabulary import VOCABULARY


def test_no_key_does_two_things() -> None:
    counted = Counter(name for key in KEYS for name in key.keys)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_command_behind_a_key_is_in_the_vocabulary() -> None:
    assert {key.command for key in KEYS if key.command is not None} <= set(VOCABULARY)


@pytest.mark.parametrize("place", range(len(PAD_KEYS)))
def test_a_pad_key_arms_and_with_shift_speaks_at_once(place: int) -> None:
    arm, now = action_for(PAD_KEYS[place]), action_for(f"Shift+{PAD_KEYS[place]}")
    assert arm is not None
    assert now is not None
    assert (arm.action, arm.argument, now.action, now.argument) == ("pad", place, "pad_now", place)


@pytest.mark.parametrize("name", ["F", "B", "X", "Space", "1", "Shift+Q", "Backspace", "Return", "?", "["])
def test_a_text_field_keeps_letters_digits_and_what_edits(name: str) -> None:
    assert action_for(name) is not None
    assert action_for(name, typing=True) is None


@pytest.mark.parametrize(
    ("name", "action"), [("F6", "freeze"), ("F7", "blackout"), ("F8", "panic"), ("Ctrl+R", "record")]
)
def test_safety_and_ctrl_work_while_somebody_types(name: str, action: str) -> None:
    key = action_for(name, typing=True)
    assert key is not None
    assert key.action == action


def test_an_unknown_key_does_nothing() -> None:
    assert action_for("Ctrl+J") is None
    assert action_for("") is None


def test_every_page_has_its_number() -> None:
    assert [key.argument for key in KEYS if key.action == "tab"] == list(range(TAB_COUNT))


def test_a_tooltip_names_key_and_address() -> None:
    assert keys_of("freeze") == "F or F6"
    assert tip_of("freeze") == "Hold the pose · key F or F6 · OSC /ctl/freeze"
    assert tip("look at sound", "tab", 1) == "Look at sound · key Ctrl+2"
    assert tip("close") == "Close"
