"""A widget whose least size is given in units, so that it grows with the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QWidget

from gui import theme

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object


class Sized(_Base):
    """Stands before the Qt class among the bases."""

    least_width: float = theme.TARGET
    least_height: float = theme.TARGET

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(self.least_width), theme.px(self.least_height))

    def changeEvent(self, event: QEvent) -> None:
        """The window gives a new stylesheet when its unit changes."""
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
            self.update()
        super().changeEvent(event)
