"""Audio files that are dropped onto a window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class AudioDrop(QObject):
    """Lives as long as its window; `dropped` is called with the files that were let go over it."""

    def __init__(self, window: QWidget, dropped: Callable[[list[Path]], None]) -> None:
        super().__init__(window)
        self._dropped = dropped
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent) and _files(event.mimeData()):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._dropped(_files(event.mimeData()))
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)


def _files(dragged: QMimeData) -> list[Path]:
    """Those of this computer."""
    return [Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile()]
