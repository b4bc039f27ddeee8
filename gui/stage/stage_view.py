"""The stage as a widget: the picture, and over it what must be said in words, and the cameras."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QHideEvent, QMouseEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.milestones import reach
from gui.port import ShowPort
from gui.stage.body_file import load_body
from gui.stage.body_mesh import BodyMesh
from gui.stage.camera import CameraName
from gui.stage.flat_picture import FlatPicture
from gui.stage.gl_picture import GlPicture, find_gl
from gui.stage.mannequin import COARSE_M, FINE_M, mannequin
from gui.stage.overlay import CameraRow, Tag, Words
from gui.stage.playback import Pace
from gui.stage.scene import Scene
from gui.stage.stage_model import StageModel
from megadance_live.core.errors import MegaDanceError

_STATE_EVERY_S: Final = 0.05
_CARD_SHARE, _SOFTWARE_SHARE = 0.5, 0.6
"""Of the time. With a card it is only this thread's part of the drawing that counts, without one the whole."""
_FASTEST_HZ, _SOFTWARE_HZ = 240.0, 30.0
"""Without a card, the cores that draw are those that dance and send."""
_UNSEEN_MS: Final = 250
"""A picture that has not come on screen by then is asked for again: the window may have been covered."""
_RAD_PER_PX: Final = 0.008
_ZOOM_PER_NOTCH: Final = 0.88


