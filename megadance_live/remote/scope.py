"""What the engine hears, in shared memory: meters, a waveform and the onsets of the last seconds."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from megadance_live.core.shared_record import SharedRecord

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

COLUMNS = 1024
COLUMNS_HZ = 120
"""The waveform is kept as the least and the greatest sample of every 1/120 s: eight and a half seconds of it."""
ONSETS = 128

_DTYPE = np.dtype(
    [
        ("peak", np.float32, (2,)),
        ("rms", np.float32, (2,)),
        ("clipped", np.int64),
        ("column", np.int64),  # columns written since the start; column i stands in slot i % COLUMNS
        ("column_s", np.float64),
        ("lowest", np.float32, (COLUMNS,)),
        ("highest", np.float32, (COLUMNS,)),
        ("onset", np.int64),  # onsets written since the start
        ("onset_s", np.float64, (ONSETS,)),
        ("onset_strength", np.float32, (ONSETS,)),
    ]
)


@dataclass(frozen=True)
class Scope:
    """`peak` and `rms` are those of the newest block, left and right (a mono input twice), 1 is full scale; `clipped`
    counts samples at or above full scale since the start. Column and onset times are host times; `column_s` is the end
    of the newest column."""

    peak: F32 = field(default_factory=lambda: np.zeros(2, np.float32))  # [2]
    rms: F32 = field(default_factory=lambda: np.zeros(2, np.float32))  # [2]
    clipped: int = 0
    column: int = 0  # columns since the start
    column_s: float = 0.0
    lowest: F32 = field(default_factory=lambda: np.zeros(0, np.float32))  # [n] oldest first
    highest: F32 = field(default_factory=lambda: np.zeros(0, np.float32))  # [n]
    onset_s: F64 = field(default_factory=lambda: np.zeros(0))  # [m] oldest first
    onset_strength: F32 = field(default_factory=lambda: np.zeros(0, np.float32))  # [m] 0..1


class ScopeRecord:
    """Written by the engine's thread, read by one thread of each surface."""

    def __init__(self, name: str | None = None) -> None:
        """Create the record, or attach to the one called `name`."""
        self._shared = SharedRecord(_DTYPE, name)
        self._scope = Scope()

    @property
    def name(self) -> str:
        return self._shared.name

    def close(self) -> None:
        self._shared.close()

    def levels(self, peak: F32, rms: F32, clipped: int) -> None:
        """Of a block: peak and rms [2], and how many of its samples were at or above full scale."""
        with self._shared.writing() as record:
            record["peak"], record["rms"] = peak, rms
            record["clipped"] += clipped

    def columns(self, lowest: F32, highest: F32, end_s: float) -> None:
        """Add columns [n]; the newest ended at host time `end_s`."""
        with self._shared.writing() as record:
            first = int(record["column"])
            slots = (first + np.arange(len(lowest))) % COLUMNS
            record["lowest"][slots] = lowest
            record["highest"][slots] = highest
            record["column"] = first + len(lowest)
            record["column_s"] = end_s

    def onset(self, time_s: float, strength: float) -> None:
        """Add an onset at a host time, 0..1."""
        with self._shared.writing() as record:
            slot = int(record["onset"]) % ONSETS
            record["onset_s"][slot] = time_s
            record["onset_strength"][slot] = strength
            record["onset"] += 1

    def read(self) -> Scope:
        """As the engine left it; the same object while nothing is new."""
        record, is_new = self._shared.read()
        if is_new:
            columns = _order(int(record["column"]), COLUMNS)
            onsets = _order(int(record["onset"]), ONSETS)
            self._scope = Scope(
                record["peak"].copy(),
                record["rms"].copy(),
                int(record["clipped"]),
                int(record["column"]),
                float(record["column_s"]),
                record["lowest"][columns],
                record["highest"][columns],
                record["onset_s"][onsets],
                record["onset_strength"][onsets],
            )
        return self._scope


def _order(written: int, size: int) -> npt.NDArray[np.int64]:
    """Slots of a ring, oldest first."""
    return np.arange(max(0, written - size), written) % size
