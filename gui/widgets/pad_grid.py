"""Pads in rows: struck to play, or chosen and dragged to another place while they are edited."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from gui import theme
from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import grid
from megadance_live.remote.snapshot import LearnTarget

_STRIPE = 4.0


class Pad(Button):
    """A button with its own colour along its foot. `dragged` comes with where it was let go, as a point of its
    parent."""

    dragged = Signal(QPoint)

    def __init__(self, place: int, name: str, parent: QWidget) -> None:
        super().__init__("", name=name, size=theme.SHOW, parent=parent)
        self.place = place
        self.draggable = False
        self._from: QPoint | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        """All pads are of one width; a long name is written smaller."""
        return QSize(theme.px(self.least_width), theme.px(self.least_height))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.draggable and event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._is_dragged(event):
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        dragged = self._is_dragged(event)
        self._from = None
        self.unsetCursor()
        if dragged:
            self.dragged.emit(self.mapToParent(event.position().toPoint()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isEnabled() and not self.look.lit:
            painter = QPainter(self)
            left, high = theme.px(theme.RADIUS), theme.px(_STRIPE)
            stripe = QRectF(left, self.height() - high - theme.px(3), self.width() - 2 * left, high)
            painter.fillRect(stripe, QColor(self.look.colour))

    def _is_dragged(self, event: QMouseEvent) -> bool:
        if self._from is None:
            return False
        way = (event.position().toPoint() - self._from).manhattanLength()
        return way >= QApplication.startDragDistance()


class PadGrid(QWidget):
    """As many pads as the last `show_pads` gave looks for. They are told by their place, from 0."""

    struck = Signal(int, bool)
    dropped = Signal(int, int)

    def __init__(
        self, *, name: str, says: str, least: tuple[float, float], note_size: float, parent: QWidget | None = None
    ) -> None:
        """`least` width and height of a pad, and the size of its second line, in units."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(says)
        self._name = name
        self._least = least
        self._note_size = note_size
        self._columns = 1
        self._editing = False
        self._pads: list[Pad] = []
        self._grid = grid(gap=5)
        self.setLayout(self._grid)

    def lay_out(self, count: int, columns: int) -> None:
        """So many pads; nothing happens where there are so many already."""
        if count == len(self._pads) and columns == self._columns:
            return
        self._columns = columns
        while len(self._pads) > count:
            pad = self._pads.pop()
            self._grid.removeWidget(pad)
            pad.setParent(None)
            pad.deleteLater()
        while len(self._pads) < count:
            self._pads.append(self._new_pad(len(self._pads)))
        for pad in self._pads:
            self._grid.removeWidget(pad)
            self._grid.addWidget(pad, pad.place // columns, pad.place % columns)
        for column in range(max(self._grid.columnCount(), columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def show_pad(self, place: int, text: str, look: Look, *, tip: str, target: LearnTarget, enabled: bool) -> None:
        pad = self._pads[place]
        pad.setText(text)
        pad.setEnabled(enabled)
        if target != pad.learn_target:
            pad.learn_target = target
            pad.setObjectName(f"{self._name}_{target.value}")
        if tip != pad.toolTip():
            pad.setToolTip(tip)
        pad.set_look(look)

    def edit(self, on: bool) -> None:
        """Whether pads can be dragged."""
        for pad in self._pads:
            pad.draggable = on
        self._editing = on

    def _new_pad(self, place: int) -> Pad:
        pad = Pad(place, f"{self._name}_{place}", self)
        pad.least_width, pad.least_height = self._least
        pad.note_size = self._note_size
        pad.draggable = self._editing
        pad.struck.connect(lambda shift: self.struck.emit(place, shift))
        pad.dragged.connect(lambda point: self._drop(place, point))
        return pad

    def _drop(self, place: int, point: QPoint) -> None:
        under = self.childAt(point)
        if isinstance(under, Pad) and under.place != place:
            self.dropped.emit(place, under.place)
