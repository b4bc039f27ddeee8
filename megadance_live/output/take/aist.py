"""AIST++: a pickled dict of three arrays, Y up, at 60 frames per second by convention.

`smpl_trans` is in the scaled units of `smpl_scaling`; the scaling is 1, so it is in metres, and it is the body model's
translation, which is the pelvis less its rest place.
"""

import pickle
from pathlib import Path
from typing import Any

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.skeleton import REST_PELVIS_M
from megadance_live.output.take.files import atomic
from megadance_live.output.take.track import Motion

SUFFIX = ".pkl"
FPS = 60
_PROTOCOL = 4


class _PlainPickler(pickle.Pickler):
    """Arrays as calls of `numpy.ndarray`, a name that every numpy has.

    numpy's own way names a private module that moved between numpy 1 and 2, so that one cannot read the other's.
    """

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, np.ndarray):
            return np.ndarray, (obj.shape, obj.dtype.str, bytearray(obj.tobytes()))
        return NotImplemented


def to_aist(motion: Motion) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """`smpl_poses` [n, 72] axis-angle, `smpl_scaling` [1], `smpl_trans` [n, 3] metres; all float32, as published."""
    return {
        "smpl_poses": quaternion.to_axis_angle(motion.quats).reshape(len(motion), 72).astype(np.float32),
        "smpl_scaling": np.ones(1, np.float32),
        "smpl_trans": (motion.root_m - REST_PELVIS_M).astype(np.float32),
    }


def write_aist(path: Path, motion: Motion) -> None:
    """Write the pickle in one go; raises OSError. The same motion gives the same bytes."""
    with atomic(path) as temporary, temporary.open("wb") as file:
        _PlainPickler(file, _PROTOCOL).dump(to_aist(motion))
