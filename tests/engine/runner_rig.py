"""The engine's loop with everything around it made up."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from megadance_live.audio.switchable import SwitchableSource
from megadance_live.core.errors import AudioSourceError
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.messages import (
    Report,
)
from megadance_live.engine.recording import Recording
from megadance_live.engine.runner import EngineRunner
from megadance_live.engine.seat import Seat, TakeOpener
from megadance_live.engine.session import Session
from megadance_live.engine.setup import EngineSetup
from megadance_live.engine.take_setup import TakeSetup
from megadance_live.remote.board import Status
from tests.fakes import FakeDancer, FakeSession, FakeSource, make_fake_dancer


class Drawing:
    """A scope that writes down what is drawn."""

    def __init__(self) -> None:
        self.peaks: list[float] = []
        self.column_ends_s: list[float] = []
        self.column_count = 0
        self.onsets_s: list[float] = []

    def levels(self, peak: np.ndarray, rms: np.ndarray, clipped: int) -> None:
        self.peaks.append(float(peak.max()))

    def columns(self, lowest: np.ndarray, highest: np.ndarray, end_s: float) -> None:
        self.column_count += len(lowest)
        self.column_ends_s.append(end_s)

    def onset(self, time_s: float, strength: float) -> None:
        self.onsets_s.append(time_s)


class Notebook:
    """An outlet that writes down what it gets."""

    def __init__(self) -> None:
        self.poses: list[tuple[float, PoseFrame, int]] = []
        self.statuses: list[Status] = []
        self.ghosts: list[tuple[float, PoseFrame, int]] = []
        self.cleared = 0
        self.scope = Drawing()
        self.closed = False

    def pose(self, host_time_s: float, frame: PoseFrame, expert: int) -> None:
        self.poses.append((host_time_s, frame, expert))

    def status(self, status: Status) -> None:
        self.statuses.append(status)

    def ghost(self, host_time_s: float, frame: PoseFrame, expert: int) -> None:
        self.ghosts.append((host_time_s, frame, expert))

    def no_ghost(self) -> None:
        self.cleared += 1

    def heartbeat(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class Pipe:
    """The engine's end of a pipe: what it will hear, and what it has said."""

    def __init__(self, *heard: object) -> None:
        self.heard = list(heard)
        self.said: list[Report] = []
        self.broken = False

    def send(self, message: Any) -> None:
        self.said.append(message)

    def recv(self) -> Any:
        if self.broken:
            raise EOFError
        return self.heard.pop(0)

    def poll(self, timeout: float = 0.0) -> bool:
        return self.broken or bool(self.heard)

    def close(self) -> None:
        pass

    def of(self, kind: type) -> list[Any]:
        return [report for report in self.said if isinstance(report, kind)]


def engine_setup(folder: Path, **changes: Any) -> EngineSetup:
    return replace(EngineSetup("demo", make_fake_dancer, TakeSetup(folder, ("bvh",))), **changes)


def nothing_else(spec: str) -> FakeSource:
    raise AudioSourceError(f"There is no {spec}.")


def seating_of(
    source: FakeSource, session: FakeSession | Session, opener: Callable[[str], FakeSource] = nothing_else
) -> Callable[..., AbstractContextManager[Seat]]:
    @contextmanager
    def seating(setup: EngineSetup, report: Callable[[Report], None]) -> Iterator[Seat]:
        listening = SwitchableSource(source, "demo", opener)
        takes = TakeOpener(setup.take, FakeDancer(), listening, session)  # type: ignore[arg-type]
        recording = Recording(takes, report)
        try:
            yield Seat(listening, FakeDancer(), session, recording, takes, ())  # type: ignore[arg-type]
        finally:
            recording.finish()
            listening.close()

    return seating


def run_engine(
    folder: Path, *heard: object, blocks: int = 100, source: FakeSource | None = None, **changes: Any
) -> tuple[Pipe, Notebook, FakeSource, FakeSession]:
    source, session, pipe, notebook = source or FakeSource(blocks), FakeSession(), Pipe(*heard), Notebook()
    EngineRunner(engine_setup(folder, **changes), pipe, notebook, seating_of(source, session)).run()
    return pipe, notebook, source, session
