"""Keeps an engine running: starts it, listens to it, and starts it again with the same state when it stalls or dies."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.engine.messages import Said, SetCues, SetTakes, Stop, Wanted
from megadance_live.engine.process import EngineHandle
from megadance_live.engine.setup import EngineSetup, Resume
from megadance_live.engine.take_setup import TakeSetup
from megadance_live.log import log_path
from megadance_live.output.take import start_finishing
from megadance_live.output.take.files import PARTIAL_SUFFIX
from megadance_live.show.engine_state import EngineState

POLL_S = 0.1
STALL_S = 3.0
"""A heart that has not beaten for so long: the engine is stuck."""
START_S = 180.0
"""Loading may take this long, on a slow disk."""
FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 8.0
WELL_S = 60.0
"""An engine that has danced for so long is well again: the next restart comes quickly."""
POISONED_S = 10.0
"""An engine that went on with a saved state and died this soon may have died of it: the next one begins afresh."""
KILL_S = 2.0
"""How long a killed process may take to be gone."""
FINISH_S = 120.0
"""How long the engine may take to finish a take when the show ends."""


class EngineKeeper:
    """Runs in a thread of its own between `start` and `stop`; `state` and `say` may be used from any thread.

    `launch` starts an engine; `heartbeat_s` tells at what host time its heart last beat. `wanted` is called, in the
    keeper's thread, with what a cue has asked the show for.
    """

    def __init__(
        self,
        setup: EngineSetup,
        launch: Callable[[EngineSetup], EngineHandle],
        heartbeat_s: Callable[[], float],
        wanted: Callable[[Command], None] | None = None,
    ) -> None:
        self._setup = setup
        self._launch = launch
        self._heartbeat_s = heartbeat_s
        self._wanted = wanted
        self._state = EngineState()
        self._changing = threading.Lock()
        self._handle: EngineHandle | None = None
        self._restored = False
        self._recoveries: list[tuple[Path, subprocess.Popen[bytes]]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="engine-keeper", daemon=True)

    @property
    def state(self) -> EngineState:
        """A snapshot."""
        return self._state

    @property
    def pid(self) -> int | None:
        """Of the engine that runs in a process of its own."""
        handle = self._handle
        return None if handle is None else handle.pid

    def start(self) -> None:
        """Start the first engine."""
        self._thread.start()

    def say(self, command: Command, host_time_s: float | None = None) -> None:
        """Pass on a command that was given at a host time (None: now); one that finds no engine is lost, and the status
        line says so."""
        handle = self._handle
        if handle is None:
            self.notice(f'The engine is not there to hear "{command.name}"; it is being started again.')
        elif not handle.say(Said(command, time.monotonic() if host_time_s is None else host_time_s)):
            self.notice("Commands come faster than the engine can follow them; some are left out.")

    def set_cues(self, cues: tuple[Cue, ...]) -> None:
        """Exchange the cues, also those of an engine that is started again."""
        handle = self._handle
        if handle is None:
            self._change(cues=cues)
        elif not handle.say(SetCues(cues)):
            self.notice("The engine does not listen now; change the cues again.")

    def set_takes(self, takes: TakeSetup) -> None:
        """Keep takes that begin from now on like this, also those of an engine that is started again."""
        self._setup = replace(self._setup, take=takes)
        handle = self._handle
        if handle is not None and not handle.say(SetTakes(takes)):
            self.notice("The engine does not listen now; choose the folder again.")

    def stop(self) -> EngineState:
        """End the engine in order: it finishes its take. Returns the last state."""
        self._stopping.set()
        while self._thread.is_alive():  # in short waits, which Ctrl-C can interrupt on every system
            self._thread.join(POLL_S)
        return self._state

    def kill(self) -> None:
        """End the engine at once. Unless the show ends, too, it is started again."""
        handle = self._handle
        if handle is not None:
            handle.kill()

    def _keep(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self._stopping.is_set() and not self._state.over:
            began_s = time.monotonic()
            try:
                reason = self._run_one()
            except Exception as error:  # no memory, no processes left: a show waits and tries again
                reason = f"The engine could not be run ({type(error).__name__}: {error})."
            if self._stopping.is_set() or self._state.over:
                break
            if not self._state.was_ready:
                self._change(phase="failed", failure=reason)
                break
            lived_s = time.monotonic() - began_s
            wait_s = FIRST_WAIT_S if lived_s > WELL_S else min(2 * wait_s, LONGEST_WAIT_S)
            self._mourn(reason)
            if self._restored and lived_s < POISONED_S:
                self._change(saved=None)
            self._stopping.wait(wait_s)
        self._finish_recoveries()

    def _run_one(self) -> str:
        """One engine from start to end; returns why it ended, as a sentence."""
        setup = self._resumed()
        self._restored = setup.resume is not None and setup.resume.saved is not None
        handle = self._launch(setup)
        self._handle = handle
        try:
            reason = self._watch(handle)
            if self._stopping.is_set() or self._state.over:
                self._end(handle)
            return reason
        finally:
            self._handle = None
            handle.kill()
            handle.release()
            handle.join(KILL_S)

    def _watch(self, handle: EngineHandle) -> str:
        started_s = time.monotonic()
        ready = False
        while not self._stopping.is_set():
            alive = handle.alive
            before = self._state.phase
            self._listen(handle, POLL_S)
            ready = ready or (before != "dancing" and self._state.phase == "dancing")
            if self._state.over:
                return self._state.failure
            if not alive:
                code = handle.exit_code
                died = f"The engine died (exit code {code}); {log_path()} may say why."
                return died if code else "The engine ended."
            now_s = time.monotonic()
            if ready and now_s - max(self._heartbeat_s(), started_s) > STALL_S:
                return f"The engine has not moved for {STALL_S:g} s."
            if not ready and now_s - started_s > START_S:
                return f"The engine was not ready after {START_S:g} s."
        return ""

    def _listen(self, handle: EngineHandle, timeout_s: float) -> None:
        for report in handle.reports(timeout_s):
            with self._changing:
                self._state = self._state.after(report, time.monotonic())
            if isinstance(report, Wanted) and self._wanted is not None:
                self._wanted(report.command)

    def _end(self, handle: EngineHandle) -> None:
        """Let the engine finish its take; one that does not dance yet has none, and need not be waited for."""
        until_s = time.monotonic() + FINISH_S
        if self._state.phase != "dancing":
            handle.kill()
        if not self._state.over:
            self._change(phase="stopping")
        told = False
        while handle.alive and time.monotonic() < until_s:
            told = told or handle.say(Stop())  # commands may still wait before it
            self._listen(handle, POLL_S)
        self._listen(handle, 0.0)

    def _resumed(self) -> EngineSetup:
        """The setup of the next engine: the first one's, and what has been asked for and danced since. A show that ran
        goes on, whatever has vanished meanwhile."""
        state = self._state
        if not state.was_ready or state.control is None:
            return self._setup
        return replace(
            self._setup,
            audio=state.source_spec or self._setup.audio,
            cues=state.cues,
            commands=(),
            record=state.control.recording,
            patient=True,
            resume=Resume(state.control, state.saved, state.source_began_s),
        )

    def _mourn(self, reason: str) -> None:
        """Say what happened, and have the take that was open finished."""
        state = self._state
        if state.take:
            partial = self._setup.take.folder / (state.take + PARTIAL_SUFFIX)
            # Where that cannot be done now, `megadance-live recover` can do it later.
            with contextlib.suppress(OSError):
                if partial.is_dir():
                    self._recoveries.append((partial.with_name(state.take), start_finishing(partial)))
        said = reason if time.monotonic() - state.noticed_s > 1.0 else state.notice
        self._change(phase="restarting", restarts=state.restarts + 1, take="")
        self.notice(f"{said} It is being started again.")

    def _finish_recoveries(self) -> None:
        for folder, process in self._recoveries:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=FINISH_S)
            if folder.is_dir():
                self._change(takes=(*self._state.takes, folder))

    def notice(self, text: str) -> None:
        """Put a sentence on the status line."""
        self._change(notice=text, noticed_s=time.monotonic())

    def _change(self, **changes: Any) -> None:
        """Commands come from other threads, and may be the reason for a notice."""
        with self._changing:
            self._state = replace(self._state, **changes)
