"""Leaving asks here, in a bar of the window, and everything else goes on."""

from PySide6.QtWidgets import QFrame

from gui import palette, theme
from gui.tips import tip
from gui.view_models.leaving import LeavingModel
from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import row
from gui.widgets.panel import label


class LeaveBar(QFrame):
    """The deck shows it in place of the words and the health while somebody wants to leave."""

    def __init__(self, model: LeavingModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("panel")
        self.setAccessibleName("leave")
        self._words = label(role="show", name="leave_words")
        self._stop = Button("Stop the show and leave", name="leave_stop", tip=tip("finish the take, end the show"))
        self._leave = Button(
            "Leave, the show goes on", name="leave_only", tip=tip("close this window alone; it can be opened again")
        )
        self._stay = Button("Stay", name="leave_stay", tip=tip("close this bar; key Esc"))
        self._leave.set_look(Look(note="Ctrl+Q again"))
        self._stay.set_look(Look(note="Esc", glow=0.4, colour=palette.ACCENT))
        self._stop.clicked.connect(model.stop_and_leave)
        self._leave.clicked.connect(model.leave)
        self._stay.clicked.connect(model.stay)
        layout = row(margin=6)
        layout.addWidget(self._words, 1)
        for button in (self._stop, self._leave, self._stay):
            button.least_width = 3 * theme.TARGET
            layout.addWidget(button)
        self.setLayout(layout)
        self.refresh()

    def refresh(self) -> None:
        stage = self._model.stage
        asking = stage == "asking"
        self._words.setText("A show is running." if asking else "The show is ending ...")
        for button in (self._stop, self._leave, self._stay):
            button.setEnabled(asking)
