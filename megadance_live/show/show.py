"""A show: shared memory, the sender, the engine's keeper and control over OSC, started and ended together.

This is what the main process runs. It never imports torch; in a show of one process (`single_process`) the engine's
thread does.
"""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from megadance_live.control.osc_in import OscIn, OscInSettings, Reply, replies_of
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.destination import Destination
from megadance_live.core.errors import DestinationError
from megadance_live.engine.outlet import SharedMemoryNames
from megadance_live.engine.process import EngineHandle
from megadance_live.engine.setup import EngineSetup
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.show.engine_state import EngineState
from megadance_live.show.keeper import EngineKeeper
from megadance_live.show.presenter import Switches
from megadance_live.show.sender import Sender, SendReport
from megadance_live.show.timeline import PoseTimeline

TEND_S = 0.05
"""How often the show looks after what its parts have to tell each other."""


@dataclass(frozen=True)
class ShowPlan:
    """`control` None: nobody is listened to."""

    engine: EngineSetup
    destinations: tuple[Destination, ...]
    control: OscInSettings | None = None
    single_process: bool = False


@dataclass(frozen=True)
class ShowStatus:
    """Everything that a status line may want to say, at host time `now_s`. `control_port` is 0 where nobody is listened
    to. `trouble` says what is wrong with the show itself, "" if nothing is."""

    now_s: float
    engine: EngineState
    status: Status
    sending: tuple[SendReport, ...]
    control_port: int = 0
    trouble: str = ""

    @property
    def clock(self) -> BarClock | None:
        """In host time; None before the music has begun."""
        return self.status.clock


class Show:
    """`start`, `stop` and `kill` belong to one thread; `say` and `status` may be used from any, the latter by one."""

    def __init__(self, plan: ShowPlan) -> None:
        """Resolve every destination and make the shared memory. Raises DestinationError."""
        self._plan = plan
        self._timeline, self._board = PoseTimeline(), StatusBoard()
        names = SharedMemoryNames(self._timeline.name, self._board.name)
        # One reader of the board for each thread that reads it.
        self._keepers_board, self._status_board = StatusBoard(names.board), StatusBoard(names.board)
        try:
            self._sender = Sender(self._timeline, self._board, plan.destinations)
        except DestinationError:
            self._release()
            raise
        self._keeper = EngineKeeper(
            plan.engine,
            lambda setup: EngineHandle(setup, names.attach, in_thread=plan.single_process),
            lambda: self._keepers_board.read().written_s,
        )
        self._osc_in: OscIn | None = None
        self._trouble = ""
        self._held: Switches | None = None
        self._ending = threading.Event()
        self._tender = threading.Thread(target=self._tend, name="show", daemon=True)

    def start(self) -> None:
        """Begin to send, and start the engine."""
        self._sender.start()
        self._keeper.start()
        self._tender.start()

    def say(self, command: Command) -> None:
        """Pass a command on. Freeze and blackout take effect at once, even when the engine is away."""
        self._hold(command)
        self._keeper.say(command)

    def status(self) -> ShowStatus:
        """How things stand now."""
        return ShowStatus(
            now_s=time.monotonic(),
            engine=self._keeper.state,
            status=self._status_board.read(),
            sending=self._sender.reports(),
            control_port=self._osc_in.port if self._osc_in is not None else 0,
            trouble=self._trouble or self._sender.trouble,
        )

    def stop(self) -> EngineState:
        """End everything in order: the take is finished, receivers are told. Returns the engine's last state."""
        self._ending.set()
        if self._osc_in is not None:
            self._osc_in.close()
        state = self._keeper.stop()
        self._tender.join()
        self._sender.stop()
        self._release()
        return state

    def abandon(self) -> Path | None:
        """End the engine at once, in a program that ends, too. Returns the folder of the takes if one was open: it is
        still to be recovered."""
        self._ending.set()
        self._keeper.kill()
        return self._plan.engine.take.folder if self._keeper.state.take else None

    def _release(self) -> None:
        for memory in (self._timeline, self._keepers_board, self._status_board, self._board):
            memory.close()

    def _tend(self) -> None:
        """Introduces the experts once they are known, and opens OSC control, which needs their names."""
        introduced: tuple[str, ...] = ()
        while not self._ending.wait(TEND_S):
            state = self._keeper.state
            if state.experts and state.experts != introduced:
                introduced = state.experts
                self._sender.introduce(introduced)
                if self._osc_in is None:
                    self._listen(introduced)
            self._let_go(state.control)

    def _listen(self, experts: tuple[str, ...]) -> None:
        if self._plan.control is None:
            return
        try:
            self._osc_in = OscIn(self._plan.control, experts, self.say, self._echo)
            self._osc_in.start()
        except DestinationError as error:  # a show goes on without it
            self._trouble = str(error)

    def _hold(self, command: Command) -> None:
        held = self._held or self._asked()
        if command.name == "freeze":
            held = Switches(bool(command.value), held.blackout)
        elif command.name == "blackout":
            held = Switches(held.frozen, bool(command.value))
        elif command.name == "panic":
            held = Switches()
        else:
            return
        self._held = held
        self._sender.switch(held)

    def _let_go(self, control: Control | None) -> None:
        """Once the engine has heard of a switch, it is followed again."""
        if self._held is not None and control is not None and self._held == self._asked():
            self._held = None
            self._sender.switch(None)

    def _asked(self) -> Switches:
        control = self._keeper.state.control
        return Switches() if control is None else Switches(control.freeze, control.blackout)

    def _echo(self) -> tuple[Reply, ...]:
        """What is sent back to a controller."""
        state = self._keeper.state
        return () if state.control is None else replies_of(state.control, state.experts)
