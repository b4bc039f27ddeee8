"""`python -m megadance_live.output.take FOLDER [FORMATS]`: finish one take, or export one, away from the process that
dances."""

import os
import signal
import sys
from pathlib import Path

from megadance_live.core.errors import MegaDanceError
from megadance_live.output.take.export import export
from megadance_live.output.take.finish import finish


def main() -> int:
    """Exit status 0, or 1 and one sentence on stderr. On stdout the finished take's folder (nothing if it was empty),
    or the progress of the export, 0..1, line by line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows, Ctrl-C reaches every program of a console
    if hasattr(os, "nice"):
        os.nice(10)  # the show goes first
    folder, *formats = sys.argv[1:]
    final = None
    try:
        if formats:
            export(Path(folder), formats[0].split(","), _tell)
        else:
            final = finish(Path(folder))
    except MegaDanceError as error:
        sys.stderr.buffer.write(f"{error}\n".encode(errors="replace"))
        return 1
    # As bytes: a name may hold what the console's encoding lacks.
    sys.stdout.buffer.write(os.fsencode(final) if final is not None else b"")
    return 0


def _tell(part: float) -> None:
    sys.stdout.buffer.write(f"{part:.3f}\n".encode())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
