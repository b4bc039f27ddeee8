"""Finishing a take in a process of its own, so that neither the show nor the dance is held up."""

import os
import subprocess
import sys
from pathlib import Path

from megadance_live.core.errors import TakeError
from megadance_live.output.take.finish import finish


def start_finishing(partial: Path) -> "subprocess.Popen[bytes]":
    """Begin to finish an interrupted take. It goes on where the process that asked for it ends first.

    Raises OSError where no process can be started. The answer on its pipes is for `finish_elsewhere`.
    """
    return start_child(partial)


def start_child(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """`python -m megadance_live.output.take FOLDER ...`. Raises OSError."""
    command = [sys.executable, "-m", "megadance_live.output.take", str(folder.absolute()), *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    # A session of its own, so that Ctrl-C on the show does not reach it.
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, start_new_session=True
    )


def finish_elsewhere(partial: Path) -> Path | None:
    """`finish` in a process of its own, or in this one where none can be started. Raises TakeError."""
    try:
        child = start_finishing(partial)
    except OSError:
        return finish(partial)
    answer, complaint = child.communicate()
    if child.returncode == 1 and complaint.count(b"\n") == 1:
        raise TakeError(complaint.decode(errors="replace").strip())
    if child.returncode != 0:
        return finish(partial)
    return Path(os.fsdecode(answer)) if answer else None
