"""`python -m megadance_live.output.take FOLDER`: finish one take, away from the process that dances."""

import os
import signal
import sys
from pathlib import Path

from megadance_live.core.errors import MegaDanceError
from megadance_live.output.take.finish import finish


def main() -> int:
    """Exit status 0 and the take's folder on stdout (nothing if it was empty), or 1 and one sentence on stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows, Ctrl-C reaches every program of a console
    if hasattr(os, "nice"):
        os.nice(10)  # the show goes first
    try:
        final = finish(Path(sys.argv[1]))
    except MegaDanceError as error:
        sys.stderr.buffer.write(f"{error}\n".encode(errors="replace"))
        return 1
    # As bytes: a name may hold what the console's encoding lacks.
    sys.stdout.buffer.write(os.fsencode(final) if final is not None else b"")
    return 0


if __name__ == "__main__":
    sys.exit(main())
