"""What the stage shows, from what is known of the show. No Qt."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from gui.palette import GHOST, expert_colour
from gui.port import ShowPort
from gui.stage.body_mesh import BodyMesh
from gui.stage.camera import Camera, CameraName, Eye, Follow
from gui.stage.playback import Playback
from gui.stage.scene import ASIDE_M, Ghost, Look, Scene, colour_of
from gui.stage.skinning import Rig
from gui.view_models.outputs import PATTERN_TITLES
from megadance_live.core.output_frame import AppState
from megadance_live.core.skeleton import HEAD, REST_OFFSETS_M, STANDING_PELVIS_M
from megadance_live.remote.client import View
from megadance_live.remote.pose_ring import SeenPose
from megadance_live.remote.requests import Revise

_OVER_HEAD_M: Final = 0.34
_WORDS: Final = {
    AppState.LIVE: "",
    AppState.IDLE: "IDLE",
    AppState.FROZEN: "FROZEN",
    AppState.BLACKOUT: "BLACKOUT",
    AppState.PANIC: "PANIC",
    AppState.AUDIO_LOST: "AUDIO LOST",
}


@dataclass(frozen=True)
class StageState:
    """What stands over the picture in words. `body` is the folder of the body that is asked for, "" for the built-in
    one."""

    word: str = ""
    explanation: str = ""
    look: Look = Look.LIVE
    ghost_wanted: bool = True
    body: str = ""


class StageModel:
    """`update` on every tick of the window, `scene` for every picture."""

    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self._view = View()
        self._rig = Rig(REST_OFFSETS_M, -STANDING_PELVIS_M)
        self._playback = Playback()
        self._follow = Follow()
        self._ghost_follow = Follow()
        self._asked_s: float | None = None
        self._seen_camera: CameraName | None = None
        self.camera = Camera()
        self.state = StageState()

    @property
    def delay_s(self) -> float:
        """How far behind the present the picture is."""
        return self._playback.delay_s

    @property
    def dancing(self) -> bool:
        """Is it the dance to the music that is drawn?"""
        view = self._view
        live = view.frame is not None and view.frame.state is AppState.LIVE
        return live and view.connected and view.snapshot.engine.phase == "dancing"

    def update(self, view: View) -> None:
        """How the show stands now."""
        self._view = view
        section = view.snapshot.preset.preset.stage
        if section.camera != self._seen_camera:
            self._seen_camera = section.camera
            if section.camera != self.camera.name:
                self.camera.choose(section.camera)
        word, explanation, look = _words(view)
        self.state = StageState(word, explanation, look, section.ghost, section.body)

    def use_body(self, mesh: BodyMesh) -> None:
        """Draw a body of these proportions from now on."""
        self._rig = Rig(mesh.offsets_m, mesh.floor_m)

    def set_camera(self, name: CameraName) -> None:
        """Look from there; the preset remembers it."""
        self.camera.choose(name)
        section = self._view.snapshot.preset.preset.stage
        if self._view.connected and section.camera != name:
            self._port.ask(Revise("stage", section.model_copy(update={"camera": name})))

    def scene(self, now_s: float, aspect: float) -> Scene:
        """The picture for host time `now_s`, `aspect` times as wide as it is high."""
        passed_s = 0.0 if self._asked_s is None else min(max(now_s - self._asked_s, 0.0), 0.5)
        self._asked_s = now_s
        newest = self._port.pose_at(math.inf)
        time_s = self._playback.time_s(now_s, None if newest is None else newest.time_s)
        pose = self._port.pose_at(time_s)
        ghost = self._port.ghost_at(time_s) if self.state.ghost_wanted and self._view.connected else None
        if ghost is None:
            self._ghost_follow.forget()
        self.camera.step(passed_s, company=ghost is not None)
        if pose is None:
            return Scene(self.camera.eye((0.0, 0.0), aspect), (0.0, 0.0))
        place = self._follow.step(float(pose.root_m[0]), float(pose.root_m[2]), passed_s)
        eye = self.camera.eye(place, aspect)
        return Scene(
            eye,
            place,
            self._rig.pose(pose.root_m, pose.quats),
            pose.contacts,
            self.state.look,
            colour_of(self._expert(pose.expert)[1]) if pose.expert >= 0 else Scene.accent,
            None if ghost is None else self._beside(ghost, eye, place, passed_s),
        )

    def _beside(self, ghost: SeenPose, eye: Eye, place: tuple[float, float], passed_s: float) -> Ghost:
        home = self._ghost_follow.step(float(ghost.root_m[0]), float(ghost.root_m[2]), passed_s)
        shift = np.array([place[0] - home[0], 0.0, place[1] - home[1]], np.float32) + ASIDE_M * eye.right
        posed = self._rig.pose(ghost.root_m + shift, ghost.quats)
        armed = ghost.expert if ghost.expert >= 0 else self._view.status.armed
        name, colour = self._expert(armed)
        label = np.array([place[0], 0.0, place[1]], np.float32) + ASIDE_M * eye.right
        label[1] = max(1.5, float(posed.joints_m[HEAD, 1])) + _OVER_HEAD_M
        return Ghost(posed, name, colour_of(colour), label)

    def _expert(self, index: int) -> tuple[str, str]:
        """Name and colour of an expert, as they stand on the performer's pads."""
        experts = self._view.snapshot.engine.experts
        if not 0 <= index < len(experts):
            return "next", GHOST if index < 0 else expert_colour(index)
        banks = self._view.snapshot.preset.preset.pads.banks
        pads = [pad for bank in banks for pad in bank.pads if pad.expert == experts[index]]
        name = next((pad.name for pad in pads if pad.name), experts[index].replace("_", " "))
        return name, next((pad.colour for pad in pads if pad.colour), expert_colour(index))


def _words(view: View) -> tuple[str, str, Look]:
    if view.frame is None:
        return "", "" if view.connected else "Waiting for the show.", Look.LIVE
    if not view.connected:
        return "SHOW ENDED" if view.ended else "NO CONNECTION", "This is the last pose that was sent.", Look.BLACKOUT
    if view.snapshot.pattern != "off":
        title = PATTERN_TITLES.get(view.snapshot.pattern, view.snapshot.pattern)
        return "TEST", f"Receivers are shown the test pattern: {title}.", Look.LIVE
    state = view.frame.state
    if state is AppState.BLACKOUT or not view.frame.visible:
        return _WORDS[AppState.BLACKOUT], "Receivers hide the dancer.", Look.BLACKOUT
    if state is AppState.FROZEN:
        return _WORDS[state], "Receivers hold this pose.", Look.FROZEN
    return _WORDS[state], "", Look.LIVE
