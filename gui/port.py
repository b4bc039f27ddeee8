"""What the app needs of a show. `remote.client.ShowClient` is one; tests, and the app while it waits, have others."""

from typing import Protocol

from megadance_live.core.command import CommandName, CommandValue
from megadance_live.remote.client import View
from megadance_live.remote.pose_ring import SeenPose
from megadance_live.remote.requests import Request


class ShowPort(Protocol):
    """Nothing here ever waits."""

    def view(self) -> View:
        """How things stand now."""
        ...

    def pose_at(self, time_s: float) -> SeenPose | None:
        """What receivers are shown at a host time of the last second."""
        ...

    def ghost_at(self, time_s: float) -> SeenPose | None:
        """The armed expert's dance, None while nobody is armed."""
        ...

    def say(self, name: CommandName, value: CommandValue = None) -> None:
        """Give a command now."""
        ...

    def ask(self, request: Request) -> None:
        """Send a request."""
        ...
