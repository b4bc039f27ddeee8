"""What lies over the picture: words, names, and the cameras to choose from."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import palette, theme
from gui.stage.camera import CAMERAS, CameraName
from gui.stage.scene import Look
from gui.widgets.buttons import Button
from gui.widgets.buttons import Look as ButtonLook
from gui.widgets.layouts import row

_VEIL = QColor(18, 18, 18, 205)
_WORD_COLOURS = {Look.FROZEN: palette.FROZEN, Look.BLACKOUT: palette.BLACKOUT}
_WRAPPED = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
_STEADY_PX = 3
"""A name moves with the dancer in steps of at least this, or letters would shimmer."""


class _Over(QWidget):
    """Never takes the mouse from the stage."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()


class Tag(_Over):
    """A sentence in a small box; hidden while it is empty."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.text = ""

    def say(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.setVisible(bool(text))
            self.update()
        if text and self.size() != self.sizeHint():
            self.resize(self.sizeHint())

    def settle(self, x_px: float, y_px: float, within: QRect) -> None:
        """Stand with the middle of the foot there."""
        left = min(max(round(x_px - self.width() / 2), 0), max(within.width() - self.width(), 0))
        top = min(max(round(y_px - self.height()), 0), max(within.height() - self.height(), 0))
        if abs(left - self.x()) >= _STEADY_PX or abs(top - self.y()) >= _STEADY_PX:
            self.move(left, top)

    def sizeHint(self) -> QSize:
        stage = self.parentWidget()
        room = max((stage.width() if stage is not None else 0) - theme.px(32), theme.px(60))
        box = QFontMetrics(theme.font(theme.BODY, bold=True)).boundingRect(
            QRect(0, 0, room, 10_000), _WRAPPED, self.text
        )
        return QSize(box.width() + theme.px(18), box.height() + theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_VEIL)
        painter.drawRoundedRect(QRectF(self.rect()), theme.px(4), theme.px(4))
        painter.setFont(theme.font(theme.BODY, bold=True))
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(self.rect().adjusted(theme.px(8), 0, -theme.px(8), 0), _WRAPPED, self.text)


class Words(_Over):
    """What receivers are shown instead of the dance, large."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("stage_words", parent)
        self.word = ""
        self.explanation = ""
        self._look = Look.LIVE

    def show_words(self, word: str, explanation: str, look: Look) -> None:
        if (word, explanation, look) != (self.word, self.explanation, self._look):
            self.word, self.explanation, self._look = word, explanation, look
            self.setAccessibleName(f"{word}. {explanation}".strip(". "))
            self.setVisible(bool(word or explanation))
            self.update()
        if self.size() != self.sizeHint():
            self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        word, line = QFontMetrics(self._font()), QFontMetrics(theme.font(theme.BODY))
        wide = max(word.horizontalAdvance(self.word), line.horizontalAdvance(self.explanation))
        high = (word.height() if self.word else 0) + (line.height() if self.explanation else 0)
        return QSize(wide + theme.px(40), high + theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_VEIL)
        painter.drawRoundedRect(QRectF(self.rect()), theme.px(theme.RADIUS), theme.px(theme.RADIUS))
        top = theme.px(8)
        for text, font, colour in (
            (self.word, self._font(), _WORD_COLOURS.get(self._look, palette.TEXT)),
            (self.explanation, theme.font(theme.BODY), palette.TEXT),
        ):
            if text:
                high = QFontMetrics(font).height()
                painter.setFont(font)
                painter.setPen(QColor(colour))
                painter.drawText(QRect(0, top, self.width(), high), Qt.AlignmentFlag.AlignCenter, text)
                top += high

    @staticmethod
    def _font() -> QFont:
        return theme.font(theme.LARGE, bold=True)


class CameraRow(QWidget):
    """One key for each camera."""

    def __init__(self, choose: Callable[[CameraName], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("cameras")
        layout = row(gap=3)
        self.setLayout(layout)
        self._keys: dict[CameraName, Button] = {}
        for name in CAMERAS:
            key = Button(name, name=f"camera_{name}", tip=_TIPS[name], size=theme.SMALL)
            key.clicked.connect(lambda _=False, chosen=name: choose(chosen))
            layout.addWidget(key)
            self._keys[name] = key

    def show_camera(self, name: CameraName | None) -> None:
        """Mark the one that is held."""
        for each, key in self._keys.items():
            key.set_look(ButtonLook(lit=each == name))
        if self.size() != self.sizeHint():
            self.resize(self.sizeHint())


_TIPS: dict[CameraName, str] = {
    "front": "See the dancer from the front.",
    "side": "See the dancer from the left side.",
    "back": "See the dancer from behind, as on the stage.",
    "top": "Look down at the floor.",
    "close": "Go near to the upper body.",
    "orbit": "Walk slowly around the dancer.",
}
