"""The stage drawn without OpenGL: the dancer from the front and from the side, as thick lines."""

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import palette, theme
from gui.stage.body_mesh import F32, BodyMesh
from gui.stage.scene import ASIDE_M, Colour, Look, Scene, stands_m
from gui.stage.segments import SEGMENTS
from gui.stage.skinning import Posed
from megadance_live.core.skeleton import HEAD

_HEIGHT_M = 2.45
"""Of the stage that fits into the picture, with some floor."""
_FLOOR_SHARE = 0.86
"""How far down in the picture the floor is."""
_ALONE_M = 1.5
"""Width of the stage that a dancer needs; a ghost needs ASIDE_M more."""
_HEAD_M = 0.11
_LEFT_SEGMENTS = range(4, 11)
"""Those of the left side are brighter than those of the right."""


class FlatPicture(QWidget):
    """Draws the scene that it was given last. It has the face of GlPicture."""

    painted = Signal()
    failure = ""
    software = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.paint_s = 0.0
        self._scene: Scene | None = None

    def set_mesh(self, mesh: BodyMesh) -> None:
        """Here every body is drawn as lines between its joints."""

    def show_scene(self, scene: Scene) -> None:
        """Draw this next."""
        self._scene = scene
        self.update()

    def release(self) -> None:
        """There is nothing to give back."""

    def paintEvent(self, event: QPaintEvent) -> None:
        begun_s = time.perf_counter()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.BACKGROUND))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._scene is not None:
            # The ghost takes the place of the view from the side.
            half = self.width() / 2 if self._scene.ghost is None else float(self.width())
            self._paint_side(painter, QRectF(0, 0, half, self.height()), self._scene, 0, "front")
            if self._scene.ghost is None:
                self._paint_side(painter, QRectF(half, 0, half, self.height()), self._scene, 2, "side")
        painter.end()
        self.paint_s = time.perf_counter() - begun_s
        self.painted.emit()

    def _paint_side(self, painter: QPainter, frame: QRectF, scene: Scene, axis: int, name: str) -> None:
        """`axis` is the one that runs to the right: 0 from the front, 2 from the dancer's left side."""
        ghost = scene.ghost if axis == 0 else None
        wide_m = _ALONE_M if ghost is None else _ALONE_M + ASIDE_M
        scale = min(frame.height() / _HEIGHT_M, frame.width() / wide_m)
        floor_px = frame.top() + frame.height() * _FLOOR_SHARE
        across = -1.0 if axis == 2 else 1.0
        middle_m = scene.place_m[0 if axis == 0 else 1]
        left_px = frame.center().x() - (0.0 if ghost is None else 0.5 * ASIDE_M * scale)

        def pixel(joint: F32) -> QPointF:
            right_px = across * (float(joint[axis]) - middle_m) * scale
            return QPointF(left_px + right_px, floor_px - float(joint[1]) * scale)

        painter.save()
        painter.setClipRect(frame)
        painter.setPen(QPen(QColor(palette.LINE), theme.px(2)))
        painter.drawLine(QPointF(frame.left(), floor_px), QPointF(frame.right(), floor_px))
        if ghost is not None:
            home_m = float(ghost.label_m[0])

            def beside(joint: F32) -> QPointF:
                return QPointF(
                    left_px + (float(joint[0]) - home_m + ASIDE_M) * scale, floor_px - float(joint[1]) * scale
                )

            self._paint_body(painter, ghost.posed, beside, scale, ghost.colour, Look.GHOST)
            painter.setPen(QColor(palette.TEXT))
            painter.setFont(theme.font(theme.BODY, bold=True))
            middle = beside(np.array([home_m, float(ghost.label_m[1]), 0.0], np.float32))
            box = QRectF(middle.x() - ASIDE_M * scale / 2, middle.y() - theme.px(24), ASIDE_M * scale, theme.px(24))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"next: {ghost.name}")
        if scene.dancer is not None:
            self._paint_floor(painter, scene, scene.dancer, pixel, scale, axis)
            self._paint_body(painter, scene.dancer, pixel, scale, scene.accent, scene.look)
        painter.restore()
        painter.setPen(QColor(palette.DIM))
        painter.setFont(theme.font(theme.SMALL))
        painter.drawText(frame.adjusted(theme.px(10), theme.px(8), 0, 0), Qt.AlignmentFlag.AlignTop, name)

    @staticmethod
    def _paint_floor(painter: QPainter, scene: Scene, posed: Posed, pixel: "Pixel", scale: float, axis: int) -> None:
        """A shadow, and a bright disc under each foot that stands."""
        painter.setPen(Qt.PenStyle.NoPen)
        spread_m = float(np.ptp(posed.joints_m[:, axis])) / 2
        centre = pixel(np.append(posed.joints_m[:, :1].mean(), [0.0, posed.joints_m[:, 2].mean()]))
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawEllipse(centre, (spread_m + 0.1) * scale, 0.05 * scale)
        if scene.contacts is None or scene.look is Look.BLACKOUT:
            return
        for (x, z), amount in zip(stands_m(posed), scene.contacts, strict=True):
            colour = _colour(scene.accent)
            colour.setAlphaF(min(max(float(amount), 0.0), 1.0))
            painter.setBrush(colour)
            painter.drawEllipse(pixel(np.array([x, -0.03, z])), 0.06 * scale, 0.02 * scale)

    @staticmethod
    def _paint_body(painter: QPainter, posed: Posed, pixel: "Pixel", scale: float, accent: Colour, look: Look) -> None:
        """From far to near; each line with an edge in the colour of the expert."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge, fill = _pens(accent, look)
        joints = posed.joints_m
        near = sorted(range(len(SEGMENTS)), key=lambda i: float(joints[SEGMENTS[i][0], 2] + joints[SEGMENTS[i][1], 2]))
        for colours, grown_m in ((edge, 0.012), (fill, 0.0)):
            for i in near:
                start, end, radius_m = SEGMENTS[i]
                colour = colours.lighter(125) if i in _LEFT_SEGMENTS else colours
                pen = QPen(colour, 2 * (0.8 * radius_m + grown_m) * scale)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLine(QLineF(pixel(joints[start]), pixel(joints[end])))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours)
            head = joints[HEAD] + 0.08 * posed.bones[HEAD, :, 1]
            painter.drawEllipse(pixel(head), (_HEAD_M + grown_m) * scale, (_HEAD_M + grown_m) * scale)


Pixel = Callable[[F32], QPointF]


def _colour(colour: Colour) -> QColor:
    return QColor.fromRgbF(*colour)


def _pens(accent: Colour, look: Look) -> tuple[QColor, QColor]:
    """The edge and the inside of a body."""
    match look:
        case Look.BLACKOUT:
            return QColor("#55555c"), QColor(palette.BACKGROUND)
        case Look.FROZEN:
            return QColor(palette.FROZEN), QColor("#5f7f8f")
        case Look.GHOST:
            return _colour(accent).darker(140), _colour(accent).darker(420)
        case _:
            return _colour(accent), QColor("#77797f")
