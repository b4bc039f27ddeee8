"""What the stage shows, without Qt."""

from dataclasses import replace

import numpy as np
import pytest

from gui.palette import EXPERTS as COLOURS
from gui.stage.mannequin import COARSE_M, mannequin
from gui.stage.scene import Look, colour_of
from gui.stage.stage_model import StageModel
from megadance_live.config.preset import Bank, Pad, PadsSection, Preset, StageSection
from megadance_live.core.output_frame import AppState
from megadance_live.remote.client import View
from megadance_live.remote.requests import Revise
from megadance_live.remote.snapshot import PresetView
from tests.gui.fake_port import FakePort, dancing_view, standing


def view_of(state: AppState = AppState.LIVE, visible: bool = True, preset: Preset | None = None) -> View:
    view = dancing_view()
    assert view.frame is not None
    snapshot = replace(view.snapshot, preset=PresetView(preset=preset if preset is not None else Preset()))
    return replace(view, frame=replace(view.frame, state=state, visible=visible), snapshot=snapshot)


def model_of(port: FakePort) -> StageModel:
    model = StageModel(port)
    model.update(port.view())
    return model


def test_the_dancer_is_drawn_where_receivers_are_shown_it() -> None:
    port = FakePort()
    port.pose = replace(standing(), root_m=np.array([1.0, 0.955, -2.0], np.float32))
    scene = model_of(port).scene(100.0, 1.0)
    assert scene.dancer is not None
    assert scene.dancer.joints_m[0] == pytest.approx([1.0, 0.955, -2.0], abs=1e-3)
    assert scene.place_m == pytest.approx((1.0, -2.0))
    assert scene.ghost is None


def test_before_the_first_pose_the_stage_is_empty() -> None:
    port = FakePort(View())
    port.pose = None
    model = model_of(port)
    assert model.scene(1.0, 1.0).dancer is None
    assert model.state.explanation == "Waiting for the show."


@pytest.mark.parametrize(
    ("state", "visible", "word", "look"),
    [
        (AppState.LIVE, True, "", Look.LIVE),
        (AppState.IDLE, True, "IDLE", Look.LIVE),
        (AppState.FROZEN, True, "FROZEN", Look.FROZEN),
        (AppState.BLACKOUT, False, "BLACKOUT", Look.BLACKOUT),
        (AppState.LIVE, False, "BLACKOUT", Look.BLACKOUT),
        (AppState.PANIC, True, "PANIC", Look.LIVE),
        (AppState.AUDIO_LOST, True, "AUDIO LOST", Look.LIVE),
    ],
)
def test_what_receivers_are_shown_is_said_in_words(state: AppState, visible: bool, word: str, look: Look) -> None:
    port = FakePort(view_of(state, visible))
    model = model_of(port)
    assert model.state.word == word
    assert model.scene(100.0, 1.0).look is model.state.look is look


def test_a_show_that_has_gone_is_said() -> None:
    ended = model_of(FakePort(replace(view_of(), connected=False, ended=True)))
    lost = model_of(FakePort(replace(view_of(), connected=False)))
    assert (ended.state.word, lost.state.word) == ("SHOW ENDED", "NO CONNECTION")
    assert ended.state.look is Look.BLACKOUT


def test_a_test_pose_is_said() -> None:
    view = view_of()
    port = FakePort(replace(view, snapshot=replace(view.snapshot, pattern="arm_raise")))
    assert "test pattern: Arm raise" in model_of(port).state.explanation


def test_the_ghost_stands_beside_the_dancer_with_its_name_wherever_it_dances() -> None:
    port = FakePort()
    port.ghost = replace(standing(expert=5), root_m=np.array([7.0, 0.955, 7.0], np.float32))
    ghost = model_of(port).scene(100.0, 1.0).ghost
    assert ghost is not None
    assert ghost.posed.joints_m[0] == pytest.approx([1.2, 0.955, 0.0], abs=1e-3)
    assert ghost.name == "locking"
    assert ghost.colour == colour_of(COLOURS[5])


def test_the_ghost_can_be_switched_off() -> None:
    port = FakePort(view_of(preset=Preset(stage=StageSection(ghost=False))))
    port.ghost = standing(expert=5)
    assert model_of(port).scene(100.0, 1.0).ghost is None


def test_names_and_colours_are_those_of_the_pads() -> None:
    pads = PadsSection(banks=(Bank(pads=(Pad(expert="locking", name="Lock it", colour="#102030"),)),))
    port = FakePort(view_of(preset=Preset(pads=pads)))
    port.ghost = standing(expert=5)
    port.pose = standing(expert=5)
    scene = model_of(port).scene(100.0, 1.0)
    assert scene.ghost is not None
    assert scene.ghost.name == "Lock it"
    assert scene.accent == scene.ghost.colour == colour_of("#102030")


def test_nobodys_pose_has_no_experts_colour() -> None:
    port = FakePort()
    port.pose = standing(expert=-1)
    assert model_of(port).scene(100.0, 1.0).accent not in [colour_of(colour) for colour in COLOURS]


def test_a_camera_that_is_chosen_is_kept_in_the_preset_and_stays_while_the_show_has_not_answered() -> None:
    port = FakePort(view_of())
    model = model_of(port)
    model.set_camera("side")
    assert port.asked == [Revise("stage", StageSection(camera="side"))]
    model.update(port.view())
    assert model.camera.name == "side"
    port.shown = view_of(preset=Preset(stage=StageSection(camera="side")))
    model.update(port.view())
    assert model.camera.name == "side"
    port.shown = view_of(preset=Preset(stage=StageSection(camera="top")))
    model.update(port.view())
    assert model.camera.name == "top"


def test_a_camera_that_was_turned_by_hand_stays() -> None:
    port = FakePort(view_of())
    model = model_of(port)
    model.camera.turn(1.0, 0.0)
    model.update(port.view())
    assert model.camera.name is None


def test_another_body_gets_its_own_joints() -> None:
    port = FakePort()
    model = model_of(port)
    mesh = mannequin(COARSE_M)
    model.use_body(
        replace(mesh, offsets_m=mesh.offsets_m * np.float32(1.1), vertices_m=mesh.vertices_m * np.float32(1.1))
    )
    scene = model.scene(100.0, 1.0)
    assert scene.dancer is not None
    height_m = scene.dancer.joints_m[15, 1] - scene.dancer.joints_m[[10, 11], 1].min()
    usual = model_of(port).scene(100.0, 1.0).dancer
    assert usual is not None
    assert height_m > 1.05 * (usual.joints_m[15, 1] - usual.joints_m[[10, 11], 1].min())
