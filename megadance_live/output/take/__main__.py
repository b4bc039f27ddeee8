"""`python -m megadance_live.output.take FOLDER`: finish one take, away from the process that dances."""

import os
import sys
from pathlib import Path

from megadance_live.core.errors import MegaDanceError
from megadance_live.output.take.finish import finish


def main() -> int:
    """Exit status 0 and the take's folder on stdout (nothing if it was empty), or 1 and one sentence on stderr."""
    if hasattr(os, "nice"):
        os.nice(10)  # the show goes first
    try:
        final = finish(Path(sys.argv[1]))
    except MegaDanceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(str(final or ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
