"""What goes through the connection between a show and a surface besides requests.

Both ends belong to the same user and the same version of the program, so values travel pickled; the key of the
rendezvous keeps everybody else out.
"""

from dataclasses import dataclass
from typing import Any

from megadance_live import __version__


@dataclass(frozen=True)
class Welcome:
    """The first message of a show: where its shared memory is."""

    view: tuple[str, str]
    board: str
    scope: str
    ghost: str
    version: str = __version__


@dataclass(frozen=True)
class Changed:
    """Fields of the Snapshot that have changed, by name."""

    fields: dict[str, Any]


@dataclass(frozen=True)
class Farewell:
    """The show ends."""
