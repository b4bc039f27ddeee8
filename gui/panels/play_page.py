"""What is played: pads, macros and scenes."""

from PySide6.QtWidgets import QWidget

from gui.panels.macros_panel import MacrosPanel
from gui.panels.pads_panel import PadsPanel
from gui.panels.scenes_panel import ScenesPanel
from gui.view_models.macros import MacrosModel
from gui.view_models.pads import PadsModel
from gui.view_models.quantize import QuantizeModel
from gui.view_models.scenes import ScenesModel
from gui.widgets.layouts import column


class PlayPage(QWidget):
    def __init__(self, pads: PadsModel, quantize: QuantizeModel, macros: MacrosModel, scenes: ScenesModel) -> None:
        super().__init__()
        self.setObjectName("page_play")
        self.setAccessibleName("Play")
        self._scene_state = scenes
        self._pads = PadsPanel(pads, quantize)
        self._macros = MacrosPanel(macros)
        self._scenes = ScenesPanel(scenes)
        layout = column(gap=8)
        layout.addWidget(self._pads, 1)
        layout.addWidget(self._macros)
        layout.addWidget(self._scenes)
        self.setLayout(layout)

    def refresh(self) -> None:
        """While pads or scenes are edited, what is not edited makes room."""
        editing_pads, editing_scenes = self._pads.editing, self._scene_state.state.editing
        self._macros.setVisible(not (editing_pads or editing_scenes))
        self._scenes.setVisible(not editing_pads)
        for panel in (self._pads, self._macros, self._scenes):
            panel.refresh()
