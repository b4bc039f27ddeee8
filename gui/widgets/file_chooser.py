"""Windows for choosing a file that never stand in the way: the show can be played while they are open."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

Chosen = Callable[[Path], None]


def choose_file(parent: QWidget, title: str, suffixes: Sequence[str], chosen: Chosen, *, name: str) -> QFileDialog:
    """For one that is there. Each of these closes and is gone once something was chosen or it was left."""
    dialog = _dialog(parent, title, chosen, name)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _filter(dialog, title, suffixes)
    dialog.show()
    return dialog


def choose_new_file(parent: QWidget, title: str, suffixes: Sequence[str], chosen: Chosen, *, name: str) -> QFileDialog:
    """For one that is to be written. One that is there may be chosen, too: Qt's own question would stop everything."""
    dialog = _dialog(parent, title, chosen, name)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    _filter(dialog, title, suffixes)
    dialog.show()
    return dialog


def choose_folder(parent: QWidget, title: str, chosen: Chosen, *, name: str) -> QFileDialog:
    """For a folder that is there."""
    dialog = _dialog(parent, title, chosen, name)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.show()
    return dialog


def _dialog(parent: QWidget, title: str, chosen: Chosen, name: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(name)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setModal(False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    return dialog


def _filter(dialog: QFileDialog, title: str, suffixes: Sequence[str]) -> None:
    dialog.setNameFilters([f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)})", "All files (*)"])
