"""A tracker that never hears: musical time is tapped or set by hand."""

from megadance_live.core.command import Command
from megadance_live.core.stage import StageSpec
from megadance_live.music.tracker import Beat, HeardHop


class ManualTracker:
    """Stage without memory: no hop ever holds a beat."""

    spec = StageSpec(1, 0.0, 0.0)

    def initial_state(self) -> None:
        return None

    def command(self, command: Command, time_s: float, state: None) -> None:
        """It takes no advice."""
        return state

    def step(self, hops: list[HeardHop], state: None, /) -> tuple[list[tuple[Beat, ...]], None]:
        return [() for _ in hops], None
