"""Takes that are exported or finished in the background, one after the other."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from megadance_live.core.errors import TakeError
from megadance_live.output.take import parse_formats
from megadance_live.output.take.take_process import TakeProcess
from megadance_live.remote.snapshot import ExportView

KEPT = 8
"""So many that have ended still stand in the list."""


@dataclass(eq=False)
class _Job:
    folder: Path
    view: ExportView


class TakeExports:
    """Any thread may call. Each take is worked on by a process of its own, which a thread waits for."""

    def __init__(self, worked_on: Callable[[Path], None]) -> None:
        """`worked_on` is told the folder of every take when the work on it has ended."""
        self._worked_on = worked_on
        self._jobs: list[_Job] = []
        self._process: TakeProcess | None = None
        self._changed = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="take-exports", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def view(self) -> tuple[ExportView, ...]:
        """In the order in which they were asked for. What is finished instead of exported has no formats."""
        with self._changed:
            return tuple(job.view for job in self._jobs)

    def export(self, folder: Path, formats: Sequence[str]) -> None:
        """Write the finished take in `folder` in more formats."""
        try:
            self._add(_Job(folder, ExportView(folder.name, parse_formats(formats))))
        except TakeError as error:
            self._add(_Job(folder, ExportView(folder.name, tuple(formats), done=True, trouble=str(error))))

    def finish(self, partial: Path, name: str) -> None:
        """Finish the interrupted take in `partial`."""
        self._add(_Job(partial, ExportView(name, ())))

    def close(self) -> None:
        """End what runs: a take that was being exported is as before, one that was being finished can be recovered."""
        with self._changed:
            self._ending = True
            if self._process is not None:
                self._process.cancel()
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def _add(self, job: _Job) -> None:
        with self._changed:
            ended = [old for old in self._jobs if old.view.done]
            asked = [(old.folder, old.view.formats) for old in self._jobs if old not in ended]
            if (job.folder, job.view.formats) in asked:
                return
            self._jobs = [old for old in self._jobs if old not in ended[: -KEPT + 1]]
            self._jobs.append(job)
            self._changed.notify_all()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            trouble = self._do(job)
            with self._changed:
                self._process = None
                job.view = replace(job.view, progress=job.view.progress if trouble else 1.0, done=True, trouble=trouble)
            self._worked_on(job.folder)

    def _next(self) -> _Job | None:
        with self._changed:
            while not self._ending:
                for job in self._jobs:
                    if not job.view.done:
                        return job
                self._changed.wait()
        return None

    def _do(self, job: _Job) -> str:
        """Returns why it has failed, "" if it has not."""
        try:
            with self._changed:
                if self._ending:
                    return ""
                self._process = TakeProcess(job.folder, job.view.formats)
            self._process.wait(lambda part: self._tell(job, part))
        except TakeError as error:
            return str(error)
        return ""

    def _tell(self, job: _Job, part: float) -> None:
        with self._changed:
            job.view = replace(job.view, progress=part)
