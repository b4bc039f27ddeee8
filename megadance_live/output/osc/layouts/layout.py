"""What every layout offers."""

from typing import Protocol

import numpy.typing as npt

from megadance_live.core.output_frame import OutputFrame
from megadance_live.output.osc.template import Message


class Layout(Protocol):
    """A fixed list of messages, and the numbers that a frame writes into their slots."""

    @property
    def messages(self) -> tuple[Message, ...]: ...

    @property
    def expert_name_address(self) -> str | None:
        """Where the name of the expert goes, as the one string; None where receivers dislike strings."""

    def floats(self, frame: OutputFrame) -> npt.ArrayLike:
        """Values of the float slots, in the order of the messages."""

    def ints(self, frame: OutputFrame) -> npt.ArrayLike:
        """Values of the int slots, in the order of the messages."""
