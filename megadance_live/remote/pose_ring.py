"""The last poses of a stream, in shared memory, for whoever wants to draw them.

The sender writes what receivers are shown; the engine writes the ghost of an armed expert. A reader asks for the pose
at a time of its own, at the rate of its screen.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.shared_record import SharedRecord
from megadance_live.core.skeleton import JOINT_COUNT

F32 = npt.NDArray[np.float32]

CAPACITY = 64
LARGEST_GAP_S = 0.2
"""Between poses further apart than this nothing is interpolated."""

_DTYPE = np.dtype(
    [
        ("begin", np.int64),  # poses begin..end-1 are valid, pose i stands in slot i % CAPACITY
        ("end", np.int64),
        ("time_s", np.float64, (CAPACITY,)),
        ("expert", np.int32, (CAPACITY,)),
        ("root_m", np.float32, (CAPACITY, 3)),
        ("quats", np.float32, (CAPACITY, JOINT_COUNT, 4)),
        ("contacts", np.float32, (CAPACITY, 4)),
    ]
)


@dataclass(frozen=True)
class SeenPose:
    """In SMPL axes; `time_s` is host time, `expert` an index (-1: nobody's)."""

    time_s: float
    root_m: F32  # [3] pelvis in the world
    quats: F32  # [24, 4] local, xyzw
    contacts: F32  # [4] left heel, left toe, right heel, right toe, 0..1
    expert: int = -1


class PoseRing:
    """One thread writes, one thread of each other process reads; neither waits for the other."""

    def __init__(self, name: str | None = None) -> None:
        """Create the ring, or attach to the one called `name`. Raises FileNotFoundError and ValueError as SharedRecord
        does."""
        self._shared = SharedRecord(_DTYPE, name)
        self._poses: tuple[SeenPose, ...] = ()

    @property
    def name(self) -> str:
        return self._shared.name

    def close(self) -> None:
        self._shared.close()

    def write(self, pose: SeenPose) -> None:
        """Add a pose. It replaces every pose that is not earlier."""
        with self._shared.writing() as record:
            begin, end = int(record["begin"]), int(record["end"])
            while end > begin and record["time_s"][(end - 1) % CAPACITY] >= pose.time_s:
                end -= 1
            record["end"] = end
            record["begin"] = max(begin, end + 1 - CAPACITY)
            slot = end % CAPACITY
            record["time_s"][slot] = pose.time_s
            record["expert"][slot] = pose.expert
            record["root_m"][slot] = pose.root_m
            record["quats"][slot] = pose.quats
            record["contacts"][slot] = pose.contacts
            record["end"] = end + 1

    def clear(self) -> None:
        """Nothing is to be seen any more."""
        with self._shared.writing() as record:
            record["begin"] = record["end"]

    def newest_s(self) -> float | None:
        """Time of the newest pose, None when there is none."""
        self._refresh()
        return self._poses[-1].time_s if self._poses else None

    def at(self, time_s: float) -> SeenPose | None:
        """The pose at a host time: interpolated between its neighbours, the nearest one before the first and after the
        last; None when there is none."""
        self._refresh()
        if not self._poses:
            return None
        later = next((i for i, pose in enumerate(self._poses) if pose.time_s > time_s), len(self._poses))
        if later == 0 or later == len(self._poses):
            return self._poses[max(0, later - 1)]
        before, after = self._poses[later - 1], self._poses[later]
        gap_s = after.time_s - before.time_s
        if gap_s > LARGEST_GAP_S:
            return before
        weight = (time_s - before.time_s) / gap_s
        w = np.float32(weight)
        return SeenPose(
            time_s,
            before.root_m + w * (after.root_m - before.root_m),
            quaternion.slerp(before.quats, after.quats, weight),
            before.contacts + w * (after.contacts - before.contacts),
            before.expert,
        )

    def _refresh(self) -> None:
        record, is_new = self._shared.read()
        if not is_new:
            return
        slots = np.arange(int(record["begin"]), int(record["end"])) % CAPACITY
        fields = [record[name][slots] for name in ("time_s", "root_m", "quats", "contacts", "expert")]
        self._poses = tuple(
            SeenPose(float(time_s), root_m, quats, contacts, int(expert))
            for time_s, root_m, quats, contacts, expert in zip(*fields, strict=True)
        )