class Stage(QWidget):
    """Draws itself while it can be seen, at the screen's rate. It has the only OpenGL widget of the app."""

    def __init__(
        self,
        port: ShowPort,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setAccessibleName("stage")
        self.setMinimumSize(200, 150)
        self.setToolTip("Drag: walk around. Right or middle drag: move the picture. Wheel: nearer. Double click: back.")
        self.model = StageModel(port)
        self.trouble = ""
        """Why the body or the way of drawing is not the one that was asked for, in words."""
        self.pictures = 0
        """Drawn so far."""
        self.has_body = False
        self._port = port
        self._told_s = 0.0
        self._begun_s: float | None = None
        """When the picture was begun that has not come on screen yet."""
        self._dragged: tuple[QPointF, Qt.MouseButton] | None = None
        self._workers: ThreadPoolExecutor | None = None
        self._making: Future[BodyMesh] | None = None
        self._body = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._draw)
        here = find_gl()
        self._no_gl = here.trouble
        self.pace = Pace(_SOFTWARE_SHARE if here.software or here.trouble else _CARD_SHARE)
        self._cell_m = COARSE_M if here.software else FINE_M
        self.picture: GlPicture | FlatPicture = FlatPicture(self) if here.trouble else GlPicture(here.software, self)
        self._words = Words(self)
        self._ghost_tag = Tag("ghost_name", self)
        self._note = Tag("stage_note", self)
        self._cameras = CameraRow(self.set_camera, self)
        self._use(self.picture)
        self._begin_body("")
        if (app := QApplication.instance()) is not None:
            app.aboutToQuit.connect(self.release)

    @property
    def is_flat(self) -> bool:
        """Drawn without OpenGL?"""
        return isinstance(self.picture, FlatPicture)

    @property
    def fps(self) -> float:
        """Pictures per second; 0 while hidden."""
        return self.pace.fps if self.isVisible() else 0.0

    def set_camera(self, name: CameraName) -> None:
        """Look from there."""
        self.model.set_camera(name)

    def release(self) -> None:
        """Give back the memory of the graphics card, and end the thread that makes bodies."""
        self._timer.stop()
        if self._workers is not None:
            self._workers.shutdown(wait=True, cancel_futures=True)
            self._workers = None
        self.picture.release()

    def refresh(self) -> None:
        """See how the show stands. The stage does that by itself, too, while it is seen."""
        self._told_s = time.monotonic()
        self.model.update(self._port.view())
        state = self.model.state
        if state.body != self._body:
            self._body, self.trouble = state.body, ""
            self._begin_body(state.body)
        self._words.show_words(state.word, state.explanation, state.look)
        self._cameras.show_camera(self.model.camera.name)
        self._cameras.setVisible(not self.is_flat)
        flat = f"2-D: no OpenGL ({self._no_gl})." if self._no_gl else ""
        self._note.say(" ".join(part for part in (flat, self.trouble) if part))
        self._place_overlay()

    def _draw(self) -> None:
        """Make the next picture."""
        if not self.isVisible():
            return
        now_s = self._begun_s = time.monotonic()
        self._timer.start(_UNSEEN_MS)
        self._take_body()
        if self.picture.failure:
            self._fall_back(self.picture.failure)
        if now_s - self._told_s >= _STATE_EVERY_S:
            self.refresh()
        scene = self.model.scene(now_s, self.width() / max(self.height(), 1))
        self._place_ghost_tag(scene)
        self.picture.show_scene(scene)

    def _on_painted(self) -> None:
        begun_s, self._begun_s = self._begun_s, None
        if begun_s is None or not self.isVisible():
            return  # Qt has only had the last picture drawn again
        now_s = time.monotonic()
        # A graphics card works beside us, and is waited for; a processor that draws is work of our own.
        cost_s = now_s - begun_s if self.picture.software else self.picture.paint_s
        self.pictures += 1
        self.pace.drawn(begun_s, cost_s)
        if self.has_body and self.model.dancing:
            reach("dance painted")
        self._timer.start(int(self.pace.wait_s(now_s) * 1000))

    def _use(self, picture: GlPicture | FlatPicture) -> None:
        self.picture = picture
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.setGeometry(self.rect())
        picture.painted.connect(self._on_painted)
        for above in (self._words, self._ghost_tag, self._note, self._cameras):
            above.raise_()

    def _fall_back(self, why: str) -> None:
        old = self.picture
        old.painted.disconnect(self._on_painted)
        self._no_gl = why.splitlines()[0]
        self._use(FlatPicture(self))
        self.picture.show()
        old.release()
        old.hide()
        old.deleteLater()

    def _begin_body(self, folder: str) -> None:
        """Make the body of a folder, or the built-in one, beside everything else."""
        if self._workers is None:
            self._workers = ThreadPoolExecutor(1, thread_name_prefix="stage-body")
        if folder:
            self._making = self._workers.submit(load_body, Path(folder).expanduser())
        else:
            self._making = self._workers.submit(mannequin, self._cell_m)

    def _take_body(self) -> None:
        """Draw the body, once it has been made."""
        making = self._making
        if making is None or not making.done() or making.cancelled():
            return
        try:
            mesh = making.result()
        except MegaDanceError as error:
            self.trouble = f"{error} The built-in body is drawn."
            self._begin_body("")
            return
        self._making = None
        self.model.use_body(mesh)
        self.picture.set_mesh(mesh)
        self.has_body = True

    def _place_overlay(self) -> None:
        gap = theme.px(8)
        self._words.move((self.width() - self._words.width()) // 2, theme.px(10))
        self._cameras.move(self.width() - self._cameras.width() - gap, self.height() - self._cameras.height() - gap)
        foot = self.height() if self.is_flat else self._cameras.y()
        self._note.move(gap, foot - self._note.height() - gap)

    def _place_ghost_tag(self, scene: Scene) -> None:
        ghost = scene.ghost
        spot = None if ghost is None or self.is_flat else scene.eye.pixel(ghost.label_m, self.width(), self.height())
        if ghost is None or spot is None:
            self._ghost_tag.say("")
            return
        self._ghost_tag.say(f"next: {ghost.name}")
        self._ghost_tag.settle(spot[0], spot[1], self.rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.picture.setGeometry(self.rect())
        self._place_overlay()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._place_overlay()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        screen = self.screen()
        wished_hz = screen.refreshRate() if screen is not None else 60.0
        self.pace.screen_hz = min(max(wished_hz, 24.0), _SOFTWARE_HZ if self.picture.software else _FASTEST_HZ)
        self.refresh()
        self._timer.start(0)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.release()
        super().closeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = (event.position(), event.button())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            return
        before, button = self._dragged
        moved = event.position() - before
        self._dragged = (event.position(), button)
        camera = self.model.camera
        if button == Qt.MouseButton.LeftButton:
            camera.turn(-moved.x() * _RAD_PER_PX / theme.unit(), moved.y() * _RAD_PER_PX / theme.unit())
        else:
            metres = camera.metres_per_height / max(self.height(), 1)
            camera.pan(-moved.x() * metres, moved.y() * metres)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.model.camera.back()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.model.camera.zoom(_ZOOM_PER_NOTCH ** (event.angleDelta().y() / 120))
        event.accept()
