"""Keys, OSC addresses, the log, the first steps again, and what this is."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui.keys import KEYS, PAD_KEYS
from gui.panels.log_page import LogPage
from gui.tips import tip
from gui.view_models.hub import Hub
from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import column, row
from gui.widgets.panel import label
from megadance_live import __version__
from megadance_live.control.vocabulary import VOCABULARY

ABOUT = (
    f"MegaDance Live {__version__}",
    "An instrument for VJs: music in, an avatar that dances to it out, live over OSC and VMC.",
    "Free software under the GNU General Public License, version 3 or later; it comes with no warranty.",
    "This window is made with Qt (PySide6, LGPL 3), the dance is computed by PyTorch (BSD 3-clause). An SMPL body is "
    "drawn only from files that you bring yourself, under the licence of their makers.",
    "The folder docs beside the program describes the rest: osc.md every address that is sent and heard, cues.md the "
    "lists of cues, recordings.md the files of a take.",
)


class HelpPage(QWidget):
    """Its sub-pages are built when they are first shown."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.setObjectName("help")
        self._hub = hub
        self._stack = QStackedWidget()
        self._log = LogPage(hub)
        self._tabs: dict[str, Button] = {}
        head = row()
        for title, widget, says in (
            ("KEYS", _keys(), "every key of this window"),
            ("OSC", _addresses(), "every address that this show hears"),
            ("LOG", self._log, "what was said, and the log file"),
            ("ABOUT", _about(), "version and licences"),
        ):
            button = Button(title, name=f"help_{title.lower()}", tip=tip(says))
            button.clicked.connect(lambda _=False, title=title: self.open(title))
            self._tabs[title] = button
            self._stack.addWidget(widget)
            head.addWidget(button, 1)
        steps = Button("FIRST STEPS", name="help_first_steps", tip=tip("sound, where to send, look at the dance"))
        steps.clicked.connect(hub.first_steps.begin)
        head.addWidget(steps, 1)
        layout = column()
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)
        self.open("KEYS")

    def open(self, title: str) -> None:
        """Show that sub-page."""
        self._stack.setCurrentIndex(list(self._tabs).index(title))
        for name, button in self._tabs.items():
            button.set_look(Look(lit=name == title))

    def refresh(self) -> None:
        if self._stack.currentWidget() is self._log:
            self._log.refresh()


def _keys() -> QWidget:
    """Pads stand in two lines, not in forty."""
    rows = [(key.group, "  ".join(key.keys), key.says) for key in KEYS if key.action not in ("pad", "pad_now", "tab")]
    first, last = PAD_KEYS[0], PAD_KEYS[-1]
    rows += [
        ("Pads", f"{first} ... 0  Q ... {last}", "arm pads 1 to 20 of the bank; again: disarm"),
        ("Pads", "Shift + any of these", "let the pad speak at once"),
        ("Window", "Ctrl+1 ... Ctrl+7", "the pages from PLAY to HELP"),
        ("Safety", "F6  F7  F8", "freeze, blackout, panic also while you type into a field; Esc leaves the field"),
    ]
    order = ("Safety", "Tempo", "Pads", "Dance", "Takes", "Window")
    return _table("keys", ("", "Key", "What it does"), sorted(rows, key=lambda each: order.index(each[0])), 1)


def _addresses() -> QWidget:
    page = QWidget()
    layout = column()
    layout.addWidget(
        label(
            "What this show hears over OSC. What it sends, with every joint, is in docs/osc.md.",
            tone="dim",
            wrap=True,
        )
    )
    rows = ((word.address, word.takes, word.help) for word in VOCABULARY.values())
    layout.addWidget(_table("addresses", ("Address", "Takes", "What it does"), rows, 2), 1)
    page.setLayout(layout)
    return page


def _about() -> QWidget:
    page = label("\n\n".join(ABOUT), role="body", name="about", wrap=True)
    page.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    page.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return page


def _table(name: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], wide: int) -> QTableWidget:
    """The last `wide` columns share what the others leave."""
    entries = list(rows)
    table = QTableWidget(len(entries), len(heads))
    table.setObjectName(name)
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(heads))
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(True)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    for line, entry in enumerate(entries):
        for place, text in enumerate(entry):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(line, place, item)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for place in range(len(heads)):
        fits = place < len(heads) - wide
        header.setSectionResizeMode(
            place, QHeaderView.ResizeMode.ResizeToContents if fits else QHeaderView.ResizeMode.Stretch
        )
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table
