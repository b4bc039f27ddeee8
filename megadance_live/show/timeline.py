"""The poses of the last and the next moments, in shared memory between the dancer and the senders."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.motion import PoseFrame
from megadance_live.core.shared_record import SharedRecord
from megadance_live.core.skeleton import JOINT_COUNT
from megadance_live.show.idle import Idle
from megadance_live.show.stage_pose import Crossfade, PoseSource, StagePose, Still, blend, fade_length_s
from megadance_live.show.tail import EXTRAPOLATE_S, Tail

F32 = npt.NDArray[np.float32]

CAPACITY = 64
"""Frames kept: two seconds at 30 per second."""
LARGEST_GAP_S = 0.2
"""Between frames further apart than this nothing is interpolated: the dancer was away."""
CATCH_UP_S = 0.15
"""Passage back into the motion after it was only extrapolated."""
COME_BACK_S = 0.6
"""Passage back into the motion after a hold or the idle; longer when the dancer comes back elsewhere."""
_SHORTEST_QUATERNION = 0.5

_DTYPE = np.dtype(
    [
        ("begin", np.int64),  # frames begin..end-1 are valid, frame i stands in slot i % CAPACITY
        ("end", np.int64),
        ("refused", np.int64),
        ("time_s", np.float64, (CAPACITY,)),
        ("expert", np.int32, (CAPACITY,)),
        ("root_m", np.float32, (CAPACITY, 3)),
        ("quats", np.float32, (CAPACITY, JOINT_COUNT, 4)),
        ("contacts", np.float32, (CAPACITY, 4)),
    ]
)


@dataclass(frozen=True)
class _Frames:
    """The valid frames in order of time."""

    time_s: npt.NDArray[np.float64]  # [n]
    expert: npt.NDArray[np.int32]  # [n]
    root_m: F32  # [n, 3]
    quats: F32  # [n, 24, 4]
    contacts: F32  # [n, 4]

    @classmethod
    def of(cls, record: np.void) -> "_Frames":
        slots = np.arange(int(record["begin"]), int(record["end"])) % CAPACITY
        return cls(*(record[name][slots] for name in ("time_s", "expert", "root_m", "quats", "contacts")))

    def pose(self, i: int) -> StagePose:
        return StagePose(self.root_m[i], self.quats[i], self.contacts[i], int(self.expert[i]))

    def index_at(self, time_s: float) -> int:
        """The last frame that is due at the time; -1 when none is."""
        return int(np.searchsorted(self.time_s, time_s, "right")) - 1

    def is_followed(self, i: int) -> bool:
        return 0 <= i < len(self.time_s) - 1 and bool(self.time_s[i + 1] - self.time_s[i] <= LARGEST_GAP_S)

    def between(self, i: int, time_s: float) -> StagePose:
        """Frame i on its way to frame i + 1. The expert of frame i speaks until the next is due."""
        start, end = float(self.time_s[i]), float(self.time_s[i + 1])
        here = self.pose(i)
        moved = blend(here, self.pose(i + 1), (time_s - start) / (end - start))
        return StagePose(moved.root_m, moved.quats, moved.contacts, here.expert)

    def tail(self, i: int) -> Tail:
        """What follows frame i when no other does."""
        before = self.pose(i - 1) if self.is_followed(i - 1) else None
        step_s = float(self.time_s[i] - self.time_s[i - 1]) if before is not None else 0.0
        return Tail(float(self.time_s[i]), self.pose(i), before, step_s)


class PoseTimeline:
    """Written by one thread (the dancer's), sampled by one other (the sender's), in one process or two.

    `write` never waits for a reader and `sample` never for the writer. Times are host times (monotonic clock).
    """

    def __init__(self, name: str | None = None) -> None:
        """Create the timeline, or attach to the one called `name`."""
        self._shared = SharedRecord(_DTYPE, name)
        self._frames = _Frames.of(np.zeros(1, _DTYPE)[0])
        self._tail: Tail | None = None
        self._absent: PoseSource = Idle()  # shown while there has never been a frame
        self._waiting = True
        self._fade: Crossfade | None = None
        self._shown = self._absent.at(0.0)
        self._refused = 0

    @property
    def name(self) -> str:
        return self._shared.name

    @property
    def refused(self) -> int:
        """Frames that were not fit to be shown, as the last sample found them."""
        return self._refused

    def close(self) -> None:
        self._shared.close()

    def write(self, host_time_s: float, frame: PoseFrame, expert_index: int) -> bool:
        """Add a frame. It replaces every frame that is not earlier. A frame with a number that is not finite, or
        without rotations, is counted and refused (False)."""
        fit = _is_fit(host_time_s, frame)
        with self._shared.writing() as record:
            if not fit:
                record["refused"] += 1
                return False
            end = int(record["end"])
            begin = int(record["begin"])
            while end > begin and record["time_s"][(end - 1) % CAPACITY] >= host_time_s:
                end -= 1
            # Whoever dies between these lines leaves a timeline that is whole.
            record["end"] = end
            record["begin"] = max(begin, end + 1 - CAPACITY)
            slot = end % CAPACITY
            record["time_s"][slot] = host_time_s
            record["expert"][slot] = expert_index
            record["root_m"][slot] = frame.root_m
            record["quats"][slot] = quaternion.normalise(frame.quats)
            record["contacts"][slot] = np.clip(frame.contacts, 0, 1)
            record["end"] = end + 1
        return True

    def sample(self, host_time_s: float) -> StagePose:
        """The pose at a host time: between frames interpolated; after the last one extrapolated, held and eased into
        an idle; eased back when frames come again."""
        record, is_new = self._shared.read()
        if is_new:
            self._frames = _Frames.of(record)
            self._refused = int(record["refused"])
        i = self._frames.index_at(host_time_s)
        pose = self._live(i, host_time_s) if self._frames.is_followed(i) else self._stand_in(i, host_time_s)
        if self._fade is not None:
            pose = self._fade.at(host_time_s, pose)
            if self._fade.over(host_time_s):
                self._fade = None
        self._shown = pose
        return pose

    def _live(self, i: int, time_s: float) -> StagePose:
        pose = self._frames.between(i, time_s)
        if self._waiting:
            self._start_fade(self._absent, COME_BACK_S, pose, time_s)
        elif self._tail is not None:
            was_brief = self._tail.age_s(time_s) < EXTRAPOLATE_S
            self._start_fade(self._tail, CATCH_UP_S if was_brief else COME_BACK_S, pose, time_s)
        self._waiting, self._tail = False, None
        return pose

    def _stand_in(self, i: int, time_s: float) -> StagePose:
        if i < 0:
            return self._tail.at(time_s) if self._tail is not None else self._absent.at(time_s)
        end_s = float(self._frames.time_s[i])
        if self._tail is None or self._tail.end_s != end_s:
            earlier, self._tail = self._tail, self._frames.tail(i)
            if self._waiting:
                self._start_fade(self._absent, COME_BACK_S, self._tail.at(time_s), time_s)
            elif earlier is not None and earlier.age_s(time_s) >= EXTRAPOLATE_S:
                self._start_fade(earlier, COME_BACK_S, self._tail.at(time_s), time_s)
            self._waiting = False
        return self._tail.at(time_s)

    def _start_fade(self, source: PoseSource, shortest_s: float, target: StagePose, time_s: float) -> None:
        """Out of the source, or, while another passage is still under way, out of what was shown last."""
        origin = source if self._fade is None else Still(self._shown)
        self._fade = Crossfade(origin, time_s, fade_length_s(shortest_s, self._shown, target))


def _is_fit(host_time_s: float, frame: PoseFrame) -> bool:
    numbers = (frame.root_m, frame.quats, frame.contacts)
    return (
        math.isfinite(host_time_s)
        and all(bool(np.isfinite(array).all()) for array in numbers)
        and bool((np.linalg.norm(frame.quats, axis=-1) >= _SHORTEST_QUATERNION).all())
    )
