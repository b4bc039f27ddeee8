"""What TensorBoard shows of a training."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from megadance_live.core.errors import DataError
from models.training.report import Report

if TYPE_CHECKING:
    from tensorboard.compat.proto.event_pb2 import Event

LOGS = "logs"


class Scalars:
    """Curves in `run`/logs; those of steps after `step`, from before an interruption, give way to the new ones.

    Records are written in place rather than by TensorBoard's writer, whose thread reports a full disk to nobody."""

    def __init__(self, run: Path, step: int) -> None:
        from tensorboard.compat.proto.event_pb2 import Event, SessionLog
        from tensorboard.summary.writer.record_writer import RecordWriter

        self._folder = run / LOGS
        try:
            self._folder.mkdir(exist_ok=True)
            self._file = (self._folder / f"events.out.tfevents.{time.time_ns()}").open("wb")
        except OSError as error:
            raise self._unwritable(error) from error
        self._records = RecordWriter(self._file)
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))
        if step:
            started = SessionLog(status=SessionLog.START)
            self._write(Event(wall_time=time.time(), step=step + 1, session_log=started))

    def write(self, report: Report, rate: float, gradient_norm: float, steps_per_s: float) -> None:
        """Raises DataError where the disk is full."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        known = {f"train/{name}": value for name, value in report.parts.items()}
        known |= {f"held_out/{name}": value for name, value in (report.held_out or {}).items()}
        known |= {
            "run/learning_rate": rate,
            "run/gradient_norm": gradient_norm,
            "run/steps_per_second": steps_per_s,
            "run/skipped_steps": report.skipped,
        }
        summary = Summary(value=[Summary.Value(tag=name, simple_value=value) for name, value in known.items()])
        self._write(Event(wall_time=time.time(), step=report.step, summary=summary))

    def close(self) -> None:
        """Nothing is left to write: every record has been flushed, or has said that it cannot be."""
        self._file.raw.close()

    def _write(self, event: "Event") -> None:
        try:
            self._records.write(event.SerializeToString())
            self._records.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> DataError:
        return DataError(
            f"{self._folder} cannot be written ({error.strerror}); make room there, or name another run folder."
        )
