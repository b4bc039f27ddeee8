"""The stage drawn with OpenGL. The body is skinned by the graphics card: a picture costs Python next to nothing."""

import time
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QOffscreenSurface, QOpenGLContext, QOpenGLFunctions, QSurfaceFormat
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QApplication, QWidget

from gui import palette
from gui.stage import shaders
from gui.stage.body_mesh import F32, BodyMesh
from gui.stage.gl_parts import BODY_ATTRIBUTES, GlError, Program, Surface, body_surface, floor_surface
from gui.stage.scene import Look, Scene, colour_of, linear, stands_m
from gui.stage.segments import SEGMENTS
from gui.stage.skinning import Posed

_LEAST_VERSION = (3, 3)
_LEAST_EMBEDDED = (3, 0)
_NO_WINDOWS = ("offscreen", "minimal", "minimalegl", "vnc")
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "gdi generic", "basic render", "software")

GL_RENDERER = 0x1F01
GL_COLOR_BUFFER_BIT, GL_DEPTH_BUFFER_BIT = 0x4000, 0x0100
GL_DEPTH_TEST, GL_BLEND, GL_CULL_FACE = 0x0B71, 0x0BE2, 0x0B44
GL_LESS, GL_EQUAL = 0x0201, 0x0202
GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE = 0x0302, 0x0303, 0, 1

_STARTS = np.array([start for start, _, _ in SEGMENTS])
_ENDS = np.array([end for _, end, _ in SEGMENTS])
_RADII = np.array([radius for _, _, radius in SEGMENTS], np.float32)
_GRID = {Look.LIVE: (0.075, 0.08, 0.095), Look.FROZEN: (0.085, 0.13, 0.16), Look.BLACKOUT: (0.05, 0.05, 0.055)}
_SHADOW_SPREAD_M = 0.45
_LINES_OF_ONE_PX = 400.0
"""Height of a picture in which lines on the floor are one pixel wide."""
BACKGROUND = colour_of(palette.BACKGROUND)


@dataclass(frozen=True)
class GlHere:
    """`trouble` says why OpenGL cannot be used, "" where it can; `software`: it can, but without a graphics card."""

    trouble: str = ""
    software: bool = False


def surface_format(samples: int = 4) -> QSurfaceFormat:
    """What is asked of OpenGL."""
    wanted = QSurfaceFormat()
    if QOpenGLContext.openGLModuleType() == QOpenGLContext.OpenGLModuleType.LibGL:
        wanted.setVersion(*_LEAST_VERSION)
        wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setDepthBufferSize(24)
    wanted.setSamples(samples)
    return wanted


def find_gl() -> GlHere:
    """Tried with a context of its own, because a widget that cannot have one stays black."""
    if QApplication.platformName() in _NO_WINDOWS:
        return GlHere(f"the window system {QApplication.platformName()} has none")
    context = QOpenGLContext()
    context.setFormat(surface_format(0))
    surface = QOffscreenSurface()
    surface.setFormat(surface_format(0))
    surface.create()
    try:
        if not context.create() or not context.makeCurrent(surface):
            return GlHere("there is no driver")
        least = _LEAST_EMBEDDED if context.isOpenGLES() else _LEAST_VERSION
        version = context.format().version()
        renderer = str(context.functions().glGetString(GL_RENDERER)).lower()
        context.doneCurrent()
        if tuple(version) < least:
            return GlHere(f"version {version[0]}.{version[1]} is too old, {least[0]}.{least[1]} is needed")
        return GlHere(software=any(name in renderer for name in _SOFTWARE))
    finally:
        surface.destroy()


