"""Everything in the window: the top bar, stage and sound on the left, pages on the right, words and health below."""

import logging
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabBar, QWidget

from gui.pages import PAGES, Page, Refreshing
from gui.panels.first_steps_panel import FirstStepsPanel
from gui.panels.health_strip import HealthStrip
from gui.panels.help_page import HelpPage
from gui.panels.leave_bar import LeaveBar
from gui.panels.safety_panel import SafetyPanel
from gui.panels.sound_strip import SoundStrip
from gui.panels.stage_frame import StageFrame
from gui.panels.standing_panel import StandingPanel
from gui.panels.tempo_panel import TempoPanel
from gui.panels.words_line import WordsLine
from gui.tips import tip
from gui.view_models.hub import Hub
from gui.widgets.layouts import column, row
from gui.widgets.panel import label

log = logging.getLogger(__name__)


class Deck(QWidget):
    """`refresh` after every update of the hub. Pages that nobody looks at are neither built nor refreshed."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.hub = hub
        self.setObjectName("page")
        self.stage = StageFrame(hub.standing)
        self._words = WordsLine(hub.words)
        self._health = HealthStrip(hub.health)
        self._leave = LeaveBar(hub.leaving)
        self._first_steps = FirstStepsPanel(hub.first_steps)
        self._tabs = _tab_bar()
        self._pages = QStackedWidget()
        self._built: dict[int, QWidget] = {}
        self._right = QStackedWidget()
        self._foot = QStackedWidget()
        self._always: tuple[Refreshing, ...] = (
            self.stage, self._words, self._health, self._leave,
            StandingPanel(hub.standing), TempoPanel(hub.tempo), SafetyPanel(hub.safety), SoundStrip(hub.sound),
        )  # fmt: skip
        self._lay_out()
        self._tabs.currentChanged.connect(self._shown)
        for clicked in (self._words.clicked, self._health.clicked):
            clicked.connect(self.open_log)
        self._shown(0)

    @property
    def page(self) -> str:
        """The title of the page that is shown."""
        return PAGES[self._tabs.currentIndex()].title

    def open_page(self, title: str) -> None:
        """Show that page; nothing where there is none of that title."""
        for place, page in enumerate(PAGES):
            if page.title == title:
                self.open_place(place)

    def open_place(self, place: int) -> None:
        """Show the page with that number; first steps that are open are left."""
        if 0 <= place < len(PAGES):
            self.hub.first_steps.open = False
            self._tabs.setCurrentIndex(place)

    def open_help(self, sub_page: str) -> None:
        """The page HELP with KEYS, OSC, LOG or ABOUT."""
        self.open_page("HELP")
        shown = self._built.get(self._tabs.currentIndex())
        if isinstance(shown, HelpPage):
            shown.open(sub_page)

    def open_log(self) -> None:
        self.open_help("LOG")

    def refresh(self) -> None:
        """Draw what has changed."""
        for panel in self._always:
            panel.refresh()
        self.hub.health.stage_fps = self.stage.fps
        self._foot.setCurrentIndex(1 if self.hub.leaving.stage in ("asking", "ending") else 0)
        steps = self.hub.first_steps.open
        self._right.setCurrentIndex(1 if steps else 0)
        if steps:
            self._first_steps.refresh()
        else:
            cast(Refreshing, self._built[self._tabs.currentIndex()]).refresh()

    def close_stage(self) -> None:
        """Let go of the graphics card before the window goes."""
        self.stage.end()

    def _lay_out(self) -> None:
        standing, tempo, safety, sound = self._always[-4:]
        top = row(gap=8)
        top.addWidget(cast(QWidget, standing))
        top.addWidget(cast(QWidget, tempo), 1)
        top.addWidget(cast(QWidget, safety))
        left = column()
        left.addWidget(self.stage, 3)
        left.addWidget(cast(QWidget, sound), 1)
        paged = QWidget()
        right = column()
        right.addWidget(self._tabs)
        right.addWidget(self._pages, 1)
        paged.setLayout(right)
        self._right.addWidget(paged)
        self._right.addWidget(self._first_steps)
        told = QWidget()
        lines = column()
        lines.addWidget(self._words)
        lines.addWidget(self._health)
        told.setLayout(lines)
        self._foot.addWidget(told)
        self._foot.addWidget(self._leave)
        self._foot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._right.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        main = row(gap=8)
        main.addLayout(left, 1)
        main.addWidget(self._right, 1)
        whole = column(margin=8)
        whole.addLayout(top)
        whole.addLayout(main, 1)
        whole.addWidget(self._foot)
        self.setLayout(whole)

    def _shown(self, place: int) -> None:
        """Build the page if it is looked at for the first time."""
        if place not in self._built:
            page = _build(PAGES[place], self.hub)
            self._built[place] = page
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(self._built[place])


def _tab_bar() -> QTabBar:
    tabs = QTabBar()
    tabs.setObjectName("tabs")
    tabs.setAccessibleName("pages")
    tabs.setExpanding(True)
    tabs.setUsesScrollButtons(False)
    tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    for place, page in enumerate(PAGES):
        tabs.addTab(page.title)
        tabs.setTabToolTip(place, tip(page.says, "tab", place))
    return tabs


class _Missing(QWidget):
    """Stands where a page cannot be shown."""

    def __init__(self, title: str) -> None:
        super().__init__()
        layout = column(margin=12)
        layout.addWidget(label(f"The page {title} cannot be shown; the log says why. The show goes on.", wrap=True))
        layout.addStretch(1)
        self.setLayout(layout)

    def refresh(self) -> None:
        """Nothing changes here."""


def _build(page: Page, hub: Hub) -> QWidget:
    """A page that cannot be built costs only itself."""
    try:
        return page.make(hub)
    except Exception:
        log.exception("the page %s cannot be built", page.title)
        return _Missing(page.title)
