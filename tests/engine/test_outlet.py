"""What an engine writes, as its show sees it."""

from megadance_live.engine.outlet import SharedMemoryNames
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.remote.pose_ring import PoseRing
from megadance_live.remote.scope import ScopeRecord
from megadance_live.show.timeline import PoseTimeline
from tests.fakes import still_pose


def test_counters_go_on_from_the_engine_before_and_the_ghost_comes_and_goes() -> None:
    timeline, board, scope, ghost = PoseTimeline(), StatusBoard(), ScopeRecord(), PoseRing()
    names = SharedMemoryNames(timeline.name, board.name, scope.name, ghost.name)
    try:
        for _ in range(2):
            outlet = names.attach()
            outlet.heartbeat()
            for late_steps in (1, 2, 3):
                outlet.status(Status(late_steps=late_steps, overflows=1))
                outlet.heartbeat()
            outlet.ghost(10.0, still_pose(1.0), 2)
            outlet.close()
        status = board.read()
        assert (status.late_steps, status.overflows) == (6, 2)
        assert status.written_s > 0
        pose = ghost.at(10.0)
        assert pose is not None
        assert pose.expert == 2
        outlet = names.attach()
        outlet.no_ghost()
        outlet.scope.onset(11.0, 0.5)
        outlet.close()
        assert ghost.at(10.0) is None
        assert scope.read().onset_s.tolist() == [11.0]
    finally:
        for memory in (timeline, board, scope, ghost):
            memory.close()
