"""The stage as a widget: with OpenGL where there is one, and without."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, qInstallMessageHandler
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.stage import gl_picture, stage_view
from gui.stage.gl_picture import GlHere, GlPicture, find_gl
from gui.stage.stage_view import Stage
from gui.widgets.buttons import Button
from megadance_live.config.preset import Preset, StageSection
from megadance_live.core.output_frame import AppState
from megadance_live.remote.requests import Revise
from megadance_live.remote.snapshot import PresetView
from tests.gui.fake_port import FakePort, dancing_view, standing

WIDTH, HEIGHT = 480, 420
PATIENCE_MS = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def no_word_from_qt() -> Iterator[None]:
    """Fails a test in which Qt complains."""
    said: list[str] = []
    before = qInstallMessageHandler(lambda kind, context, text: said.append(text or ""))
    yield
    qInstallMessageHandler(before)
    assert not said


@pytest.fixture
def port() -> FakePort:
    return FakePort()


@pytest.fixture
def open_stage(qtbot: QtBot, port: FakePort) -> Iterator[Callable[..., Stage]]:
    """Opens a stage and waits until the body has been drawn."""
    opened = []

    def opening(wait: bool = True) -> Stage:
        stage = Stage(port)
        opened.append(stage)
        stage.resize(WIDTH, HEIGHT)
        stage.show()
        qtbot.waitUntil(lambda: not wait or (stage.has_body and stage.pictures > 3), timeout=PATIENCE_MS)
        return stage

    yield opening
    for stage in opened:
        stage.close()
        stage.deleteLater()


@pytest.fixture
def with_gl(qapp: QApplication) -> GlHere:
    here = find_gl()
    if here.trouble:
        pytest.skip(f"no OpenGL here: {here.trouble}")
    return here


@pytest.fixture
def without_gl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage_view, "find_gl", lambda: GlHere("there is no driver"))


def next_pictures(qtbot: QtBot, stage: Stage, count: int = 3) -> None:
    wanted = stage.pictures + count
    qtbot.waitUntil(lambda: stage.pictures >= wanted, timeout=PATIENCE_MS)


def pixels(image: QImage) -> np.ndarray:
    """[height, width, 3], 0..255."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def picture_of(stage: Stage) -> np.ndarray:
    picture = stage.picture
    return pixels(picture.grabFramebuffer() if isinstance(picture, GlPicture) else picture.grab().toImage())


def stand_at(port: FakePort, stage: Stage, x_m: float, qtbot: QtBot) -> None:
    """The dancer has been there for long enough for the camera to have come."""
    port.pose = replace(standing(), root_m=np.array([x_m, 0.955, 0], np.float32))
    next_pictures(qtbot, stage)


def show_state(port: FakePort, state: AppState, visible: bool = True) -> None:
    view = dancing_view()
    assert view.frame is not None
    port.shown = replace(view, frame=replace(view.frame, state=state, visible=visible))


