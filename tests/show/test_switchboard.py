"""What takes effect at once, and who is followed when."""

from dataclasses import replace

import pytest

from megadance_live.core.command import Command, CommandName
from megadance_live.core.control import Control
from megadance_live.show.presenter import Switches
from megadance_live.show.switchboard import Switchboard


class Desk:
    """A switchboard over a sender that only remembers, and an engine that hears when it is told to."""

    def __init__(self, control: Control | None = None) -> None:
        self.control = control
        self.switched: list[Switches | None] = []
        self.laid_over: list[str] = []
        self.board = Switchboard(self, lambda: self.control)  # type: ignore[arg-type]

    def switch(self, switches: Switches | None) -> None:
        self.switched.append(switches)

    def lay_over(self, pattern: str) -> None:
        self.laid_over.append(pattern)

    def hear(self, name: CommandName, value: bool | None = None) -> None:
        self.board.hear(Command(name, value))


def test_a_switch_is_held_until_the_engine_has_heard_of_it() -> None:
    desk = Desk(Control(expert="house"))
    desk.hear("freeze", True)
    desk.board.tend()
    assert desk.switched == [Switches(frozen=True)]
    desk.control = Control(expert="house", freeze=True)
    desk.board.tend()
    desk.board.tend()
    assert desk.switched == [Switches(frozen=True), None]


def test_switches_add_up_with_what_the_engine_holds_and_with_each_other() -> None:
    desk = Desk(Control(expert="house", freeze=True))
    desk.hear("blackout", True)
    assert desk.switched[-1] == Switches(frozen=True, blackout=True)
    desk.hear("freeze", False)
    assert desk.switched[-1] == Switches(blackout=True)
    desk.hear("blackout", False)
    assert desk.switched[-1] == Switches()


def test_without_an_engine_a_switch_is_held_as_long_as_it_takes() -> None:
    desk = Desk()
    desk.hear("blackout", True)
    desk.hear("blackout", False)
    desk.board.tend()
    assert desk.switched == [Switches(blackout=True), Switches()]
    desk.control = Control(expert="house")
    desk.board.tend()
    assert desk.switched[-1] is None


def test_panic_releases_everything_at_once() -> None:
    held = Control(expert="house", freeze=True, blackout=True)
    desk = Desk(held)
    desk.board.lay_over("left_arm")
    desk.hear("panic")
    assert desk.switched == [Switches()]
    assert desk.laid_over == ["left_arm", "off"]
    assert desk.board.pattern == "off"
    desk.board.tend()
    assert desk.switched == [Switches()]
    desk.control = replace(held, freeze=False, blackout=False)
    desk.board.tend()
    assert desk.switched[-1] is None


@pytest.mark.parametrize("name", ["tap", "expert_cancel", "again", "resync"])
def test_other_words_are_none_of_its_business(name: CommandName) -> None:
    desk = Desk(Control(expert="house"))
    desk.hear(name)
    assert desk.switched == []
    assert desk.laid_over == []
