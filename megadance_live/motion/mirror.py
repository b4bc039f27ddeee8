"""Left for right."""

import numpy as np

from megadance_live.core.skeleton import MIRROR_JOINTS
from megadance_live.motion.local_frame import LocalFrame

_JOINTS = np.array(MIRROR_JOINTS)
_QUAT = np.array([1.0, -1.0, -1.0, 1.0])
_ROOT = np.array([1.0, -1.0, 1.0, -1.0])
_CONTACTS = np.array([2, 3, 0, 1])


def mirrored(frame: LocalFrame) -> LocalFrame:
    """The dance as a mirror across the body's middle plane shows it; twice is the dance itself, bit for bit."""
    return LocalFrame(frame.quats[_JOINTS] * _QUAT, frame.root * _ROOT, frame.contacts[_CONTACTS])
