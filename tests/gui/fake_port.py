"""A show that tests of the app can set up as they like, and that remembers what it was told."""

from dataclasses import replace
from typing import Any

import numpy as np

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command, CommandName, CommandValue
from megadance_live.core.control import Control
from megadance_live.core.output_frame import MusicalState, OutputFrame
from megadance_live.core.quaternion import identity
from megadance_live.core.skeleton import JOINT_COUNT, STANDING_PELVIS_M
from megadance_live.remote.board import Status
from megadance_live.remote.client import View
from megadance_live.remote.pose_ring import SeenPose
from megadance_live.remote.requests import Request, Say
from megadance_live.remote.snapshot import EngineView, Snapshot

EXPERTS = ("ballet", "breaking", "hip_hop", "house", "krump", "locking", "popping", "salsa")


def standing(time_s: float = 0.0, expert: int = 3) -> SeenPose:
    """The rest pose on its feet."""
    root_m = np.array([0, STANDING_PELVIS_M, 0], np.float32)
    quats = np.tile(identity(), (JOINT_COUNT, 1)).astype(np.float32)
    return SeenPose(time_s, root_m, quats, np.ones(4, np.float32), expert)


def dancing_view(now_s: float = 100.0, **engine: Any) -> View:
    """House at 124 bpm in bar 9, beat 1; `engine` changes fields of the EngineView."""
    pose = standing(now_s)
    frame = OutputFrame(
        0,
        10.0,
        pose.root_m,
        pose.quats,
        pose.contacts,
        MusicalState(tempo_bpm=124.0, confidence=0.9, source=1, beat_count=33, bar=9, beat_in_bar=1, expert=3),
        fps=60.0,
    )
    view = EngineView(
        phase="dancing", source="demo", dancer="megadance-live-2", experts=EXPERTS, control=Control(expert="house")
    )
    clock = BarClock(now_s, 8.0, 124.0, 4, 0.9, "audio", "locked")
    status = Status(clock, level=0.6, low=0.7, mid=0.4, high=0.3, expert=3, written_s=now_s, heard_s=now_s)
    return View(now_s, True, False, Snapshot(engine=replace(view, **engine)), status, frame)


class FakePort:
    """A ShowPort. Change `shown`, `pose` and `ghost`; read `said` and `asked`."""

    def __init__(self, shown: View | None = None) -> None:
        self.shown = shown if shown is not None else dancing_view()
        self.pose: SeenPose | None = standing()
        self.ghost: SeenPose | None = None
        self.said: list[Command] = []
        self.asked: list[Request] = []

    def view(self) -> View:
        return self.shown

    def pose_at(self, time_s: float) -> SeenPose | None:
        return self.pose

    def ghost_at(self, time_s: float) -> SeenPose | None:
        return self.ghost

    def say(self, name: CommandName, value: CommandValue = None) -> None:
        self.said.append(Command(name, value))
        self.asked.append(Say(Command(name, value), self.shown.now_s))

    def ask(self, request: Request) -> None:
        self.asked.append(request)
