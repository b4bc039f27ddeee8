"""One frame of motion before it has a place on the stage."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

HEIGHT = 0
VELOCITY = slice(1, 3)
YAW_RATE = 3


@dataclass(frozen=True)
class LocalFrame:
    """A sane RawMotion frame in double precision; never changed in place.

    `quats` [24, 4] unit local rotations, the pelvis without heading. `root` [4]: height of the pelvis (m), velocity x
    and z in the heading's frame (m per frame), yaw rate (rad per frame). `contacts` [4]: left heel, left toe, right
    heel, right toe, 0..1.
    """

    quats: F64
    root: F64
    contacts: F64
