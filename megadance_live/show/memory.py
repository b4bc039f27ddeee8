"""The shared memory of a show, made by the show and attached to by the engine and the surfaces."""

from megadance_live.engine.outlet import SharedMemoryNames
from megadance_live.remote.board import StatusBoard
from megadance_live.remote.pose_ring import PoseRing
from megadance_live.remote.scope import ScopeRecord
from megadance_live.remote.stage_view import StageView
from megadance_live.remote.wire import Welcome
from megadance_live.show.timeline import PoseTimeline


class ShowMemory:
    """Every segment, and one reader of the board for each thread that reads it."""

    def __init__(self) -> None:
        self.timeline = PoseTimeline()
        self.board = StatusBoard()
        self.view = StageView()
        self._scope = ScopeRecord()
        self._ghost = PoseRing()
        self.keepers_board = StatusBoard(self.board.name)
        self.status_board = StatusBoard(self.board.name)
        self.midis_board = StatusBoard(self.board.name)

    @property
    def for_engine(self) -> SharedMemoryNames:
        return SharedMemoryNames(self.timeline.name, self.board.name, self._scope.name, self._ghost.name)

    @property
    def for_surfaces(self) -> Welcome:
        return Welcome(self.view.names, self.board.name, self._scope.name, self._ghost.name)

    def close(self) -> None:
        """Remove it. Whoever is still attached keeps what he has."""
        for memory in (
            self.keepers_board,
            self.status_board,
            self.midis_board,
            self.timeline,
            self.board,
            self.view,
            self._scope,
            self._ghost,
        ):
            memory.close()
