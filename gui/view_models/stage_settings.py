"""How the stage draws the dancer: which body, from where, and whether the armed expert dances beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gui.port import ShowPort
from gui.stage.body_file import bake_command, load_body
from gui.stage.camera import CAMERAS, CameraName
from gui.view_models.baking import Baking
from gui.view_models.revision import Revision
from megadance_live.config.preset import StageSection
from megadance_live.core.errors import ConfigError
from megadance_live.remote.client import View

GENDERS = ("neutral", "female", "male")
BETAS_MAX = 10
BETA_GREATEST = 5.0
"""Coefficients beyond make no body that anybody has."""


@dataclass(frozen=True)
class StageSettingsState:
    """`body` is the folder, "" for the built-in one, and `body_says` how it is called. `gender` and `betas` are for the
    next body that is made of an SMPL model; `trouble` says what is wrong with the betas. `line` says what has just been
    done."""

    ready: bool = False
    body: str = ""
    body_says: str = ""
    making: bool = False
    gender: str = "neutral"
    betas: str = ""
    trouble: str = ""
    camera: CameraName = "front"
    ghost: bool = True
    can_undo: bool = False
    line: str = ""


class StageSettingsModel:
    def __init__(self, port: ShowPort, bake: Callable[[Sequence[str]], Baking] = Baking) -> None:
        self._bake = bake
        self._view = View()
        self._section = Revision(port, "stage", lambda preset: preset.stage)
        self._baking: Baking | None = None
        self._gender = "neutral"
        self._betas: tuple[float, ...] = ()
        self._trouble = ""
        self._line = ""
        self.state = StageSettingsState()

    def update(self, view: View) -> None:
        self._view = view
        self._section.update(view)
        if self._baking is not None:
            self._follow(self._baking)
        self._draw()

    def look_from(self, camera: CameraName) -> None:
        """Where the stage looks from when the show is opened, and now."""
        if camera in CAMERAS:
            self._revise(camera=camera)

    def show_ghost(self, on: bool) -> None:
        """Draw the armed expert beside the dancer, or not."""
        self._revise(ghost=on)

    def use_built_in(self) -> None:
        """The body that comes with the program."""
        self._revise("The built-in body is drawn.", body="")

    def use_body(self, folder: Path) -> None:
        """A body that was made before."""
        try:
            load_body(folder)
        except ConfigError as error:
            self._say(str(error))
        else:
            self._revise(f"The body {folder.name} is drawn.", body=str(folder))

    def choose_gender(self, gender: str) -> None:
        """Which of SMPL's models the next body is made of."""
        if gender in GENDERS:
            self._gender = gender
            self._draw()

    def set_betas(self, text: str) -> bool:
        """The shape of the next body: numbers with commas between. False: they cannot be, and the state says why."""
        try:
            betas = tuple(float(part) for part in text.replace(";", ",").split(",")) if text.strip() else ()
        except ValueError:
            betas = (float("nan"),)
        wrong = len(betas) > BETAS_MAX or not all(abs(beta) <= BETA_GREATEST for beta in betas)
        if wrong:
            self._trouble = f"Type up to {BETAS_MAX} numbers from -5 to 5 with commas between, such as 0.5, -1."
        else:
            self._betas, self._trouble = betas, ""
        self._draw()
        return not wrong

    def forget_trouble(self) -> None:
        """The performer has left the field."""
        self._trouble = ""
        self._draw()

    def make(self, model: Path) -> None:
        """Make a body of an SMPL model file, or of a folder of them, and draw it once it is there."""
        if self._baking is not None:
            self._say("A body is being made already: wait until it is there.")
            return
        try:
            self._baking = self._bake(bake_command(model, self._gender, self._betas))
        except ConfigError as error:
            self._say(str(error))
        else:
            self._say(f"A body is being made of {model.name}; the show goes on meanwhile.")

    def undo(self) -> None:
        """Take back the last change."""
        self._section.undo()
        self._draw()

    def close(self) -> None:
        """The window closes: a body that is not ready is not made."""
        if self._baking is not None:
            self._baking.close()
            self._baking = None

    def _follow(self, baking: Baking) -> None:
        try:
            folder = baking.poll()
        except ConfigError as error:
            self.close()
            self._say(str(error))
            return
        if folder is not None:
            self.close()
            self.use_body(folder)

    def _revise(self, line: str = "", **values: object) -> None:
        section = StageSection.model_validate({**dict(self._section.value), **values})
        self._section.revise(section)
        self._say(line)

    def _say(self, line: str) -> None:
        self._line = line
        self._draw()

    def _draw(self) -> None:
        section = self._section.value
        self.state = StageSettingsState(
            ready=self._view.connected,
            body=section.body,
            body_says=Path(section.body).name if section.body else "built-in",
            making=self._baking is not None,
            gender=self._gender,
            betas=", ".join(f"{beta:g}" for beta in self._betas),
            trouble=self._trouble,
            camera=section.camera,
            ghost=section.ghost,
            can_undo=self._section.can_undo,
            line=self._line,
        )
