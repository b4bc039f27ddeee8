"""`megadance-live run`: a show."""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from megadance_live.commands.options import CueOption, ExpertOption, ModelOption, SeedOption
from megadance_live.core.errors import MegaDanceError, TakeError

if TYPE_CHECKING:
    from megadance_live.show.show import Show

REDRAW_S = 0.1
INTERRUPTED = 130
ENDING = (signal.SIGINT, signal.SIGTERM)
HANGING_UP = (signal.SIGHUP,) if sys.platform != "win32" else ()
"""A terminal that is closed says so more than once."""


def run(
    audio: Annotated[
        str | None,
        typer.Option("--audio", metavar="demo|file:PATH|device:NAME", help="Where the music comes from."),
    ] = None,
    headless: Annotated[
        bool,
        typer.Option("--headless", help="Without a window; this version has none in any case."),
    ] = False,
    seconds: Annotated[
        float | None, typer.Option("--seconds", metavar="N", min=0.1, help="End after so many seconds of dancing.")
    ] = None,
    preset: Annotated[
        str, typer.Option("--preset", metavar="P", help="Name of a preset or path of a .toml file.")
    ] = "default",
    expert: ExpertOption = None,
    cue: CueOption = None,
    seed: SeedOption = None,
    osc: Annotated[
        list[str] | None,
        typer.Option(
            "--osc",
            metavar="HOST:PORT[,layout=native|touchdesigner][,rate=60]",
            help="Send poses and music over OSC; may be given more than once (docs/osc.md). "
            "With any --osc or --vmc the preset's destinations are not used.",
        ),
    ] = None,
    vmc: Annotated[
        list[str] | None,
        typer.Option("--vmc", metavar="HOST:PORT[,rate=60]", help="Send poses over VMC; may be given more than once."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="DIR", help="Record from the start, into this folder.")
    ] = None,
    osc_in: Annotated[
        int | None,
        typer.Option("--osc-in", metavar="PORT", min=0, max=65535, help="Port for OSC control; 0 listens to nobody."),
    ] = None,
    model: ModelOption = None,
    single_process: Annotated[
        bool, typer.Option("--single-process", help="Run the engine in a thread of this process, for debugging.")
    ] = False,
) -> None:
    """Dance to music, live, until Ctrl-C; a second Ctrl-C ends it at once."""
    from megadance_live.commands.display import say
    from megadance_live.commands.plan import RunOptions, plan_show
    from megadance_live.config.load import load_preset
    from megadance_live.show.show import Show

    options = RunOptions(audio, expert, cue, seed, osc or (), vmc or (), record, osc_in, model, single_process)
    plan = plan_show(load_preset(preset), options)
    if plan.engine.record:
        _check_writable(plan.engine.take.folder)
    show = Show(plan)
    with _interruptible(show) as interrupted:
        show.start()
        try:
            _watch(show, seconds, interrupted)
        finally:
            interrupted.set()
            ended_s = time.monotonic()
            if show.status().engine.take:
                say("Finishing the take ...")
            state = show.stop()
    for take in state.takes:
        say(f"Take: {take}")
    late_notice = state.notice if state.noticed_s >= ended_s else ""  # a take that could not be finished
    if state.failure or late_notice:
        raise MegaDanceError(state.failure or late_notice)


def _check_writable(folder: Path) -> None:
    """Before a show begins, a folder that takes cannot be written to is a mistake; later it is only a notice."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise TakeError(f"Takes cannot be written to {folder} ({error.strerror}); choose another folder.") from error


def _watch(show: "Show", seconds: float | None, interrupted: threading.Event) -> None:
    """Show the status until somebody interrupts, the time is up, or the engine has ended."""
    from megadance_live.commands.display import display

    danced_since_s: float | None = None
    with display() as shown:
        while not interrupted.wait(REDRAW_S):
            status = show.status()
            shown.update(status)
            if status.engine.over:
                return
            if danced_since_s is None and status.engine.phase == "dancing":
                danced_since_s = status.now_s
            if seconds is not None and danced_since_s is not None and status.now_s - danced_since_s >= seconds:
                return


@contextmanager
def _interruptible(show: "Show") -> Iterator[threading.Event]:
    """The first Ctrl-C (or SIGTERM, or a terminal that is closed) sets the event, a second Ctrl-C or SIGTERM ends the
    program on the spot."""
    interrupted = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if interrupted.is_set() and number in ENDING:
            takes = show.abandon()
            hint = f"Interrupted; finish the take with: megadance-live recover {takes}\n" if takes else "Interrupted.\n"
            os.write(sys.stderr.fileno(), hint.encode())
            os._exit(INTERRUPTED)
        interrupted.set()

    before = {number: signal.signal(number, interrupt) for number in (*ENDING, *HANGING_UP)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