def test_the_dancer_is_drawn_in_the_middle_of_the_dark(
    with_gl: GlHere, open_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = open_stage()
    assert not stage.is_flat
    image = picture_of(stage)
    height, width = image.shape[:2]
    bright = image.max(axis=2) > 70
    body = bright[: int(height * 0.75)]
    columns = np.flatnonzero(body.any(axis=0))
    assert abs((columns.min() + columns.max()) / 2 - width / 2) < 0.03 * width
    assert bright[int(0.45 * height), width // 2]
    assert not bright[: int(0.08 * height)].any()
    assert (image[5, 5] == [18, 18, 18]).all()


def test_the_ghost_is_drawn_to_the_right_with_its_name(
    with_gl: GlHere, open_stage: Callable[..., Stage], port: FakePort, qtbot: QtBot
) -> None:
    stage = open_stage()
    alone = picture_of(stage)
    port.ghost = standing(expert=5)
    next_pictures(qtbot, stage, 25)
    both = picture_of(stage)
    right = np.s_[: int(0.7 * both.shape[0]), int(0.62 * both.shape[1]) :]
    assert (both[right].max(axis=2) > 40).sum() > 3 * (alone[right].max(axis=2) > 40).sum()
    tag = stage.findChild(stage_view.Tag, "ghost_name")
    assert tag is not None
    assert (tag.isVisible(), tag.text) == (True, "next: locking")
    port.ghost = None
    next_pictures(qtbot, stage)
    assert not tag.isVisible()


def test_blackout_and_frozen_are_seen_and_said(
    with_gl: GlHere, open_stage: Callable[..., Stage], port: FakePort, qtbot: QtBot
) -> None:
    stage = open_stage()
    live = picture_of(stage)
    words = stage.findChild(stage_view.Words, "stage_words")
    assert words is not None
    assert not words.isVisible()
    show_state(port, AppState.BLACKOUT, visible=False)
    qtbot.waitUntil(lambda: words.word == "BLACKOUT", timeout=PATIENCE_MS)
    next_pictures(qtbot, stage)
    black = picture_of(stage)
    assert words.isVisible()
    middle = np.s_[
        int(0.3 * live.shape[0]) : int(0.6 * live.shape[0]), int(0.47 * live.shape[1]) : int(0.53 * live.shape[1])
    ]
    assert live[middle].mean() > 2 * black[middle].mean()
    show_state(port, AppState.FROZEN)
    qtbot.waitUntil(lambda: words.word == "FROZEN", timeout=PATIENCE_MS)
    next_pictures(qtbot, stage)
    frozen = picture_of(stage)[middle]
    assert frozen[..., 2].mean() > frozen[..., 0].mean() + 15


def test_feet_that_stand_are_marked(
    with_gl: GlHere, open_stage: Callable[..., Stage], port: FakePort, qtbot: QtBot
) -> None:
    stage = open_stage()
    standing_there = picture_of(stage)
    assert port.pose is not None
    port.pose = replace(port.pose, contacts=np.zeros(4, np.float32))
    next_pictures(qtbot, stage)
    hovering = picture_of(stage)
    changed = np.abs(standing_there - hovering).max(axis=2) > 60
    rows = np.flatnonzero(changed.any(axis=1))
    assert rows.size
    assert rows.min() > 0.7 * len(changed)


@pytest.mark.parametrize("kind", ["with_gl", "without_gl"])
def test_a_hidden_stage_draws_nothing_and_goes_on_when_it_is_shown(
    kind: str, request: pytest.FixtureRequest, open_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    request.getfixturevalue(kind)
    stage = open_stage()
    assert stage.fps > 0
    stage.hide()
    QApplication.processEvents()
    before = stage.pictures
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:
        QApplication.processEvents()
    assert stage.pictures == before
    assert stage.fps == 0
    stage.show()
    next_pictures(qtbot, stage)
    assert picture_of(stage).max() > 100


def test_without_opengl_bones_are_drawn_and_the_reason_is_said(
    without_gl: None, open_stage: Callable[..., Stage], port: FakePort, qtbot: QtBot
) -> None:
    stage = open_stage()
    assert stage.is_flat
    note = stage.findChild(stage_view.Tag, "stage_note")
    assert note is not None
    assert note.isVisible()
    assert note.text == "2-D: no OpenGL (there is no driver)."
    image = picture_of(stage)
    halves = image[:, : WIDTH // 2], image[:, WIDTH // 2 :]
    assert all((half.max(axis=2) > 70).sum() > 500 for half in halves)
    port.ghost = standing(expert=5)
    show_state(port, AppState.BLACKOUT, visible=False)
    next_pictures(qtbot, stage, 6)
    assert stage.model.state.word == "BLACKOUT"
    assert np.abs(picture_of(stage) - image).max() > 50


def test_a_driver_that_cannot_do_what_is_needed_is_drawn_around(
    with_gl: GlHere, open_stage: Callable[..., Stage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> gl_picture.Program:
        raise gl_picture.GlError("shader: unknown word\nin line 3")

    monkeypatch.setattr(gl_picture, "Program", broken)
    stage = open_stage(wait=False)
    qtbot.waitUntil(lambda: stage.is_flat and stage.has_body, timeout=PATIENCE_MS)
    note = stage.findChild(stage_view.Tag, "stage_note")
    assert note is not None
    qtbot.waitUntil(lambda: note.text == "2-D: no OpenGL (shader: unknown word).", timeout=PATIENCE_MS)
    next_pictures(qtbot, stage)
    assert picture_of(stage).max() > 70


def test_a_window_system_without_opengl_is_found_out(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QApplication, "platformName", staticmethod(lambda: "offscreen"))
    assert find_gl().trouble == "the window system offscreen has none"


@pytest.mark.parametrize("kind", ["with_gl", "without_gl"])
def test_a_body_that_cannot_be_read_is_told_and_the_built_in_one_drawn(
    kind: str,
    request: pytest.FixtureRequest,
    open_stage: Callable[..., Stage],
    port: FakePort,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    request.getfixturevalue(kind)
    stage = open_stage()
    section = StageSection(body=str(tmp_path / "nothing"))
    view = dancing_view()
    port.shown = replace(view, snapshot=replace(view.snapshot, preset=PresetView(preset=Preset(stage=section))))
    note = stage.findChild(stage_view.Tag, "stage_note")
    assert note is not None
    qtbot.waitUntil(lambda: "There is no body in" in note.text, timeout=PATIENCE_MS)
    assert "The built-in body is drawn." in note.text
    assert stage.has_body
    port.shown = view
    qtbot.waitUntil(lambda: "no body" not in note.text, timeout=PATIENCE_MS)


def test_cameras_are_keys_of_a_size_that_can_be_hit(
    with_gl: GlHere, open_stage: Callable[..., Stage], port: FakePort
) -> None:
    stage = open_stage()
    for name in ("side", "orbit", "front"):
        key = stage.findChild(Button, f"camera_{name}")
        assert key is not None
        assert min(key.width(), key.height()) >= 44
        QTest.mouseClick(key, LEFT)
        stage.refresh()
        assert stage.model.camera.name == name
        assert key.look.lit
    assert port.asked[0] == Revise("stage", StageSection(camera="side"))


def test_the_mouse_walks_around_moves_and_zooms(with_gl: GlHere, open_stage: Callable[..., Stage]) -> None:
    stage = open_stage()
    camera = stage.model.camera

    def settled() -> tuple[float, float, float, tuple[float, float, float]]:
        for _ in range(50):
            camera.step(0.1)
        return camera.aim.yaw, camera.aim.pitch, camera.aim.distance_m, camera.aim.focus_m

    def drag(button: Qt.MouseButton) -> None:
        QTest.mousePress(stage, button, pos=QPoint(100, 100))
        QTest.mouseMove(stage, QPoint(160, 130))
        QTest.mouseRelease(stage, button, pos=QPoint(160, 130))

    front = settled()
    drag(LEFT)
    turned = settled()
    assert turned[0] < front[0]
    assert turned[1] > front[1]
    drag(Qt.MouseButton.RightButton)
    moved = settled()
    assert moved[3] != turned[3]
    assert moved[:3] == pytest.approx(turned[:3])
    place = QPointF(100, 100)
    wheel = QWheelEvent(
        place, place, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(stage, wheel)
    assert settled()[2] < moved[2]
    QTest.mouseDClick(stage, LEFT, pos=QPoint(100, 100))
    assert settled()[:3] == pytest.approx(front[:3], abs=1e-3)
    assert camera.name == "front"


def test_closing_twice_and_before_anything_was_drawn_is_no_trouble(
    with_gl: GlHere, open_stage: Callable[..., Stage]
) -> None:
    stage = open_stage(wait=False)
    stage.close()
    stage.release()
    assert not stage.isVisible()


def test_a_stage_that_was_closed_can_be_shown_again(
    with_gl: GlHere, open_stage: Callable[..., Stage], port: FakePort, qtbot: QtBot, tmp_path: Path
) -> None:
    stage = open_stage()
    stage.close()
    section = StageSection(body=str(tmp_path / "nothing"))
    preset = PresetView(Preset(stage=section))
    port.shown = replace(port.shown, snapshot=replace(port.shown.snapshot, preset=preset))
    stage.show()
    qtbot.waitUntil(lambda: "There is no body in" in stage.trouble, timeout=PATIENCE_MS)
    next_pictures(qtbot, stage)
    assert picture_of(stage).max() > 100
