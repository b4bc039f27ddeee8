"""The native layout: the whole pose as one message of 96 floats, for Unreal, Max and scripts."""

import numpy as np
import numpy.typing as npt

from megadance_live.core.output_frame import OutputFrame
from megadance_live.core.skeleton import JOINT_COUNT
from megadance_live.output.axes import Axes
from megadance_live.output.osc.layouts.musical import MusicalBlock
from megadance_live.output.osc.template import Message, Slot

CONTACTS = 4


class NativeLayout:
    """/dance/N/frame, root/pos, pose/quat and contact, then the musical block."""

    def __init__(self, axes: Axes, performer: int = 1, prefix: str = "", expert_count: int = 0) -> None:
        self._axes = axes
        self._musical = MusicalBlock(prefix, expert_count)
        dance = f"{prefix}/dance/{performer}"
        self.messages: tuple[Message, ...] = (
            Message(f"{dance}/frame", (Slot.INT, Slot.FLOAT, Slot.FLOAT)),  # index, time, beat
            Message(f"{dance}/root/pos", (Slot.FLOAT,) * 3),
            Message(f"{dance}/pose/quat", (Slot.FLOAT,) * (4 * JOINT_COUNT)),
            Message(f"{dance}/contact", (Slot.FLOAT,) * CONTACTS),
            *self._musical.messages,
        )
        self.expert_name_address: str | None = self._musical.expert_name_address

    def floats(self, frame: OutputFrame) -> npt.ArrayLike:
        return np.concatenate(
            [
                (frame.time_s, frame.music.beat_count + frame.music.beat_phase),
                self._axes.position(frame.root_m),
                self._axes.quaternion(frame.quats).ravel(),
                frame.contacts,
                self._musical.floats(frame),
            ]
        )

    def ints(self, frame: OutputFrame) -> npt.ArrayLike:
        return [frame.index, *self._musical.ints(frame)]
