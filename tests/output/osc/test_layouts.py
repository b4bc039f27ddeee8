"""What each layout says, read back with python-osc."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pythonosc.osc_bundle import OscBundle

from megadance_live.core.destination import parse_destination
from megadance_live.core.kinematics import forward
from megadance_live.core.output_frame import OutputFrame
from megadance_live.core.skeleton import JOINT_NAMES, REST_OFFSETS_M
from megadance_live.output.axes import AXES
from megadance_live.output.osc.layouts.vmc import BONES
from megadance_live.output.osc.receiver import layout_of
from megadance_live.output.osc.template import DatagramMode, DatagramTemplate
from tests.output.osc.fixtures import EXPERTS, HALF, elbow_frame, random_frame, rest_frame

MUSICAL = {
    "/beat/bpm": 124.5, "/beat/phase": 0.25, "/beat/confidence": 0.75, "/beat/source": 1, "/beat/count": 33,
    "/beat/pulse": 1, "/beat/bar": 9, "/beat/inbar": 2, "/bar/phase": 0.3125, "/bar/pulse": 0, "/audio/level": 0.5,
    "/audio/low": 0.625, "/audio/mid": 0.375, "/audio/high": 0.125, "/audio/onset": 0.875, "/expert/current": 2,
    "/audio/kick": 0.5625, "/audio/snare": 0.6875, "/audio/hat": 0.4375, "/audio/build": 0.1875, "/audio/drop": 0.8125,
    "/audio/break": 0.0625,
    "/expert/armed": 1, "/expert/countdown": 2.75, "/expert/mix": 0.75, "/app/state": 1, "/app/fps": 60.0,
    "/app/latency": 20.0, "/app/heartbeat": 12, "/expert/weight/0": 0.25, "/expert/weight/1": 0.0,
    "/expert/weight/2": 0.75,
}  # fmt: skip


def datagrams(options: str, frame: OutputFrame, mode: DatagramMode = "bundle") -> list[bytes]:
    layout = layout_of(parse_destination(f"127.0.0.1:7000,{options}", "native"), len(EXPERTS))
    template = DatagramTemplate(layout.messages, mode)
    return [bytes(d) for d in template.fill(layout.floats(frame), layout.ints(frame))]


def read(options: str, frame: OutputFrame) -> dict[str, Any]:
    """Address -> arguments; a VMC bone's name is part of the key."""
    messages: dict[str, Any] = {}
    for data in datagrams(options, frame):
        for message in OscBundle(data):
            named = message.params and isinstance(message.params[0], str)
            key = f"{message.address} {message.params[0]}" if named else message.address
            assert key not in messages
            messages[key] = message.params[1:] if named else message.params
    return messages


def test_native_carries_the_pose_in_one_message() -> None:
    frame = random_frame()
    got = read("layout=native", frame)
    np.testing.assert_array_equal(got["/dance/1/pose/quat"], frame.quats.ravel())
    np.testing.assert_array_equal(got["/dance/1/root/pos"], frame.root_m)
    assert got["/dance/1/contact"] == [1.0, 0.5, 0.25, 0.0]
    assert got["/dance/1/frame"] == [7, 12.5, 33.25]


@pytest.mark.parametrize("layout", ["native", "touchdesigner"])
def test_the_musical_block_is_one_number_per_address_with_its_type(layout: str) -> None:
    got = read(f"layout={layout}", rest_frame())
    musical = {address: params for address, params in got.items() if not address.startswith("/dance")}
    assert {address: params[0] for address, params in musical.items()} == MUSICAL
    assert {address: type(params[0]) for address, params in musical.items()} == {a: type(v) for a, v in MUSICAL.items()}


def test_native_messages_have_the_sizes_of_the_schema() -> None:
    layout = layout_of(parse_destination("127.0.0.1:7000", "native"), 0)
    sizes = {message.address: message.encode().size for message in layout.messages}
    assert sizes["/dance/1/frame"] == 36
    assert sizes["/dance/1/root/pos"] == 40
    assert sizes["/dance/1/pose/quat"] == 504
    assert sizes["/dance/1/contact"] == 44


