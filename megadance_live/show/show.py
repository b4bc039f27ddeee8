"""A show: shared memory, the sender, the engine's keeper, control from outside, started and ended together.

This is what the main process runs. It never imports torch; in a show of one process (`single_process`) the engine's
thread does.
"""

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from megadance_live.config.preset import MidiSection
from megadance_live.control.midi.desk import MidiDesk
from megadance_live.control.midi.standing import Standing
from megadance_live.control.osc_in import OscIn, OscInCounters, OscInSettings, Reply, replies_of
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.errors import DestinationError
from megadance_live.engine.process import EngineHandle
from megadance_live.engine.setup import EngineSetup
from megadance_live.log import log_path
from megadance_live.remote.board import Status
from megadance_live.remote.rendezvous import Rendezvous, publish
from megadance_live.remote.server import ShowServer
from megadance_live.remote.snapshot import ControlInView, Snapshot
from megadance_live.show.device_scan import DeviceScan
from megadance_live.show.director import Crew, Director
from megadance_live.show.document import Document
from megadance_live.show.engine_state import EngineState
from megadance_live.show.keeper import EngineKeeper
from megadance_live.show.lane import SendReport
from megadance_live.show.memory import ShowMemory
from megadance_live.show.receivers import Receivers
from megadance_live.show.sender import Sender
from megadance_live.show.switchboard import Switchboard
from megadance_live.show.take_library import TakeLibrary

TEND_S = 0.05
"""How often the show looks after what its parts have to tell each other."""


