"""How the stage draws the dancer."""

from PySide6.QtWidgets import QWidget

from gui import palette
from gui.stage.camera import CAMERAS
from gui.tips import tip
from gui.view_models.stage_settings import GENDERS, StageSettingsModel
from gui.widgets.buttons import Button, Look, Toggle
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.entry import Entry
from gui.widgets.file_chooser import choose_file, choose_folder
from gui.widgets.layouts import column, row
from gui.widgets.panel import PanelFrame, label
from gui.widgets.segments import Segments

SMPL_SUFFIXES = (".pkl", ".npz")
HOW = (
    "A body of SMPL's shape is made once, of model files that you bring yourself under their makers' licence. "
    "In a folder of them the gender says which; the shape is up to ten numbers, and none is the mean body."
)


class StageSettingsPanel(QWidget):
    """Draws a StageSettingsModel."""

    def __init__(self, model: StageSettingsModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("stage_settings")
        self.setAccessibleName("stage")
        self._body = ElidedLabel(name="body", bold=True)
        self._built_in = Button("Built-in", name="body_built_in", tip=tip("the body that comes with the program"))
        self._built_in.least_width = 104.0
        self._folder = Button("Folder ...", name="body_folder", tip=tip("a body that was made before"))
        self._undo = Button("UNDO", name="undo_stage", tip=tip("take back the last change of the stage"))
        self._gender = Segments(
            [(gender, gender, None) for gender in GENDERS],
            name="body_gender",
            says="model",
            tip=tip("which model the next body is made of"),
        )
        self._betas = Entry(
            model.set_betas, name="body_betas", says="shape", tip="Shape coefficients such as 0.5, -1; Enter keeps them"
        )
        self._betas.setPlaceholderText("shape: 0.5, -1 ...")
        self._file = Button("SMPL file ...", name="smpl_file", tip=tip("make a body of one SMPL model file"))
        self._models = Button("SMPL folder ...", name="smpl_folder", tip=tip("make a body of a folder of SMPL models"))
        self._camera = Segments(
            [(camera, camera, None) for camera in CAMERAS],
            name="stage_camera",
            says="camera",
            tip=tip("where the stage looks from, now and when this show is opened"),
        )
        self._ghost = Toggle("GHOST", name="stage_ghost", tip=tip("draw the armed expert beside the dancer"))
        self._line = ElidedLabel(name="stage_line")
        self._connect()
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        state = self._model.state
        self._body.show_text(f"{state.body_says} · {state.body}" if state.body else state.body_says)
        self._built_in.set_look(Look(lit=not state.body, mark="" if state.body else "●"))
        self._folder.set_look(Look(lit=bool(state.body), mark="●" if state.body else ""))
        self._gender.show_value(state.gender)
        self._betas.show_text(state.betas)
        self._betas.show_trouble(state.trouble)
        for button in (self._file, self._models):
            button.setEnabled(state.ready and not state.making)
            button.set_look(Look(pending=state.making, note="at work" if state.making else ""))
        self._camera.show_value(state.camera, enabled=state.ready)
        self._ghost.set_on(state.ghost, colour=palette.GHOST)
        self._undo.setEnabled(state.can_undo)
        self._line.show_text(state.line)

    def _connect(self) -> None:
        model = self._model
        self._built_in.clicked.connect(model.use_built_in)
        self._folder.clicked.connect(
            lambda: choose_folder(self.window(), "Folder of a body", model.use_body, name="body_chooser")
        )
        self._file.clicked.connect(
            lambda: choose_file(self.window(), "SMPL models", SMPL_SUFFIXES, model.make, name="smpl_file_chooser")
        )
        self._models.clicked.connect(
            lambda: choose_folder(self.window(), "Folder of SMPL models", model.make, name="smpl_folder_chooser")
        )
        self._gender.chosen.connect(model.choose_gender)
        self._betas.left.connect(model.forget_trouble)
        self._camera.chosen.connect(model.look_from)
        self._ghost.clicked.connect(lambda: model.show_ghost(not model.state.ghost))
        self._undo.clicked.connect(model.undo)

    def _lay_out(self) -> None:
        layout, body, shape, files = column(gap=6), row(gap=4), row(gap=4), row(gap=4)
        panel = PanelFrame("BODY", name="body_panel")
        body.addWidget(self._body, 1)
        body.addWidget(self._built_in)
        body.addWidget(self._folder)
        shape.addWidget(self._gender, 2)
        shape.addWidget(self._betas, 1)
        files.addWidget(self._file, 1)
        files.addWidget(self._models, 1)
        panel.body.addLayout(body)
        panel.body.addWidget(label(HOW, role="small", tone="dim", wrap=True))
        panel.body.addLayout(shape)
        panel.body.addLayout(files)
        looks = PanelFrame("LOOK", name="look_panel")
        looks.body.addWidget(self._camera)
        beside = row(gap=4)
        beside.addWidget(self._ghost)
        beside.addStretch(1)
        beside.addWidget(self._undo)
        looks.body.addLayout(beside)
        layout.addWidget(panel)
        layout.addWidget(looks)
        layout.addWidget(self._line)
        layout.addStretch(1)
        self.setLayout(layout)
