"""The user's log file: what libraries write to the standard error by themselves.

PortAudio, ALSA and mpg123 print into file descriptor 2, across the status line and our own sentences. While the program
runs the descriptor leads into the log, for its child processes, too; what Python writes to stderr still appears.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import platformdirs

LOG_FILE = "megadance-live.log"
KEPT_BYTES = 1_000_000
"""A longer log is put aside at the next start, in place of the one before."""
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_STDERR = 2


def log_path() -> Path:
    """Where the log lies."""
    return platformdirs.user_log_path("megadance-live", appauthor=False) / LOG_FILE


@contextmanager
def library_log() -> Iterator[None]:
    """Lead descriptor 2 into the log. Where that cannot be written, everything stays as it is."""
    with ExitStack() as stack:
        try:
            log = stack.enter_context(_opened(log_path()))
            shown = os.dup(_STDERR)
        except OSError:
            yield
            return
        stack.callback(os.close, shown)
        if _writes_to_stderr(sys.stderr):
            stack.callback(setattr, sys, "stderr", sys.stderr)
            sys.stderr = stack.enter_context(
                open(shown, "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace", closefd=False)
            )
        handler = logging.StreamHandler(log)
        handler.setFormatter(logging.Formatter(FORMAT))
        # Only python-osc speaks without a name, once and more for every packet that is broken.
        handler.addFilter(lambda record: record.name != "root")
        logging.getLogger().addHandler(handler)
        stack.callback(logging.getLogger().removeHandler, handler)
        os.dup2(log.fileno(), _STDERR)
        stack.callback(os.dup2, shown, _STDERR)
        yield


def _opened(path: Path) -> TextIO:
    """The log, headed by the time of this run. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > KEPT_BYTES:
        path.replace(path.with_suffix(".old.log"))
    log = path.open("a", buffering=1, encoding="utf-8", errors="backslashreplace")
    log.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {' '.join(sys.argv[1:])}\n")
    return log


def _writes_to_stderr(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.fileno() == _STDERR
    except (OSError, ValueError):  # a stand-in without a descriptor, or one that was closed
        return False
