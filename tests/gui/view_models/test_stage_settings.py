import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from gui.view_models.baking import Baking
from gui.view_models.stage_settings import StageSettingsModel
from megadance_live.config.preset import StageSection
from megadance_live.core.errors import ConfigError
from tests.gui.stage.test_body_file import write_body
from tests.gui.view_models.stand import Stand

PATIENCE_S = 20.0


class Kitchen:
    """Runs a short program in place of the one that makes bodies."""

    def __init__(self) -> None:
        self.program = ""
        self.asked: list[Sequence[str]] = []

    def bake(self, command: Sequence[str]) -> Baking:
        self.asked.append(command)
        return Baking([sys.executable, "-c", self.program])


class Rig:
    def __init__(self) -> None:
        self.stand = Stand()
        self.kitchen = Kitchen()
        self.model: StageSettingsModel = self.stand.follow(StageSettingsModel(self.stand.port, self.kitchen.bake))

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.model.state.making:
            assert time.monotonic() < deadline
            self.stand.tick(0.01)
            time.sleep(0.01)

    @property
    def stage(self) -> StageSection:
        asked = self.stand.revised[-1]
        assert isinstance(asked.value, StageSection)
        return asked.value


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.model.close()


def test_camera_and_ghost_stand_in_the_preset(rig: Rig) -> None:
    rig.model.look_from("close")
    rig.model.show_ghost(False)
    assert rig.stage == StageSection(camera="close", ghost=False)
    assert (rig.model.state.camera, rig.model.state.ghost) == ("close", False)
    rig.model.undo()
    assert rig.stage == StageSection(camera="close")


def test_a_body_that_was_made_before_is_drawn(rig: Rig, tmp_path: Path) -> None:
    folder = write_body(tmp_path / "slim")
    rig.model.use_body(folder)
    assert rig.stage.body == str(folder)
    assert rig.model.state.body_says == "slim"
    rig.model.use_built_in()
    assert rig.stage.body == ""
    assert rig.model.state.body_says == "built-in"


def test_a_folder_without_a_body_changes_nothing_and_is_one_sentence(rig: Rig, tmp_path: Path) -> None:
    rig.model.use_body(tmp_path)
    assert rig.stand.revised == []
    assert "There is no body" in rig.model.state.line


def test_a_body_is_made_beside_the_show_and_then_drawn(rig: Rig, tmp_path: Path) -> None:
    folder = write_body(tmp_path / "new")
    rig.kitchen.program = f"print('noise'); print({str(folder)!r})"
    rig.model.choose_gender("female")
    assert rig.model.set_betas(" 0.5, -1 ")
    rig.model.make(tmp_path / "SMPL.pkl")
    assert rig.model.state.making
    rig.wait()
    assert rig.stage.body == str(folder)
    command = list(rig.kitchen.asked[0])
    assert command[command.index("--gender") + 1] == "female"
    assert "--betas=0.5,-1" in command


def test_only_one_body_is_made_at_a_time(rig: Rig, tmp_path: Path) -> None:
    rig.kitchen.program = "import time; time.sleep(60)"
    rig.model.make(tmp_path)
    rig.model.make(tmp_path)
    assert len(rig.kitchen.asked) == 1
    assert "already" in rig.model.state.line


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("import sys; print('There is no SMPL model in x.', file=sys.stderr); sys.exit(1)", "There is no SMPL model"),
        ("raise RuntimeError('a traceback')", '"megadance-live body" says why'),
        ("", '"megadance-live body" says why'),
    ],
)
def test_a_body_that_cannot_be_made_is_one_sentence(rig: Rig, tmp_path: Path, program: str, says: str) -> None:
    rig.kitchen.program = program
    rig.model.make(tmp_path)
    rig.wait()
    assert says in rig.model.state.line
    assert "Traceback" not in rig.model.state.line
    assert rig.stand.revised == []


def test_where_no_process_can_be_started_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be made here"):
        Baking([str(tmp_path / "no program")])


@pytest.mark.parametrize("betas", ["fat", "1,,2", "nan", "9", "1,1,1,1,1,1,1,1,1,1,1"])
def test_betas_that_cannot_be_are_said_in_a_sentence(rig: Rig, betas: str) -> None:
    rig.model.set_betas("1")
    assert not rig.model.set_betas(betas)
    assert "with commas between" in rig.model.state.trouble
    rig.model.forget_trouble()
    assert (rig.model.state.trouble, rig.model.state.betas) == ("", "1")


def test_a_body_that_was_not_ready_goes_with_the_window(rig: Rig, tmp_path: Path) -> None:
    rig.kitchen.program = "import time; time.sleep(60)"
    rig.model.make(tmp_path)
    rig.model.close()
    rig.stand.tick()
    assert not rig.model.state.making
