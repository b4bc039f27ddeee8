"""Freeze, blackout and test poses: what the performer lays over the dance."""

from dataclasses import dataclass, replace
from typing import Literal

from megadance_live.show.idle import Idle
from megadance_live.show.patterns import Pattern, PatternName
from megadance_live.show.stage_pose import Crossfade, PoseSource, StagePose, Still, fade_length_s
from megadance_live.show.timeline import PoseTimeline

TO_REST_S = 0.2
REST_SHOWN_S = 0.15
"""The resting pose is sent for this long (at least four frames) before receivers are told to hide the avatar."""
BACK_S = 0.5

Scene = Literal["dance", "freeze", "blackout", "t_pose", "arm_raise", "left_arm"]


@dataclass(frozen=True)
class Switches:
    """What the performer holds down; blackout wins over a test pose, and that over freeze."""

    frozen: bool = False
    blackout: bool = False
    pattern: PatternName = "off"

    @property
    def scene(self) -> Scene:
        if self.blackout:
            return "blackout"
        if self.pattern != "off":
            return self.pattern
        return "freeze" if self.frozen else "dance"


class Presenter:
    """The timeline under freeze, blackout and test poses, with an eased passage from each to the next."""

    def __init__(self, timeline: PoseTimeline) -> None:
        self._timeline = timeline
        self._scene: Scene = "dance"
        self._since_s = 0.0
        self._laid_over: PoseSource | None = None  # what is shown instead of the dance
        self._shown: StagePose | None = None
        self._fade: Crossfade | None = None

    def at(self, time_s: float, switches: Switches) -> StagePose:
        """The pose at a host time under the switches as they are held then."""
        if switches.scene != self._scene:
            self._change(switches.scene, time_s)
        pose = self._timeline.sample(time_s) if self._laid_over is None else self._laid_over.at(time_s)
        if self._fade is not None:
            pose = self._fade.at(time_s, pose)
            if self._fade.over(time_s):
                self._fade = None
        self._shown = pose
        return pose

    def visible(self, time_s: float) -> bool:
        """False in a blackout, once the resting pose has been shown for a moment."""
        return self._scene != "blackout" or time_s - self._since_s < TO_REST_S + REST_SHOWN_S

    def _change(self, scene: Scene, time_s: float) -> None:
        dance = self._timeline.sample(time_s)
        shown = self._shown if self._shown is not None else dance
        self._scene, self._since_s = scene, time_s
        if scene == "freeze":
            self._laid_over, self._fade = Still(replace(shown, mode="held")), None
        elif scene == "blackout":
            self._laid_over = Still(Idle(shown, time_s).at(time_s))
            self._fade = Crossfade(Still(shown), time_s, TO_REST_S)
        elif scene == "dance":
            self._laid_over = None
            self._fade = Crossfade(Still(shown), time_s, fade_length_s(BACK_S, shown, dance))
        else:
            self._laid_over = Pattern(scene, time_s)
            pose = self._laid_over.at(time_s)
            self._fade = Crossfade(Still(shown), time_s, fade_length_s(BACK_S, shown, pose))
