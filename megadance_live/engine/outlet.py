"""Where an engine's poses and numbers go: into the show's shared memory."""

import time
from dataclasses import dataclass, replace
from typing import Protocol

from megadance_live.core.motion import PoseFrame
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.remote.pose_ring import PoseRing
from megadance_live.remote.scope import ScopeRecord
from megadance_live.show.timeline import PoseTimeline


class Outlet(Protocol):
    """Never waits. Shared memory in a show, a list in a test."""

    def pose(self, host_time_s: float, frame: PoseFrame, expert: int) -> None:
        """A pose, the host time at which it should be seen, and the number of its expert."""

    def status(self, status: Status) -> None:
        """The numbers of this moment; `written_s` is filled in."""

    def heartbeat(self) -> None:
        """The engine is alive, though it has nothing new to say."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class SharedMemoryNames:
    """What the show has created and an engine attaches to."""

    timeline: str
    board: str
    scope: str
    ghost: str

    def attach(self) -> "SharedOutlet":
        return SharedOutlet(
            PoseTimeline(self.timeline), StatusBoard(self.board), ScopeRecord(self.scope), PoseRing(self.ghost)
        )


class SharedOutlet:
    """Writes into the pose timeline, the status board, the scope and the ghost's poses. For one thread."""

    def __init__(self, timeline: PoseTimeline, board: StatusBoard, scope: ScopeRecord, ghost: PoseRing) -> None:
        self._timeline = timeline
        self._board = board
        self._scope = scope
        self._ghost = ghost
        self._last = board.read()  # of the engine before this one: the clock goes on from there

    def pose(self, host_time_s: float, frame: PoseFrame, expert: int) -> None:
        self._timeline.write(host_time_s, frame, expert)

    def status(self, status: Status) -> None:
        self._last = replace(status, written_s=time.monotonic())
        self._board.write(self._last)

    def heartbeat(self) -> None:
        self.status(self._last)

    def close(self) -> None:
        for memory in (self._timeline, self._board, self._scope, self._ghost):
            memory.close()
