"""The one command vocabulary."""

from typing import get_args

import pytest

from megadance_live.control.vocabulary import ADDRESSES, VOCABULARY, expert_named, parse, word_of
from megadance_live.core.command import Command, CommandName
from megadance_live.core.errors import CueError

EXPERTS = ("house", "krump", "la_hiphop")


def test_every_command_has_a_word_with_help_and_an_address_of_its_own() -> None:
    assert set(VOCABULARY) == set(get_args(CommandName))
    assert len(ADDRESSES) == len(VOCABULARY)
    assert all(word.help and word.address.startswith("/ctl/") for word in VOCABULARY.values())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("tap", None, None),
        ("nudge", "-12.5", -12.5),
        ("bpm", 128, 128.0),
        ("bpm_mul", 2, 2.0),
        ("lock", "on", True),
        ("lock", 0.0, False),
        ("lock", False, False),
        ("metre", 3.0, 3),
        ("expert", "KRUMP", "krump"),
        ("expert", "LA hiphop", "la_hiphop"),
        ("expert_now", 0, "house"),
        ("quantize", "0.25", 0.25),
        ("seed", "42", 42),
        ("record", 1, True),
        ("marker", " drop\nhere  now ", "drop here  now"),
    ],
)
def test_values_are_read_from_text_and_numbers(name: str, value: object, expected: object) -> None:
    command = parse(name, value, EXPERTS)
    assert command == Command(word_of(name).name, expected)  # type: ignore[arg-type]
    assert type(command.value) is type(expected)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("expret", "house", 'did you mean "expert"'),
        ("expert", "hause", 'did you mean "house"'),
        ("expert", "polka", "house, krump, la_hiphop"),
        ("expert", 3, "house, krump, la_hiphop"),
        ("expert", True, "is not an expert"),
        ("energy", 2.5, "from 0 to 2"),
        ("energy", "loud", "a number from 0 to 2"),
        ("energy", float("nan"), "a number"),
        ("energy", True, "a number"),
        ("seed", 1.5, "a whole number"),
        ("quantize", 3, "one of 0, 0.25, 1, 2, 4, 8 bars"),
        ("bpm_mul", 3, "one of 0.5, 2"),
        ("freeze", "perhaps", "true or false"),
        ("bpm", 1e400, "a number"),
    ],
)
def test_nonsense_is_refused_with_what_would_be_valid(name: str, value: object, says: str) -> None:
    with pytest.raises(CueError) as refused:
        parse(name, value, EXPERTS)
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_fader_is_clamped_instead() -> None:
    assert parse("energy", 7, EXPERTS, clamp=True).value == 2.0
    assert parse("seed", 2.6, EXPERTS, clamp=True).value == 3
    assert parse("quantize", 3.2, EXPERTS, clamp=True).value == 4.0
    with pytest.raises(CueError):
        parse("energy", float("inf"), EXPERTS, clamp=True)


def test_an_expert_is_found_by_number_given_as_text() -> None:
    assert expert_named("2", EXPERTS) == "la_hiphop"


def test_every_word_says_what_it_takes() -> None:
    assert VOCABULARY["nudge"].takes == "a number from -500 to 500 ms"
    assert VOCABULARY["tap"].takes == "nothing"
    assert VOCABULARY["metre"].takes == "a whole number from 2 to 12 beats"
