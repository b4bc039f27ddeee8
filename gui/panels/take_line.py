"""One take in the list of the page TAKES."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFrame, QWidget

from gui import palette, theme
from gui.tips import tip
from gui.view_models.takes import TakeRow, TakesModel
from gui.widgets.buttons import Button, Look
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.gauge import Gauge
from gui.widgets.layouts import column, row
from gui.widgets.panel import label

OnFolder = Callable[[Path], None]


class TakeLine(QFrame):
    """What it is, what is being done with it, and what can be done. It is told anew which take it shows."""

    def __init__(self, model: TakesModel, place: int, open_folder: OnFolder, copy_path: OnFolder) -> None:
        super().__init__()
        self._shown: TakeRow | None = None
        self.setObjectName("panel")
        self.setAccessibleName(f"take {place + 1}")
        name = f"take_{place}"
        self._name = ElidedLabel(name=f"{name}_name", bold=True)
        self._started = ElidedLabel(name=f"{name}_started", size=theme.SMALL)
        self._says = ElidedLabel(name=f"{name}_says", size=theme.SMALL)
        self._work = Gauge(name=f"{name}_work", says="work on this take")
        self._trouble = label(role="small", tone="bad", name=f"{name}_trouble", wrap=True)
        self._formats = Button("Formats", name=f"{name}_formats", tip=tip("write it in formats that it does not hold"))
        self._formats.least_width = 104.0
        self._open = Button("Open", name=f"{name}_open", tip=tip("open its folder"))
        self._copy = Button("Copy path", name=f"{name}_copy", tip=tip("put the path of its folder on the clipboard"))
        self._formats.clicked.connect(lambda: self._with(lambda take: model.choose(take.name)))
        self._open.clicked.connect(lambda: self._with(lambda take: open_folder(take.folder)))
        self._copy.clicked.connect(lambda: self._with(lambda take: copy_path(take.folder)))
        self._arrange()

    def show_take(self, take: TakeRow, *, chosen: bool) -> None:
        """Draw it."""
        self._shown = take
        self._name.show_text(take.name, palette.TEXT if take.finished else palette.WARNING)
        self._started.show_text(take.started, palette.DIM)
        self._says.show_text(take.says, palette.TEXT if take.finished else palette.WARNING)
        self._work.setVisible(bool(take.working))
        self._work.show_share(take.progress or 0.0, take.working)
        self._trouble.setText(f"✕ {take.trouble}")
        self._trouble.setVisible(bool(take.trouble))
        self._formats.setEnabled(bool(take.missing))
        self._formats.set_look(Look(lit=chosen, mark="●" if chosen else ""))

    def _with(self, act: Callable[[TakeRow], None]) -> None:
        if self._shown is not None:
            act(self._shown)

    def _arrange(self) -> None:
        head = row(gap=8)
        head.addWidget(self._name, 3)
        head.addWidget(self._started, 2)
        words = column(gap=0)
        words.addLayout(head)
        for widget in (self._says, self._work, self._trouble):
            words.addWidget(widget)
        texts = QWidget()
        texts.setLayout(words)
        line = row(gap=4, margin=4)
        line.addWidget(texts, 1)
        for button in (self._formats, self._open, self._copy):
            line.addWidget(button)
        self.setLayout(line)