def test_native_in_unreal_axes_counts_in_centimetres() -> None:
    frame = random_frame()
    got = read("layout=native,axes=unreal_y", frame)
    np.testing.assert_allclose(got["/dance/1/root/pos"], frame.root_m[[0, 2, 1]] * 100, rtol=1e-6)
    np.testing.assert_array_equal(
        got["/dance/1/pose/quat"], (frame.quats[:, [0, 2, 1, 3]] * np.array([-1, -1, -1, 1], np.float32)).ravel()
    )


def test_prefix_and_performer_go_into_the_addresses() -> None:
    got = read("layout=native,prefix=/stage,performer=3", rest_frame())
    assert "/stage/dance/3/pose/quat" in got
    assert "/stage/beat/phase" in got
    assert all(address.startswith("/stage/") for address in got)


def test_touchdesigner_gives_every_number_an_address_of_its_own_and_no_string() -> None:
    got = read("layout=touchdesigner", elbow_frame())
    assert all(len(params) == 1 and isinstance(params[0], int | float) for params in got.values())
    for joint in JOINT_NAMES:
        expected = [0, 90, 0] if joint == "left_elbow" else [0, 0, 0]
        turned = [got[f"/dance/1/{joint}/{channel}"][0] for channel in ("rx", "ry", "rz")]
        np.testing.assert_allclose(turned, expected, atol=0.05)
    root = [got[f"/dance/1/root/{channel}"][0] for channel in ("tx", "ty", "tz")]
    np.testing.assert_allclose(root, [0.1, 0.9, 0.2], rtol=1e-6)
    contacts = [got[f"/dance/1/contact/{name}"][0] for name in ("left_heel", "left_toe", "right_heel", "right_toe")]
    assert contacts == [1.0, 0.5, 0.25, 0.0]
    assert got["/dance/1/frame/index"] == [7]


def test_touchdesigner_can_have_quaternions() -> None:
    frame = random_frame()
    got = read("layout=touchdesigner,rotation=quat", frame)
    for i, joint in enumerate(JOINT_NAMES):
        quat = [got[f"/dance/1/{joint}/{channel}"][0] for channel in ("qx", "qy", "qz", "qw")]
        np.testing.assert_array_equal(quat, frame.quats[i])
    assert not any(address.endswith("/rx") for address in got)


def test_vmc_of_the_rest_pose_is_the_published_vector() -> None:
    got = read("layout=vmc", rest_frame())
    assert got["/VMC/Ext/Root/Pos root"] == [0, 0, 0, 0, 0, 0, 1]
    np.testing.assert_allclose(got["/VMC/Ext/Bone/Pos Hips"], [-0.1, 0.9, 0.2, 0, 0, 0, 1], rtol=1e-6)
    assert got["/VMC/Ext/OK"] == [1, 3, 0]
    assert got["/VMC/Ext/T"] == [12.5]
    assert got["/VMC/Ext/Blend/Apply"] == []


def test_vmc_of_a_turned_elbow_is_the_published_vector() -> None:
    got = read("layout=vmc", elbow_frame())
    np.testing.assert_allclose(got["/VMC/Ext/Bone/Pos LeftLowerArm"][3:], [0, -HALF, 0, HALF], atol=1e-6)


def test_vmc_keeps_the_order_that_receivers_commit_on() -> None:
    (data,) = datagrams("layout=vmc", rest_frame())
    addresses = [message.address for message in OscBundle(data)]
    assert addresses == [
        "/VMC/Ext/Root/Pos", *["/VMC/Ext/Bone/Pos"] * 22, "/VMC/Ext/Blend/Apply", "/VMC/Ext/OK", "/VMC/Ext/T",
    ]  # fmt: skip
    assert [message.params[0] for message in list(OscBundle(data))[1:23]] == list(BONES)


