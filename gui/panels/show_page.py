"""The page SHOW: whole shows, the cue list, and how the stage draws the dancer."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.pages import Refreshing
from gui.panels.cues_panel import CuesPanel
from gui.panels.presets_panel import PresetsPanel
from gui.panels.stage_settings_panel import StageSettingsPanel
from gui.tips import tip
from gui.view_models.cues import CuesModel
from gui.view_models.presets import PresetsModel
from gui.view_models.stage_settings import StageSettingsModel
from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import column, row


class ShowPage(QWidget):
    """Only the part that is shown is drawn."""

    def __init__(self, presets: PresetsModel, cues: CuesModel, stage: StageSettingsModel) -> None:
        super().__init__()
        self.setObjectName("page_show")
        self.setAccessibleName("Show")
        self._presets = presets
        self._panels: tuple[Refreshing, ...] = PresetsPanel(presets), CuesPanel(cues), StageSettingsPanel(stage)
        self._stack = QStackedWidget()
        self._naming = False
        self._tabs: list[Button] = []
        head = row()
        for place, (title, says) in enumerate(
            (
                ("SHOWS", "open and save whole shows"),
                ("CUES", "what happens on which bar"),
                ("STAGE", "body, camera and ghost"),
            )
        ):
            button = Button(title, name=f"show_{title.lower()}", tip=tip(says))
            button.clicked.connect(lambda _=False, place=place: self._stack.setCurrentIndex(place))
            self._tabs.append(button)
            head.addWidget(button, 1)
        for panel in self._panels:
            assert isinstance(panel, QWidget)
            self._stack.addWidget(panel)
        layout = column()
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)
        self.refresh()

    def refresh(self) -> None:
        """Draw the models. A show that asks for a name, also by key, comes to the front."""
        if self._presets.state.naming and not self._naming:
            self._stack.setCurrentIndex(0)
        self._naming = self._presets.state.naming
        shown = self._stack.currentIndex()
        changed = self._presets.state.changed
        for place, button in enumerate(self._tabs):
            button.set_look(Look(lit=place == shown, note="changed" if place == 0 and changed else ""))
        self._panels[shown].refresh()
