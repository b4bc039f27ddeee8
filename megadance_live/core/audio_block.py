"""A piece of audio as it came in."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class AudioBlock:
    """`samples` float32 [n, channels] in -1..1.

    `index` counts the samples (per channel) since the stream began; `host_time_s` is the monotonic time at which the
    first sample was heard. `overflow` says that samples before this block were lost, `lost` that the device has
    vanished and this is silence that keeps time.
    """

    samples: F32
    rate_hz: int
    index: int
    host_time_s: float
    overflow: bool = False
    lost: bool = False

    @property
    def frames(self) -> int:
        return int(self.samples.shape[0])

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    @property
    def time_s(self) -> float:
        """Stream time of the first sample."""
        return self.index / self.rate_hz
