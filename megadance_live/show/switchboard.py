"""Freeze, blackout, test poses and panic, which take effect at once, even while the engine is away."""

import threading
from collections.abc import Callable

from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.show.patterns import PatternName
from megadance_live.show.presenter import Switches
from megadance_live.show.sender import Sender


class Switchboard:
    """`hear` and `tend` may be called from any thread. `control` gives what the engine has heard of so far."""

    def __init__(self, sender: Sender, control: Callable[[], Control | None]) -> None:
        self._sender = sender
        self._control = control
        self._changing = threading.Lock()
        self._held: Switches | None = None
        self.pattern: PatternName = "off"

    def hear(self, command: Command) -> None:
        """Hold what a command asks for, until the engine has heard of it, too."""
        with self._changing:
            held = self._held or self._asked()
            if command.name == "freeze":
                self._hold(Switches(bool(command.value), held.blackout))
            elif command.name == "blackout":
                self._hold(Switches(held.frozen, bool(command.value)))
            elif command.name == "panic":
                self._hold(Switches())
                self.lay_over("off")

    def lay_over(self, pattern: PatternName) -> None:
        """Send a test pose, until it is "off" again."""
        self.pattern = pattern
        self._sender.lay_over(pattern)

    def tend(self) -> None:
        """Once the engine has heard of a switch, it is followed again."""
        with self._changing:
            if self._held is not None and self._control() is not None and self._held == self._asked():
                self._held = None
                self._sender.switch(None)

    def _hold(self, switches: Switches) -> None:
        self._held = switches
        self._sender.switch(switches)

    def _asked(self) -> Switches:
        control = self._control()
        return Switches() if control is None else Switches(control.freeze, control.blackout)