@dataclass(frozen=True)
class ShowPlan:
    """`control` None: nobody is listened to over OSC. With `patient` a receiver that cannot be found is tried again
    later; without, there is no show."""

    engine: EngineSetup
    document: Document
    control: OscInSettings | None = None
    single_process: bool = False
    patient: bool = False


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
        """Resolve every receiver and make the shared memory. Raises DestinationError."""
        self._plan = plan
        self._memory = ShowMemory()
        self._sender = Sender(self._memory.timeline, self._memory.board, (), view=self._memory.view)
        self._receivers = Receivers(self._sender, plan.document.preset.output.receivers)
        if not plan.patient:
            try:
                self._receivers.check()
            except DestinationError:
                self._memory.close()
                raise
        names = self._memory.for_engine
        self._keeper = EngineKeeper(
            plan.engine,
            lambda setup: EngineHandle(setup, names.attach, in_thread=plan.single_process),
            lambda: self._memory.keepers_board.read().written_s,
            self.say,
        )
        self._switchboard = Switchboard(self._sender, self._control)
        self._midi = MidiDesk(self.say, self._learned, self._standing)
        self._devices = DeviceScan()
        self._takes = TakeLibrary(plan.engine.take.folder)
        crew = Crew(
            plan.document, self._keeper, self._switchboard, self._receivers, self._midi, self._devices, self._takes
        )
        self.asked_to_end = threading.Event()
        """Set when a surface asks for the end; whoever started the show then stops it."""
        self._director = Director(crew, self.asked_to_end.set)
        self._server = ShowServer(self._memory.for_surfaces, self._snapshot, self._director.answer)
        self._osc_in: OscIn | None = None
        self._trouble = ""
        self._ending = threading.Event()
        self._rendezvous: Path | None = None
        self._tender = threading.Thread(target=self._tend, name="show", daemon=True)

    @property
    def surfaces(self) -> int:
        """How many surfaces are connected."""
        return self._server.surfaces

    def start(self) -> None:
        """Begin to send, start the engine, let surfaces in."""
        self._sender.start()
        self._receivers.start()
        self._keeper.start()
        self._midi.bind(self._plan.document.preset.midi)
        self._midi.start()
        self._takes.start()
        self._plan.document.keep(self._control)
        self._tender.start()
        self._server.start()
        try:
            self._rendezvous = publish(Rendezvous(os.getpid(), self._server.address, self._server.key))
        except OSError as error:  # a show goes on without surfaces
            self._trouble = f"The app cannot find this show ({error.strerror}: {error.filename})."

    def say(self, command: Command) -> None:
        """Give a command. Freeze and blackout take effect at once, even when the engine is away."""
        self._director.say(command)

    def status(self) -> ShowStatus:
        """How things stand now."""
        return ShowStatus(
            now_s=time.monotonic(),
            engine=self._keeper.state,
            status=self._memory.status_board.read(),
            sending=self._sender.reports(),
            control_port=self._osc_in.port if self._osc_in is not None else 0,
            trouble=self._trouble or self._sender.trouble,
        )

    def stop(self) -> EngineState:
        """End everything in order: the take is finished, receivers and surfaces are told. Returns the engine's last
        state."""
        self._ending.set()
        if self._rendezvous is not None:
            with suppress(OSError):
                self._rendezvous.unlink(missing_ok=True)
        if self._osc_in is not None:
            self._osc_in.close()
        self._midi.close()
        state = self._keeper.stop()
        self._tender.join()
        self._devices.close()
        self._takes.close()
        self._plan.document.close()
        self._receivers.stop()
        self._sender.stop()
        self._server.close()
        self._memory.close()
        return state

    def abandon(self) -> Path | None:
        """End the engine at once, in a program that ends, too. Takes no lock: a signal handler may call it in the midst
        of `stop`. Returns the folder of the takes if one was open: it is still to be recovered."""
        self._keeper.kill()
        return self._plan.engine.take.folder if self._keeper.state.take else None

    def _tend(self) -> None:
        """Introduces the experts once they are known, and opens OSC control, which needs their names."""
        introduced: tuple[str, ...] = ()
        self._devices.look()
        devices = self._devices.view()
        while not self._ending.wait(TEND_S):
            state = self._keeper.state
            if state.experts and state.experts != introduced:
                introduced = state.experts
                self._director.introduce(introduced)
                if self._osc_in is None:
                    self._listen(introduced)
            if self._devices.view() is not devices:
                devices = self._devices.view()
                self._plan.document.know(devices=[device.name for device in devices.inputs])
            self._switchboard.tend()

    def _listen(self, experts: tuple[str, ...]) -> None:
        if self._plan.control is None:
            return
        try:
            self._osc_in = OscIn(self._plan.control, experts, self.say, self._echo)
            self._osc_in.start()
        except DestinationError as error:  # a show goes on without it
            self._trouble = str(error)

    def _control(self) -> Control | None:
        return self._keeper.state.control

    def _echo(self) -> tuple[Reply, ...]:
        """What is sent back to a controller."""
        state = self._keeper.state
        return () if state.control is None else replies_of(state.control, state.experts)

    def _learned(self, section: MidiSection) -> None:
        self._plan.document.revise("midi", section)

    def _standing(self) -> Standing:
        """What MIDI controllers show."""
        clock = self._memory.midis_board.read().clock
        return Standing(self._control(), clock, time.monotonic(), self._director.scene, self._switchboard.pattern)

    def _snapshot(self) -> Snapshot:
        """What surfaces are told."""
        osc_in, engine = self._osc_in, self._keeper.pid
        heard = OscInCounters() if osc_in is None else osc_in.counters
        return Snapshot(
            engine=self._keeper.state.view,
            receivers=self._receivers.views(),
            devices=self._devices.view(),
            takes=self._takes.view(),
            midi=self._midi.view(),
            preset=self._plan.document.view(),
            control_in=ControlInView(0 if osc_in is None else osc_in.port, heard.acted, heard.ignored),
            pattern=self._switchboard.pattern,
            scene=self._director.scene,
            monitor=self._receivers.monitor(),
            pids=(os.getpid(),) if engine is None else (os.getpid(), engine),
            log=log_path(),
            trouble=self._trouble or self._sender.trouble,
        )
