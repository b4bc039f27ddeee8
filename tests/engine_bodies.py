"""Bodies for an engine process, which a spawned child imports by name."""

import os
import signal
import time

from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.engine.messages import (
    Asked,
    CuesChanged,
    Failed,
    Link,
    Ready,
    Said,
    Saved,
    SetCues,
    SourceChanged,
    Stop,
    TakeOpened,
    Wanted,
)
from megadance_live.engine.process import MakeOutlet
from megadance_live.engine.setup import EngineSetup
from tests.fakes import FAKE_EXPERTS


def _begin(setup: EngineSetup, link: Link) -> None:
    link.send(Ready("fake source", "fake", FAKE_EXPERTS, ()))
    link.send(Asked(Control("krump" if setup.resume else "house")))


def obedient(setup: EngineSetup, link: Link, make_outlet: MakeOutlet) -> None:
    """Answers until told to stop. New cues are wanted and a new source is there at once; a marker "die" kills it."""
    _begin(setup, link)
    outlet = make_outlet()
    while True:
        outlet.heartbeat()
        if not link.poll(0.02):
            continue
        message = link.recv()
        if isinstance(message, Stop):
            break
        if isinstance(message, SetCues):
            link.send(CuesChanged(message.cues))
            link.send(Wanted(message.cues[0].command))
        if isinstance(message, Said) and message.command.name == "source":
            link.send(SourceChanged("a song", str(message.command.value), 7.5))
        if isinstance(message, Said) and message.command == Command("marker", "die"):
            link.send(TakeOpened("take-001"))
            link.send(Asked(Control("house", recording=True)))
            link.send(Saved(b"state", 12.5, 48_000, 2))
            os.kill(os.getpid(), signal.SIGKILL)
    outlet.close()


def stalling(setup: EngineSetup, link: Link, make_outlet: MakeOutlet) -> None:
    """The first one stops moving; the next one obeys."""
    if setup.resume is not None:
        obedient(setup, link, make_outlet)
        return
    _begin(setup, link)
    make_outlet().heartbeat()
    time.sleep(600)


def failing(setup: EngineSetup, link: Link, make_outlet: MakeOutlet) -> None:
    link.send(Failed("There are no weights."))


def crashing(setup: EngineSetup, link: Link, make_outlet: MakeOutlet) -> None:
    os._exit(3)
