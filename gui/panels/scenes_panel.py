"""The strip of scenes, and what can be changed about them."""

from PySide6.QtWidgets import QWidget

from gui import palette, theme
from gui.tips import tip_of
from gui.view_models.scenes import ScenesModel, SceneState
from gui.widgets.buttons import Button, Look, Toggle
from gui.widgets.colour_row import ColourRow
from gui.widgets.entry import Entry
from gui.widgets.layouts import column, row
from gui.widgets.pad_grid import PadGrid
from gui.widgets.panel import label
from megadance_live.remote.snapshot import LearnTarget

_COLUMNS = 5
_COLOURS = palette.EXPERTS[:12]


class ScenesPanel(QWidget):
    def __init__(self, model: ScenesModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("scenes")
        self.setAccessibleName("scenes")
        self._grid = PadGrid(name="scene", says="scenes", least=(64.0, 44.0), note_size=theme.SMALL)
        self._grid.struck.connect(lambda place, _shift: model.press(place))
        self._grid.dropped.connect(model.move)
        self._none = label("No scenes yet: set up the dance, then CAPTURE.", role="small", tone="dim")
        self._capture = Button(
            "CAPTURE", name="capture_scene", tip="Keep the expert and the macros as they are now, as a new scene"
        )
        self._capture.clicked.connect(model.capture)
        self._edit = Toggle("EDIT", name="edit_scenes", tip="Names, colours and order of the scenes")
        self._edit.clicked.connect(lambda: model.edit(not model.state.editing))
        self._build_bar()
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        state = self._model.state
        self._grid.lay_out(len(state.scenes), _COLUMNS)
        self._grid.edit(state.editing)
        for place, scene in enumerate(state.scenes):
            self._grid.show_pad(
                place,
                scene.name,
                _look(scene, chosen=state.editing and state.chosen == place),
                tip=f"{scene.says} · {tip_of('scene')}",
                target=LearnTarget("scene", scene.name),
                enabled=state.ready or state.editing,
            )
        self._none.setVisible(not state.scenes)
        self._capture.setEnabled(state.ready)
        self._edit.set_on(state.editing)
        self._edit.setEnabled(state.editing or state.ready)
        self._bar.setVisible(state.editing)
        chosen = state.scenes[state.chosen] if state.chosen is not None else None
        for widget in (self._name, self._again, self._remove, self._colours):
            widget.setEnabled(chosen is not None)
        self._name.show_text(chosen.name if chosen is not None else "")
        self._name.show_trouble(state.trouble)
        self._undo.setEnabled(state.can_undo)

    def _build_bar(self) -> None:
        model = self._model
        self._bar = QWidget()
        self._name = Entry(model.rename, name="scene_name", says="name of the scene", tip="Enter keeps the name")
        self._name.left.connect(model.forget_trouble)
        self._again = Button(
            "CAPTURE AGAIN", name="capture_again", tip="Let the chosen scene hold the expert and macros as they are now"
        )
        self._again.clicked.connect(model.capture_again)
        self._remove = Button("REMOVE", name="remove_scene", tip="Take the chosen scene away")
        self._remove.clicked.connect(model.remove)
        self._undo = Button("UNDO", name="undo_scenes", tip="Take back the last change of the scenes")
        self._undo.clicked.connect(model.undo)
        self._colours = ColourRow(_COLOURS, name="scene_colour", says="colour of the scene")
        self._colours.chosen.connect(model.recolour)
        layout, names = column(gap=5), row(gap=4)
        names.addWidget(self._name, 1)
        for button in (self._again, self._remove, self._undo):
            names.addWidget(button)
        layout.addLayout(names)
        layout.addWidget(self._colours)
        self._bar.setLayout(layout)

    def _lay_out(self) -> None:
        layout, strip, keys = column(gap=5), row(gap=4), column(gap=4)
        strip.addWidget(self._grid, 1)
        strip.addWidget(self._none, 1)
        strip.addLayout(keys)
        keys_row = row(gap=4)
        keys_row.addWidget(self._capture)
        keys_row.addWidget(self._edit)
        keys.addLayout(keys_row)
        keys.addStretch(1)
        layout.addLayout(strip)
        layout.addWidget(self._bar)
        self.setLayout(layout)


def _look(scene: SceneState, *, chosen: bool) -> Look:
    note = "chosen" if chosen else "asked" if scene.asked else ""
    return Look(
        lit=scene.current,
        pending=scene.asked or chosen,
        colour=scene.colour,
        note=note,
        mark="▶" if scene.current else "",
    )