class GlPicture(QOpenGLWidget):
    """Draws the scene that it was given last. `failure` is "" or says why nothing can be drawn."""

    painted = Signal()

    def __init__(self, software: bool = False, parent: QWidget | None = None) -> None:
        """`software`: there is no graphics card, so that smooth edges would cost more than they are worth."""
        super().__init__(parent)
        self.setFormat(surface_format(0 if software else 4))
        self.failure = ""
        self.paint_s = 0.0
        """What the last picture took in this thread."""
        self.software = software
        self._scene: Scene | None = None
        self._mesh: BodyMesh | None = None
        self._fresh_mesh: BodyMesh | None = None
        self._body: Surface | None = None
        self._floor: Surface | None = None
        self._body_program: Program | None = None
        self._floor_program: Program | None = None
        self._unseen = False
        self.frameSwapped.connect(self._on_swapped)

    def set_mesh(self, mesh: BodyMesh) -> None:
        """Draw this body from now on."""
        self._mesh = self._fresh_mesh = mesh

    def show_scene(self, scene: Scene) -> None:
        """Draw this next."""
        self._scene = scene
        self.update()

    def release(self) -> None:
        """Give back what lies on the graphics card; it is made again should the widget be shown again."""
        if self._floor is None and self._body is None and self._body_program is None:
            return
        self.makeCurrent()
        for part in (self._body, self._floor, self._body_program, self._floor_program):
            if part is not None:
                part.release()
        self._body = self._floor = self._body_program = self._floor_program = None
        self._fresh_mesh = self._mesh
        self.doneCurrent()

    def initializeGL(self) -> None:
        self.context().aboutToBeDestroyed.connect(self.release)
        self._make()

    def _make(self) -> None:
        try:
            self._body_program = Program(shaders.BODY_VERTEX, shaders.BODY_FRAGMENT, BODY_ATTRIBUTES)
            self._floor_program = Program(shaders.FLOOR_VERTEX, shaders.FLOOR_FRAGMENT, ("a_corner",))
            self._floor = floor_surface()
        except GlError as error:
            self.failure = str(error) or "the shaders cannot be compiled"

    def paintGL(self) -> None:
        begun_s = time.perf_counter()
        gl = self.context().functions()
        gl.glClearColor(*BACKGROUND, 1.0)
        gl.glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT)
        if self._body_program is None and not self.failure:
            self._make()
        if self._scene is not None and not self.failure:
            self._take_mesh()
            self._paint(gl, self._scene)
        self.paint_s = time.perf_counter() - begun_s
        self._unseen = True

    def _on_swapped(self) -> None:
        """Also called when only the panels beside the stage have been drawn anew."""
        if self._unseen:
            self._unseen = False
            self.painted.emit()

    def _take_mesh(self) -> None:
        if self._fresh_mesh is None:
            return
        if self._body is not None:
            self._body.release()
            self._body = None
        try:
            self._body = body_surface(self._fresh_mesh)
        except GlError as error:
            self.failure = str(error)
        self._fresh_mesh = None

    def _paint(self, gl: QOpenGLFunctions, scene: Scene) -> None:
        camera = (scene.eye.projection @ scene.eye.view).astype(np.float32)
        self._paint_floor(gl, scene, camera)
        if self._body is None or self._body_program is None:
            return
        program = self._body_program
        program.bind()
        program.set_matrix("u_camera", camera)
        program.set_vectors("u_eye", scene.eye.place_m)
        program.set_vectors("u_right", scene.eye.right)
        gl.glEnable(GL_DEPTH_TEST)
        gl.glDepthFunc(GL_LESS)
        if scene.dancer is not None:
            program.set_vectors("u_accent", linear(scene.accent))
            self._paint_body(program, self._body, scene.dancer, scene.look)
        if scene.ghost is not None:
            program.set_vectors("u_accent", linear(scene.ghost.colour))
            # First only how far away it is, so that nothing behind its skin shines through.
            gl.glColorMask(0, 0, 0, 0)
            self._paint_body(program, self._body, scene.ghost.posed, Look.GHOST)
            gl.glColorMask(1, 1, 1, 1)
            gl.glDepthFunc(GL_EQUAL)
            gl.glEnable(GL_BLEND)
            gl.glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE)
            self._body.draw()
            gl.glDisable(GL_BLEND)
        gl.glDisable(GL_DEPTH_TEST)

    @staticmethod
    def _paint_body(program: Program, body: Surface, posed: Posed, look: Look) -> None:
        program.set_vectors("u_bones", posed.bones.reshape(-1, 4))
        program.set_whole("u_look", int(look))
        body.draw()

    def _paint_floor(self, gl: QOpenGLFunctions, scene: Scene, camera: F32) -> None:
        if self._floor is None or self._floor_program is None:
            return
        program = self._floor_program
        program.bind()
        program.set_matrix("u_camera", camera)
        program.set_vectors("u_middle", scene.place_m)
        program.set_vectors("u_background", BACKGROUND)
        program.set_vectors("u_tint", _GRID[scene.look])
        lit = scene.look is not Look.BLACKOUT
        program.set_vectors("u_accent", scene.accent if lit else (0.0, 0.0, 0.0))
        contacts = np.zeros((4, 3), np.float32)
        reach_m = 0.0
        if scene.dancer is not None:
            joints = scene.dancer.joints_m
            ends = np.concatenate([joints[_STARTS], _RADII[:, None], joints[_ENDS], _RADII[:, None]], axis=1)
            program.set_vectors("u_segments", ends.reshape(-1, 4))
            reach_m = float(np.abs(joints[:, [0, 2]] - scene.place_m).max()) + _SHADOW_SPREAD_M
            contacts[:, :2] = stands_m(scene.dancer)
            if scene.contacts is not None and lit:
                contacts[:, 2] = scene.contacts
        program.set_number("u_line", max(1.0, self.height() * self.devicePixelRatio() / _LINES_OF_ONE_PX))
        program.set_number("u_shadow_m", reach_m if lit else 0.0)
        program.set_vectors("u_contacts", contacts)
        self._floor.draw()
