"""A window for choosing a file that never stands in the way: the show can be played while it is open."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_file(
    parent: QWidget, title: str, suffixes: Sequence[str], chosen: Callable[[Path], None], *, name: str
) -> QFileDialog:
    """Open it; it closes and is gone once a file was chosen or it was left."""
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(name)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)})", "All files (*)"])
    dialog.setModal(False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.show()
    return dialog
