"""Made-up dances for tests: smooth, repeatable, with feet that stand on the floor."""

import dataclasses

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics, quaternion
from megadance_live.core.control import Control
from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame, RawMotion
from megadance_live.core.skeleton import JOINT_COUNT, LEFT_FOOT, RIGHT_FOOT, STANDING_PELVIS_M, UPPER_JOINTS
from megadance_live.motion.post import PostProcessor, PostState

CONTROL = Control(expert="house")


def dance(frames: int, seed: int = 0) -> RawMotion:
    """Every joint sways on sines of its own; the body steps about and turns; contacts come and go."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None, None] / FRAME_RATE_HZ
    rates, phases = rng.uniform(0.5, 2.0, (1, JOINT_COUNT, 3)), rng.uniform(0, 2 * np.pi, (1, JOINT_COUNT, 3))
    sizes = np.full((1, JOINT_COUNT, 1), 0.08)
    sizes[:, list(UPPER_JOINTS)] = 0.25
    quats = quaternion.from_axis_angle(sizes * np.sin(2 * np.pi * rates * t + phases))
    s = t[:, 0, 0]
    beat = np.sin(2 * np.pi * s + phases[0, 0, 0])
    velocity = np.stack([0.02 * beat, 0.015 * np.cos(2 * np.pi * 0.7 * s)], axis=1)
    left, right = beat > -0.2, beat < 0.2
    return RawMotion(
        quats.astype(np.float32),
        (STANDING_PELVIS_M - 0.02 + 0.02 * np.cos(4 * np.pi * s)).astype(np.float32),
        velocity.astype(np.float32),
        (0.03 * np.sin(2 * np.pi * 0.3 * s + phases[0, 1, 0])).astype(np.float32),
        np.stack([left, left, right, right], axis=1).astype(np.float32),
    )


def standing(frames: int) -> RawMotion:
    """Knees a little bent, both feet flat on the floor, no motion."""
    bend = 0.3
    axis_angle = np.zeros((frames, JOINT_COUNT, 3))
    axis_angle[:, [1, 2], 0], axis_angle[:, [4, 5], 0], axis_angle[:, [7, 8], 0] = -bend, 2 * bend, -bend
    quats = quaternion.from_axis_angle(axis_angle)
    places, _ = kinematics.forward(np.zeros((frames, 3)), quats)
    height = -places[:, [LEFT_FOOT, RIGHT_FOOT], 1].min(axis=1)
    return RawMotion(
        quats.astype(np.float32),
        height.astype(np.float32),
        np.zeros((frames, 2), np.float32),
        np.zeros(frames, np.float32),
        np.ones((frames, 4), np.float32),
    )


def changed(raw: RawMotion, **fields: npt.ArrayLike) -> RawMotion:
    """The motion with some fields replaced."""
    return dataclasses.replace(raw, **{name: np.asarray(value, np.float32) for name, value in fields.items()})


def joined(*parts: RawMotion) -> RawMotion:
    return RawMotion(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in dataclasses.fields(RawMotion)))


def run(
    raw: RawMotion,
    control: Control = CONTROL,
    experts: list[str] | None = None,
    post: PostProcessor | None = None,
    state: PostState | None = None,
) -> list[PoseFrame]:
    """The motion through the whole chain, frame by frame."""
    post = post or PostProcessor()
    state = state or post.initial_state()
    poses = []
    for i in range(len(raw)):
        expert = experts[i] if experts else control.expert
        pose, state = post.step(raw.frame(i), i / FRAME_RATE_HZ, i / 60, expert, control, state)
        poses.append(pose)
    return poses


def places(poses: list[PoseFrame]) -> npt.NDArray[np.float64]:
    """Joint positions in the world, [T, 24, 3]."""
    root_m = np.stack([pose.root_m for pose in poses]).astype(np.float64)
    quats = np.stack([pose.quats for pose in poses]).astype(np.float64)
    return kinematics.forward(root_m, quats)[0]


def speeds(poses: list[PoseFrame]) -> npt.NDArray[np.float64]:
    """Joint speeds, m/s, [T - 1, 24]."""
    step = np.diff(places(poses), axis=0)
    speed: npt.NDArray[np.float64] = np.linalg.norm(step, axis=-1) * FRAME_RATE_HZ
    return speed
