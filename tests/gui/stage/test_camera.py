"""Where the stage is seen from."""

import math

import numpy as np
import pytest

from gui.stage.camera import CAMERAS, HIGHEST_RAD, LOWEST_RAD, Camera, CameraName, Follow


def settled(camera: Camera, company: bool = False) -> Camera:
    for _ in range(200):
        camera.step(0.05, company)
    return camera


@pytest.mark.parametrize("name", CAMERAS)
def test_every_camera_sees_the_dancer_in_the_picture(name: CameraName) -> None:
    eye = settled(Camera(name)).eye((2.0, -1.0), 1.1)
    for height_m in (1.0, 1.5):
        x, y = eye.pixel(np.array([2.0, height_m, -1.0]), 800, 727) or (-1, -1)
        assert 200 < x < 600
        assert 0 < y < 727


def test_the_front_camera_has_the_dancers_left_on_its_right() -> None:
    eye = settled(Camera("front")).eye((0, 0), 1.0)
    left, right = eye.pixel(np.array([0.5, 1, 0]), 100, 100), eye.pixel(np.array([-0.5, 1, 0]), 100, 100)
    assert left is not None
    assert right is not None
    assert left[0] > 50 > right[0]
    assert eye.place_m[2] > 3


def test_what_is_behind_the_camera_is_not_in_the_picture() -> None:
    assert settled(Camera("front")).eye((0, 0), 1.0).pixel(np.array([0, 1, 30.0]), 100, 100) is None


def test_it_goes_to_another_camera_smoothly_and_the_short_way() -> None:
    camera = settled(Camera("back"))
    camera.turn(math.radians(170), 0)
    settled(camera)
    camera.choose("front")
    turned = []
    for _ in range(60):
        before = camera.aim.yaw
        camera.step(1 / 60)
        turned.append(camera.aim.yaw - before)
    assert abs(math.remainder(camera.aim.yaw, math.tau)) < 0.05
    assert sum(abs(step) for step in turned) < math.radians(30)
    assert max(abs(step) for step in turned) < math.radians(2)


def test_the_orbit_goes_on_turning_and_zooming_does_not_stop_it() -> None:
    camera = settled(Camera("orbit"))
    before = camera.aim.yaw
    camera.zoom(0.8)
    settled(camera)
    assert camera.name == "orbit"
    assert camera.aim.yaw > before + 1


def test_the_mouse_takes_over_and_a_double_click_goes_back() -> None:
    camera = settled(Camera("side"))
    camera.turn(0.5, 0.2)
    camera.pan(0.3, 0.1)
    assert camera.name is None
    camera.back()
    settled(camera)
    assert camera.name == "side"
    assert camera.aim.yaw == pytest.approx(math.radians(90), abs=1e-3)


def test_it_never_goes_under_the_floor_over_the_top_or_too_near() -> None:
    camera = Camera()
    camera.turn(0, 10)
    assert settled(camera).aim.pitch == pytest.approx(HIGHEST_RAD, abs=1e-3)
    camera.turn(0, -10)
    assert settled(camera).aim.pitch == pytest.approx(LOWEST_RAD, abs=1e-3)
    camera.zoom(1e-6)
    assert settled(camera).aim.distance_m >= 1.19
    camera.zoom(1e9)
    assert settled(camera).aim.distance_m <= 20.01


@pytest.mark.parametrize("aspect", [0.5, 1.0, 2.0])
def test_company_to_the_right_is_seen_too(aspect: float) -> None:
    eye = settled(Camera("front"), company=True).eye((0, 0), aspect)
    for x_m in (-0.5, 1.9):
        seen = eye.pixel(np.array([x_m, 1.4, 0]), 1000, 1000)
        assert seen is not None
        assert 0 < seen[0] < 1000


def test_it_follows_the_dancer_without_haste_and_without_losing_them() -> None:
    follow = Follow()
    assert follow.step(1.0, 2.0, 0.0) == (1.0, 2.0)
    near = follow.step(2.0, 2.0, 0.1)
    assert 1.0 < near[0] < 1.3
    for _ in range(100):
        near = follow.step(2.0, 2.0, 0.1)
    assert near == pytest.approx((2.0, 2.0), abs=1e-3)


def test_following_does_not_depend_on_the_rate_of_the_screen() -> None:
    slow, fast = Follow(), Follow()
    slow.step(0, 0, 0)
    fast.step(0, 0, 0)
    for _ in range(30):
        end_slow = slow.step(1, 0, 1 / 30)
    for _ in range(144):
        end_fast = fast.step(1, 0, 1 / 144)
    assert end_slow == pytest.approx(end_fast, abs=1e-6)
