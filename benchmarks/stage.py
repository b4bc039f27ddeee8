"""What the stage costs, and how evenly it follows poses that come sixty times a second; pictures of it on request.

python benchmarks/stage.py [--size WIDTHxHEIGHT] [--seconds N] [--body FOLDER] [--pictures FOLDER]

Prints JSON lines: pictures per second, milliseconds of this thread for the scene (poses, cameras, bones) and for the
drawing, and milliseconds of all cores together for a picture. Without a screen, under
xvfb-run -s "-screen 0 3840x2160x24".
"""

import argparse
import json
import statistics
import threading
import time
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.stage.camera import CAMERAS
from gui.stage.scene import Scene
from gui.stage.stage_view import Stage
from megadance_live.config.preset import Preset, StageSection
from megadance_live.core import quaternion
from megadance_live.core.command import CommandName, CommandValue
from megadance_live.core.output_frame import AppState, MusicalState, OutputFrame
from megadance_live.core.skeleton import JOINT_COUNT, STANDING_PELVIS_M
from megadance_live.remote.client import View
from megadance_live.remote.pose_ring import SeenPose
from megadance_live.remote.requests import Request
from megadance_live.remote.snapshot import EngineView, PresetView, Snapshot
from megadance_live.remote.stage_view import StageView

SENT_HZ = 60.0
EXPERTS = ("ballet", "breaking", "hip_hop", "house", "krump", "locking")


def dance_at(time_s: float, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Root [3], quaternions [24, 4] and contacts [4] of a step from side to side at 120 bpm."""
    sway, bounce = np.sin(np.pi * time_s + shift), 0.5 - 0.5 * np.cos(4 * np.pi * time_s + shift)
    a = np.zeros((JOINT_COUNT, 3), np.float32)
    a[[1, 2], 0], a[[4, 5], 0], a[[7, 8], 0] = -0.35 * bounce - 0.15, 0.7 * bounce + 0.3, -0.35 * bounce - 0.15
    a[1, 2], a[2, 2] = 0.12 + 0.08 * sway, -0.12 + 0.08 * sway
    a[[3, 6, 9], 1] = 0.18 * sway
    a[16] = [0.2, -0.3 * sway, -0.9 + 0.5 * sway]
    a[17] = [0.2, -0.3 * sway, 0.9 + 0.5 * sway]
    a[18, 1], a[19, 1] = -1.2 - 0.4 * sway, 1.2 - 0.4 * sway
    a[15, 1] = 0.3 * sway
    root = np.array([0.12 * sway, STANDING_PELVIS_M - 0.03 - 0.06 * bounce, 0.0], np.float32)
    right = float(sway > 0)
    return root, quaternion.from_axis_angle(a), np.array([1 - right, 1, right, 1], np.float32)


class Dance:
    """A ShowPort over shared memory, as that of a real show is; a thread sends."""

    def __init__(self, body: str) -> None:
        self.state = AppState.LIVE
        self.with_ghost = False
        self._body = body
        self._shown = StageView()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._send, name="dance")
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._shown.close()

    def view(self) -> View:
        preset = PresetView(Preset(stage=StageSection(body=self._body)))
        snapshot = Snapshot(engine=EngineView("dancing", experts=EXPERTS), preset=preset)
        return View(time.monotonic(), True, False, snapshot, frame=self._shown.read())

    def pose_at(self, time_s: float) -> SeenPose | None:
        return self._shown.poses.at(time_s)

    def ghost_at(self, time_s: float) -> SeenPose | None:
        return SeenPose(time_s, *dance_at(time_s, 1.5), 5) if self.with_ghost else None

    def say(self, name: CommandName, value: CommandValue = None) -> None: ...

    def ask(self, request: Request) -> None: ...

    def _send(self) -> None:
        due_s = time.monotonic()
        held = dance_at(due_s)
        while not self._stopping.wait(max(0.0, due_s - time.monotonic())):
            held = held if self.state is AppState.FROZEN else dance_at(due_s)
            frame = OutputFrame(
                0, due_s, *held, MusicalState(expert=3), self.state, self.state is not AppState.BLACKOUT, SENT_HZ
            )
            self._shown.write(due_s, frame)
            due_s += 1 / SENT_HZ


def play(app: QApplication, seconds: float) -> None:
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        app.processEvents()
        time.sleep(0.0005)


def measure(app: QApplication, stage: Stage, seconds: float) -> dict[str, float | str | bool]:
    """Over some seconds of the running stage."""
    scenes, drawings, delays = [], [], []
    make = stage.model.scene

    def timed(now_s: float, aspect: float) -> Scene:
        begun_s = time.thread_time()
        scene = make(now_s, aspect)
        scenes.append(time.thread_time() - begun_s)
        drawings.append(stage.picture.paint_s)
        delays.append(stage.model.delay_s)
        return scene

    stage.model.scene = timed  # type: ignore[method-assign]
    begun, cpu_s, begun_s = stage.pictures, time.process_time(), time.monotonic()
    play(app, seconds)
    pictures, passed_s = max(stage.pictures - begun, 1), time.monotonic() - begun_s
    stage.model.scene = make  # type: ignore[method-assign]
    return {
        "size": f"{stage.width()}x{stage.height()}",
        "opengl": not stage.is_flat,
        "software": stage.picture.software,
        "pictures_per_s": round(pictures / passed_s, 1),
        "scene_ms": round(1000 * statistics.median(scenes), 2),
        "drawing_ms": round(1000 * statistics.median(drawings), 2),
        "all_cores_ms": round(1000 * (time.process_time() - cpu_s) / pictures, 1),
        "behind_ms": round(1000 * statistics.median(delays), 1),
    }


def take_pictures(app: QApplication, stage: Stage, dance: Dance, folder: Path) -> None:
    """Of every camera and state."""
    folder.mkdir(parents=True, exist_ok=True)
    scenes = [(name, AppState.LIVE, False) for name in CAMERAS]
    scenes += [("front", state, False) for state in (AppState.FROZEN, AppState.BLACKOUT, AppState.PANIC)]
    for camera, state, ghost in [*scenes, ("front", AppState.LIVE, True)]:
        dance.state, dance.with_ghost = state, ghost
        stage.model.camera.choose(camera)
        play(app, 2.5)
        name = "ghost" if ghost else camera if state is AppState.LIVE else state.name.lower()
        stage.screen().grabWindow(stage.winId()).save(str(folder / f"{name}.png"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="960x620")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--body", default="")
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    wide, high = (int(part) for part in options.size.split("x"))
    app = QApplication([])
    app.setPalette(theme.qt_palette())
    theme.fit(2 * wide, round(1.85 * high))
    app.setStyleSheet(theme.stylesheet())
    dance = Dance(options.body)
    begun_s = time.monotonic()
    stage = Stage(dance)
    made_s = time.monotonic() - begun_s
    stage.resize(wide, high)
    stage.show()
    try:
        while not (stage.has_body and stage.pictures > 1):
            play(app, 0.01)
        first_s = time.monotonic() - begun_s
        print(json.dumps({"stage_made_s": round(made_s, 3), "dancer_drawn_s": round(first_s, 3)}))
        play(app, 1.0)
        print(json.dumps(measure(app, stage, options.seconds)))
        dance.with_ghost = True
        play(app, 1.0)
        print(json.dumps({"ghost": True} | measure(app, stage, options.seconds)))
        dance.with_ghost = False
        if options.pictures:
            take_pictures(app, stage, dance, options.pictures)
    finally:
        stage.close()
        dance.stop()


if __name__ == "__main__":
    main()