def test_vmc_types_are_exact() -> None:
    layout = layout_of(parse_destination("127.0.0.1:39539", "vmc"), 0)
    tags = {m.address: m.encode().dgram.split(b",", 1)[1].split(b"\0")[0].decode() for m in layout.messages}
    assert tags == {
        "/VMC/Ext/Root/Pos": "sfffffff",
        "/VMC/Ext/Bone/Pos": "sfffffff",
        "/VMC/Ext/Blend/Apply": "",
        "/VMC/Ext/OK": "iii",
        "/VMC/Ext/T": "f",
    }


def test_vmc_has_the_published_sizes_and_the_last_datagram_commits() -> None:
    frame = rest_frame()
    assert [len(d) for d in datagrams("layout=vmc", frame)] == [1872]
    first, last = datagrams("layout=vmc", frame, "split")
    assert (len(first), len(last)) == (1388, 500)
    assert {message.address for message in OscBundle(first)} == {"/VMC/Ext/Root/Pos", "/VMC/Ext/Bone/Pos"}
    assert [m.address for m in OscBundle(last)][-3:] == ["/VMC/Ext/Blend/Apply", "/VMC/Ext/OK", "/VMC/Ext/T"]


def _vmc_skeleton(got: dict[str, Any]) -> np.ndarray:
    """Joint positions [22, 3] as a receiver builds them from what was streamed."""
    root = np.array(got["/VMC/Ext/Root/Pos root"][:3])
    bones = np.array([got[f"/VMC/Ext/Bone/Pos {bone}"] for bone in BONES])
    palms = np.tile([0.0, 0, 0, 0, 0, 0, 1], (2, 1))
    bones = np.concatenate([bones, palms])
    joints, _ = forward(bones[0, :3], bones[:, 3:], bones[:, :3])
    return root + joints[: len(BONES)]


@pytest.mark.parametrize("locomotion", ["hips", "root"])
def test_a_vmc_receiver_sees_the_dancer_with_x_negated(locomotion: str) -> None:
    frame = random_frame()
    expected, _ = forward(frame.root_m, frame.quats)
    got = _vmc_skeleton(read(f"layout=vmc,locomotion={locomotion}", frame))
    np.testing.assert_allclose(got, expected[: len(BONES)] * [-1, 1, 1], atol=1e-5)


def test_a_vmc_receiver_would_see_something_else_without_the_sign_flips() -> None:
    """The negative control of the test above."""
    frame = random_frame()
    expected, _ = forward(frame.root_m, frame.quats)
    unconverted = replace(frame, quats=AXES["unity"].quaternion(frame.quats))
    got = _vmc_skeleton(read("layout=vmc", unconverted))
    assert np.abs(got - expected[: len(BONES)] * [-1, 1, 1]).max() > 0.1


def test_locomotion_in_root_leaves_only_the_height_in_hips() -> None:
    got = read("layout=vmc,locomotion=root", rest_frame())
    np.testing.assert_allclose(got["/VMC/Ext/Root/Pos root"][:3], [-0.1, 0, 0.2], rtol=1e-6)
    np.testing.assert_allclose(got["/VMC/Ext/Bone/Pos Hips"][:3], [0, 0.9, 0], rtol=1e-6)


def test_bones_stand_at_their_rest_offsets_unless_rotations_only() -> None:
    frame = random_frame()
    offsets = AXES["unity"].position(REST_OFFSETS_M)
    with_offsets, without = read("layout=vmc", frame), read("layout=vmc,positions=none", frame)
    for i, bone in enumerate(BONES):
        if bone != "Hips":
            np.testing.assert_array_equal(with_offsets[f"/VMC/Ext/Bone/Pos {bone}"][:3], offsets[i])
        assert without[f"/VMC/Ext/Bone/Pos {bone}"][:3] == [0, 0, 0]
        assert without[f"/VMC/Ext/Bone/Pos {bone}"][3:] == with_offsets[f"/VMC/Ext/Bone/Pos {bone}"][3:]


def test_an_invisible_frame_tells_vmc_receivers_to_hide_the_avatar() -> None:
    assert read("layout=vmc", replace(rest_frame(), visible=False))["/VMC/Ext/OK"] == [0, 0, 0]
