"""Where an engine's poses and numbers go: into the show's shared memory."""

import time
from dataclasses import dataclass, replace
from typing import Protocol

from megadance_live.core.motion import PoseFrame
from megadance_live.engine.scope_writer import ScopeSink
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.remote.pose_ring import PoseRing, SeenPose
from megadance_live.remote.scope import ScopeRecord
from megadance_live.show.timeline import PoseTimeline


class Outlet(Protocol):
    """Never waits. Shared memory in a show, a list in a test."""

    @property
    def scope(self) -> ScopeSink:
        """Where what is heard is drawn."""
        ...

    def pose(self, host_time_s: float, frame: PoseFrame, expert: int) -> None:
        """A pose, the host time at which it should be seen, and the number of its expert."""

    def ghost(self, host_time_s: float, frame: PoseFrame, expert: int) -> None:
        """A pose of the armed expert, which only the performer sees."""

    def no_ghost(self) -> None:
        """Nobody is armed any more, or somebody else."""

    def status(self, status: Status) -> None:
        """The numbers of this moment; `written_s` is filled in, and counters go on from the engine before this one."""

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
        self.scope = scope
        self._ghost = ghost
        self._last = self._before = board.read()  # of the engine before this one: the clock goes on from there

    def pose(self, host_time_s: float, frame: PoseFrame, expert: int) -> None:
        self._timeline.write(host_time_s, frame, expert)

    def ghost(self, host_time_s: float, frame: PoseFrame, expert: int) -> None:
        self._ghost.write(SeenPose(host_time_s, frame.root_m, frame.quats, frame.contacts, expert))

    def no_ghost(self) -> None:
        self._ghost.clear()

    def status(self, status: Status) -> None:
        before = self._before
        self._last = replace(
            status,
            late_steps=before.late_steps + status.late_steps,
            overflows=before.overflows + status.overflows,
        )
        self.heartbeat()

    def heartbeat(self) -> None:
        self._board.write(replace(self._last, written_s=time.monotonic()))

    def close(self) -> None:
        for memory in (self._timeline, self._board, self.scope, self._ghost):
            memory.close()
