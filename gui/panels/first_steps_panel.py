"""The first steps, beside the stage and in nobody's way."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from gui import theme
from gui.tips import tip
from gui.view_models.first_steps import COUNT, Choice, FirstStepsModel, Step
from gui.widgets.buttons import Button, Look, Toggle
from gui.widgets.layouts import column, row
from gui.widgets.panel import PanelFrame, label


class FirstStepsPanel(PanelFrame):
    """Draws one step at a time."""

    def __init__(self, model: FirstStepsModel) -> None:
        super().__init__(name="first_steps")
        self._model = model
        self._drawn: Step | None = None
        self._buttons: list[Button] = []
        self._number = label(role="show", tone="dim", name="first_steps_number")
        self._title = label(role="large", name="first_steps_title")
        self._says = label(role="show", wrap=True, name="first_steps_says")
        self._standing = label(role="show", wrap=True, name="first_steps_standing")
        self._note = label(tone="dim", wrap=True, name="first_steps_note")
        self._choices = QWidget()
        self._list = column()
        self._choices.setLayout(self._list)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._choices)
        for widget in (self._number, self._title, self._says):
            self.body.addWidget(widget)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self._note)
        self.body.addWidget(self._standing)
        self._rescan = Button("RESCAN inputs", name="first_steps_rescan", tip=tip("look for audio inputs"))
        self._rescan.clicked.connect(model.rescan)
        self._again = Toggle(
            "Do not show again", name="first_steps_again", tip=tip("HELP opens these steps at any time")
        )
        self._again.clicked.connect(self._turn_again)
        self._back = Button("Back", name="first_steps_back", tip=tip("the step before"))
        self._back.clicked.connect(model.back)
        self._close = Button("Skip all", name="first_steps_close", tip=tip("straight to the pads"))
        self._close.clicked.connect(lambda: model.close(again=model.again))
        self._next = Button("Next", name="first_steps_next", tip=tip("the next step, whether this is done or not"))
        self._next.clicked.connect(model.next)
        for buttons in ((self._rescan, self._again), (self._back, self._close, self._next)):
            line = row()
            for button in buttons:
                line.addWidget(button, 1)
            self.body.addLayout(line)
        self.refresh()

    def refresh(self) -> None:
        step = self._model.step
        self._again.set_on(not self._model.again)
        if step == self._drawn:
            return
        before, self._drawn = self._drawn, step
        self._number.setText(f"First steps: {step.number} of {COUNT}")
        self._title.setText(step.title)
        self._says.setText(step.says)
        self._standing.setText(step.standing)
        self._note.setText(step.note)
        self._note.setVisible(bool(step.note))
        self._rescan.setVisible(step.number == 1)
        self._back.setEnabled(step.number > 1)
        self._next.setText("Start" if step.number == COUNT else "Next")
        if before is None or [c.text for c in before.choices] != [c.text for c in step.choices]:
            self._build(step.choices)
        for button, choice in zip(self._buttons, step.choices, strict=True):
            button.set_look(Look(lit=choice.chosen, mark="●" if choice.chosen else "○", note=choice.note))

    def _build(self, choices: tuple[Choice, ...]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons = []
        for choice in choices:
            button = Button(choice.text, name=f"first_steps_choice_{choice.value}", tip=choice.note, size=theme.SHOW)
            button.least_height = 1.3 * theme.TARGET
            button.clicked.connect(lambda _=False, value=choice.value: self._model.choose(value))
            self._list.addWidget(button)
            self._buttons.append(button)
        self._list.addStretch(1)

    def _turn_again(self) -> None:
        self._model.again = not self._model.again
