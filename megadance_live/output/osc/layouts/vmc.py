"""The VMC layout (protocol.vmc.info, V3.1): a performer that any Marionette renders.

Rotations are those of normalised bones (identity in T-pose), which is SMPL's own convention, in Unity's axes. Several
receivers show a frame only on Blend/Apply, OK or T, so these come last.
"""

import numpy as np
import numpy.typing as npt

from megadance_live.core.destination import Locomotion, Positions
from megadance_live.core.output_frame import OutputFrame
from megadance_live.core.skeleton import PELVIS, REST_OFFSETS_M
from megadance_live.output.axes import AXES
from megadance_live.output.osc.template import Argument, Message, Slot

BONES: tuple[str, ...] = (
    "Hips", "LeftUpperLeg", "RightUpperLeg", "Spine", "LeftLowerLeg", "RightLowerLeg", "Chest", "LeftFoot",
    "RightFoot", "UpperChest", "LeftToes", "RightToes", "Neck", "LeftShoulder", "RightShoulder", "Head",
    "LeftUpperArm", "RightUpperArm", "LeftLowerArm", "RightLowerArm", "LeftHand", "RightHand",
)  # fmt: skip
"""Unity's names of the SMPL joints 0..21; the palm stubs 22 and 23 have none."""

_CALIBRATED, _UNCALIBRATED = 3, 0
_UNITY = AXES["unity"]
_NO_POSITION = (0.0, 0.0, 0.0)
_NO_ROTATION = (0.0, 0.0, 0.0, 1.0)


class VmcLayout:
    """Root, 22 bones, Blend/Apply, OK, T.

    `positions`: "offsets" sends each bone's place at rest, because several receivers apply what is streamed and zeros
    would collapse the avatar; "none" sends zeros for receivers that keep the avatar's own. `locomotion`: the walk over
    the stage lies in Hips, or, with "root", its horizontal part lies in Root. An invisible frame says OK 0 and
    uncalibrated: receivers hide the avatar on one or the other.
    """

    expert_name_address: str | None = None

    def __init__(self, positions: Positions = "offsets", locomotion: Locomotion = "hips") -> None:
        self._hips_move = positions == "offsets"
        self._root_moves = locomotion == "root"
        offsets = _UNITY.position(REST_OFFSETS_M)
        self.messages: tuple[Message, ...] = (
            self._root_message(),
            *(self._bone_message(i, offsets[i]) for i in range(len(BONES))),
            Message("/VMC/Ext/Blend/Apply"),
            Message("/VMC/Ext/OK", (Slot.INT, Slot.INT, 0)),  # loaded, calibration state, calibration mode
            Message("/VMC/Ext/T", (Slot.FLOAT,)),
        )

    def _root_message(self) -> Message:
        place: tuple[Argument, ...] = (Slot.FLOAT,) * 3 if self._root_moves else _NO_POSITION
        return Message("/VMC/Ext/Root/Pos", ("root", *place, *_NO_ROTATION))

    def _bone_message(self, bone: int, offset: npt.NDArray[np.float32]) -> Message:
        place: tuple[Argument, ...] = _NO_POSITION
        if self._hips_move:
            place = (Slot.FLOAT,) * 3 if bone == PELVIS else tuple(float(x) for x in offset)
        return Message("/VMC/Ext/Bone/Pos", (BONES[bone], *place, *(Slot.FLOAT,) * 4))

    def floats(self, frame: OutputFrame) -> npt.ArrayLike:
        root = _UNITY.position(frame.root_m)
        horizontal = root * np.array([1, 0, 1], np.float32)
        parts: list[npt.ArrayLike] = [horizontal] if self._root_moves else []
        if self._hips_move:
            parts.append(root - horizontal if self._root_moves else root)
        parts += [_UNITY.quaternion(frame.quats[: len(BONES)]).ravel(), (frame.time_s,)]
        return np.concatenate(parts)

    def ints(self, frame: OutputFrame) -> npt.ArrayLike:
        return (1, _CALIBRATED) if frame.visible else (0, _UNCALIBRATED)
