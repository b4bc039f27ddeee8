"""Exporting or finishing a take in a process of its own that is watched and can be ended."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from megadance_live.core.errors import TakeError
from megadance_live.output.take.elsewhere import start_child
from megadance_live.output.take.files import temporary_of
from megadance_live.output.take.finished import open_take


class TakeProcess:
    """One export, or, without formats, the finishing of an interrupted take. `cancel` may be called by any thread, the
    rest by one."""

    def __init__(self, folder: Path, formats: Sequence[str] = ()) -> None:
        """Begin. Raises TakeError where no process can be started."""
        self._folder, self._formats = folder, tuple(formats)
        try:
            self._child = start_child(folder, *([",".join(formats)] if formats else []))
        except OSError as error:
            raise TakeError(f"{folder} cannot be worked on: {error.strerror or error}.") from error

    def wait(self, progress: Callable[[float], None]) -> None:
        """Until it has ended; an export tells its `progress`, 0..1. Raises TakeError where it has failed or was
        cancelled."""
        with self._child as child:
            if child.stdout is not None:
                for line in child.stdout:
                    with suppress(ValueError):  # the folder of a finished take
                        progress(float(line))
            complaint = child.stderr.read().decode(errors="replace").strip() if child.stderr is not None else ""
        if child.returncode == 0:
            return
        self._tidy()
        if child.returncode == 1 and complaint and "\n" not in complaint:
            raise TakeError(complaint)
        raise TakeError(f"The work on {self._folder.name} was cut off; start it again.")

    def cancel(self) -> None:
        """End it at once; the take is as it was before."""
        with suppress(OSError):
            self._child.terminate()

    def _tidy(self) -> None:
        """A process that was ended leaves the file that it was writing."""
        with suppress(OSError):
            take = open_take(self._folder)
            if take is not None:
                for form in self._formats:
                    temporary_of(take.path(form)).unlink(missing_ok=True)
