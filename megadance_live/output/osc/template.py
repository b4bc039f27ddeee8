"""Datagrams that are encoded once and patched in place.

Nothing in a motion datagram changes but its numbers, which stand at the end of each message. python-osc encodes the
datagrams when a layout is set up; from then on only the bytes of the numbers are overwritten. That costs about a
fiftieth of building the messages anew, and gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from megadance_live.core.destination import DatagramMode

SPLIT_BYTES = 1400
"""Size that every network passes without fragments."""

BUNDLE_HEADER_BYTES = 16
ELEMENT_HEADER_BYTES = 4
WORD_BYTES = 4


class Slot(Enum):
    """An argument that every frame fills."""

    FLOAT = "f"
    INT = "i"


Argument = Slot | float | int | str
"""A slot, or a constant: a Python float is sent as `f`, an int as `i`."""


@dataclass(frozen=True)
class Message:
    """One OSC message of a layout."""

    address: str
    arguments: tuple[Argument, ...] = ()

    def encode(self) -> OscMessage:
        """The message with zeros in its slots. The types are given, because python-osc would guess."""
        builder = OscMessageBuilder(self.address)
        for argument in self.arguments:
            if isinstance(argument, Slot):
                builder.add_arg(0.0 if argument is Slot.FLOAT else 0, argument.value)
            else:
                builder.add_arg(argument, {float: "f", int: "i", str: "s"}[type(argument)])
        return builder.build()

    def slots(self) -> list[tuple[Slot, int]]:
        """Each slot with its offset in bytes, counted back from the end of the message."""
        found: list[tuple[Slot, int]] = []
        distance = 0
        for argument in reversed(self.arguments):
            distance += _padded(len(argument.encode()) + 1) if isinstance(argument, str) else WORD_BYTES
            if isinstance(argument, Slot):
                found.append((argument, distance))
        return found[::-1]


class DatagramTemplate:
    """The datagrams of one frame: a bundle, bundles of at most SPLIT_BYTES, or every message by itself.

    Not for use by several threads at once: all frames share one buffer.
    """

    def __init__(self, messages: Sequence[Message], mode: DatagramMode) -> None:
        encoded = [message.encode() for message in messages]
        groups = _group([m.size for m in encoded], mode)
        chunks: list[bytes] = []
        offsets: dict[Slot, list[int]] = {Slot.FLOAT: [], Slot.INT: []}
        start = 0
        for group in groups:
            end_of_message = start if mode == "plain" else start + BUNDLE_HEADER_BYTES
            for i in group:
                end_of_message += encoded[i].size + (0 if mode == "plain" else ELEMENT_HEADER_BYTES)
                for slot, distance in messages[i].slots():
                    offsets[slot].append((end_of_message - distance) // WORD_BYTES)
            chunk = encoded[group[0]].dgram if mode == "plain" else _bundle([encoded[i] for i in group])
            chunks.append(chunk)
            start += len(chunk)
        buffer = bytearray(b"".join(chunks))
        self._floats = np.frombuffer(buffer, ">f4")
        self._ints = np.frombuffer(buffer, ">i4")
        self._float_words = np.array(offsets[Slot.FLOAT], np.intp)
        self._int_words = np.array(offsets[Slot.INT], np.intp)
        ends = np.cumsum([len(chunk) for chunk in chunks]).tolist()
        view = memoryview(buffer)
        self.datagrams: tuple[memoryview, ...] = tuple(
            view[end - len(chunk) : end] for chunk, end in zip(chunks, ends, strict=True)
        )

    def fill(self, floats: npt.ArrayLike, ints: npt.ArrayLike) -> tuple[memoryview, ...]:
        """Write the numbers of a frame, in the order of the slots, and return the datagrams. They are views of one
        buffer, valid until the next call."""
        self._floats[self._float_words] = floats
        self._ints[self._int_words] = ints
        return self.datagrams


def _group(sizes: Sequence[int], mode: DatagramMode) -> list[list[int]]:
    """Indices of the messages of each datagram, in order."""
    if mode == "plain":
        return [[i] for i in range(len(sizes))]
    limit = SPLIT_BYTES if mode == "split" else sum(sizes) + BUNDLE_HEADER_BYTES + ELEMENT_HEADER_BYTES * len(sizes)
    groups: list[list[int]] = []
    room = 0
    for i, size in enumerate(sizes):
        needed = size + ELEMENT_HEADER_BYTES
        if not groups or needed > room:
            groups.append([])
            room = limit - BUNDLE_HEADER_BYTES
        groups[-1].append(i)
        room -= needed
    return groups


def _bundle(messages: Sequence[OscMessage]) -> bytes:
    """The timetag says "immediately": receivers withhold bundles that a skewed clock dates into their future."""
    builder = OscBundleBuilder(IMMEDIATELY)
    for message in messages:
        builder.add_content(message)
    return builder.build().dgram


def _padded(size: int) -> int:
    return -(-size // WORD_BYTES) * WORD_BYTES
