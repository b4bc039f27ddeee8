"""The TouchDesigner layout: one number per address, so that each becomes a channel with a name that never changes.

An OSC In CHOP numbers the values of a longer message in ways that differ between builds, warns at strings and never
forgets an address. Channel names end as Transform and Object CHOPs expect: tx ty tz, rx ry rz, qx qy qz qw.
"""

import numpy as np
import numpy.typing as npt

from megadance_live.core.destination import Rotation
from megadance_live.core.output_frame import OutputFrame
from megadance_live.core.skeleton import JOINT_NAMES
from megadance_live.output.axes import Axes, euler_xyz_deg
from megadance_live.output.osc.layouts.musical import MusicalBlock
from megadance_live.output.osc.template import Message, Slot

_CHANNELS: dict[Rotation, tuple[str, ...]] = {"euler": ("rx", "ry", "rz"), "quat": ("qx", "qy", "qz", "qw")}
_CONTACTS = ("left_heel", "left_toe", "right_heel", "right_toe")


class TouchDesignerLayout:
    """Joint rotations as degrees in rotate order xyz, or as quaternions; root, contacts and the musical block."""

    expert_name_address: str | None = None

    def __init__(
        self, axes: Axes, rotation: Rotation = "euler", performer: int = 1, prefix: str = "", expert_count: int = 0
    ) -> None:
        self._axes = axes
        self._rotation = rotation
        self._musical = MusicalBlock(prefix, expert_count)
        channels = [
            *(f"root/{channel}" for channel in ("tx", "ty", "tz")),
            *(f"{joint}/{channel}" for joint in JOINT_NAMES for channel in _CHANNELS[rotation]),
            *(f"contact/{name}" for name in _CONTACTS),
        ]
        dance = f"{prefix}/dance/{performer}"
        self.messages: tuple[Message, ...] = (
            Message(f"{dance}/frame/index", (Slot.INT,)),
            Message(f"{dance}/frame/time", (Slot.FLOAT,)),
            Message(f"{dance}/frame/beat", (Slot.FLOAT,)),
            *(Message(f"{dance}/{channel}", (Slot.FLOAT,)) for channel in channels),
            *self._musical.messages,
        )

    def floats(self, frame: OutputFrame) -> npt.ArrayLike:
        quats = self._axes.quaternion(frame.quats)
        rotations = euler_xyz_deg(quats) if self._rotation == "euler" else quats
        return np.concatenate(
            [
                (frame.time_s, frame.music.beat_count + frame.music.beat_phase),
                self._axes.position(frame.root_m),
                rotations.ravel(),
                frame.contacts,
                self._musical.floats(frame),
            ]
        )

    def ints(self, frame: OutputFrame) -> npt.ArrayLike:
        return [frame.index, *self._musical.ints(frame)]
