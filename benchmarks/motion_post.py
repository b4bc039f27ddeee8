"""Foot skate, knee jerks, joint limits, switches and cost of the chain after the model, over clips of real dance.

python benchmarks/motion_post.py FOLDER [--limit N]

FOLDER holds npz clips with `poses` [T, 24, 3] axis-angle and `trans` [T, 3] at 30 fps. Each becomes the raw motion that
a perfect model would give, goes through PostProcessor, and is measured before and after.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics, quaternion
from megadance_live.core.control import Control
from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame, RawMotion
from megadance_live.core.skeleton import LEFT_ANKLE, LEFT_FOOT, LEFT_KNEE, RIGHT_ANKLE, RIGHT_FOOT, RIGHT_KNEE
from megadance_live.motion.limits import limited
from megadance_live.motion.post import PostProcessor

Array = npt.NDArray[np.floating[Any]]


def load(path: Path) -> tuple[Array, Array]:
    """Root positions [T, 3] and local quaternions [T, 24, 4] of a clip."""
    with np.load(path) as clip:
        return clip["trans"].astype(np.float64), quaternion.from_axis_angle(clip["poses"].astype(np.float64))


def raw_of(root_m: Array, quats: Array) -> RawMotion:
    """The raw motion of a clip; contacts where a heel or toe is low and slow."""
    places, _ = kinematics.forward(root_m, quats)
    feet = places[:, [LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT]]
    step = np.linalg.norm(np.diff(feet, axis=0, prepend=feet[:1]), axis=-1)
    contacts = (step < 0.02) & (feet[..., 1] < [0.12, 0.05, 0.12, 0.05])
    heading = quaternion.yaw(quats[:, 0])
    home = quaternion.from_yaw(-heading)
    local = quats.copy()
    local[:, 0] = quaternion.multiply(home, quats[:, 0])
    velocity = quaternion.rotate(home, np.diff(root_m, axis=0, prepend=root_m[:1]))[:, [0, 2]]
    turn = np.diff(heading, prepend=heading[:1])
    yaw_rate = np.mod(turn + np.pi, 2 * np.pi) - np.pi
    return RawMotion(
        local.astype(np.float32),
        root_m[:, 1].astype(np.float32),
        velocity.astype(np.float32),
        yaw_rate.astype(np.float32),
        contacts.astype(np.float32),
    )


def process(
    raw: RawMotion, post: PostProcessor, control: Control, experts: list[str] | None = None
) -> tuple[list[PoseFrame], list[float]]:
    """Poses, and the seconds that each took."""
    state, poses, took_s = post.initial_state(), [], []
    for i in range(len(raw)):
        begin = time.perf_counter()
        expert = experts[i] if experts else control.expert
        pose, state = post.step(raw.frame(i), i / FRAME_RATE_HZ, i / 60, expert, control, state)
        took_s.append(time.perf_counter() - begin)
        poses.append(pose)
    return poses, took_s


def stacked(poses: list[PoseFrame]) -> tuple[Array, Array]:
    return (
        np.stack([p.root_m for p in poses]).astype(np.float64),
        np.stack([p.quats for p in poses]).astype(np.float64),
    )


def skate(root_m: Array, quats: Array) -> tuple[int, int]:
    """(skating, standing) foot-frames: ankle at most 0.10 m and toe at most 0.05 m up; skating: toe goes over 1 cm."""
    places, _ = kinematics.forward(root_m, quats)
    standing = (places[1:, [LEFT_ANKLE, RIGHT_ANKLE], 1] <= 0.10) & (places[1:, [LEFT_FOOT, RIGHT_FOOT], 1] <= 0.05)
    step = np.linalg.norm(np.diff(places[:, [LEFT_FOOT, RIGHT_FOOT]][..., [0, 2]], axis=0), axis=-1)
    return int((standing & (step > 0.01)).sum()), int(standing.sum())


def knee_acceleration(quats: Array) -> Array:
    """Angular acceleration of both knees, rad/s^2, [T - 2, 2]."""
    knees = quats[:, [LEFT_KNEE, RIGHT_KNEE]]
    turn = quaternion.to_axis_angle(quaternion.multiply(knees[1:], quaternion.conjugate(knees[:-1])))
    return np.linalg.norm(np.diff(turn, axis=0), axis=-1) * FRAME_RATE_HZ**2


def joint_speed(root_m: Array, quats: Array) -> Array:
    """[T - 1, 24] m/s."""
    places, _ = kinematics.forward(root_m, quats)
    return np.linalg.norm(np.diff(places, axis=0), axis=-1) * FRAME_RATE_HZ


def pelvis_acceleration(root_m: Array) -> Array:
    return np.linalg.norm(np.diff(root_m, 2, axis=0), axis=-1) * FRAME_RATE_HZ**2


def measure_clips(paths: list[Path]) -> dict[str, float]:
    control = Control("dance")
    before, after = np.zeros(2), np.zeros(2)
    knees: list[tuple[Array, Array]] = []
    pelvis: list[tuple[Array, Array]] = []
    took: list[float] = []
    changed, frames, joints_changed = 0, 0, 0
    floor = [np.inf, np.inf]
    for path in paths:
        root_m, quats = load(path)
        raw = raw_of(root_m, quats)
        poses, took_s = process(raw, PostProcessor(), control)
        new_root, new_quats = stacked(poses)
        before += skate(root_m, quats)
        after += skate(new_root, new_quats)
        knees.append((knee_acceleration(quats), knee_acceleration(new_quats)))
        pelvis.append((pelvis_acceleration(root_m), pelvis_acceleration(new_root)))
        took += took_s
        feet = kinematics.forward(new_root, new_quats)[0]
        floor = [
            min(floor[0], float(feet[:, [LEFT_FOOT, RIGHT_FOOT], 1].min())),
            min(floor[1], float(feet[:, [LEFT_ANKLE, RIGHT_ANKLE], 1].min())),
        ]
        held = np.stack([limited(q) != q for q in raw.quats.astype(np.float64)]).any(axis=-1)
        changed += held.any(axis=1).sum()
        joints_changed += held.sum()
        frames += len(held)
    was, now = (np.concatenate([pair[i].ravel() for pair in knees]) for i in (0, 1))
    pelvis_was, pelvis_now = (np.concatenate([pair[i] for pair in pelvis]) for i in (0, 1))
    return {
        "skate_before": before[0] / before[1],
        "skate_after": after[0] / after[1],
        "standing_before": before[1],
        "standing_after": after[1],
        "knee_p99_before_rad_s2": float(np.percentile(was, 99)),
        "knee_p99_after_rad_s2": float(np.percentile(now, 99)),
        "knee_p999_before_rad_s2": float(np.percentile(was, 99.9)),
        "knee_p999_after_rad_s2": float(np.percentile(now, 99.9)),
        "knee_max_before_rad_s2": float(was.max()),
        "knee_max_after_rad_s2": float(now.max()),
        "pelvis_p99_before_m_s2": float(np.percentile(pelvis_was, 99)),
        "pelvis_p99_after_m_s2": float(np.percentile(pelvis_now, 99)),
        "lowest_toe_m": floor[0],
        "lowest_ankle_m": floor[1],
        "limits_change_frames": changed / frames,
        "limits_change_joints": joints_changed / frames / 24,
        "ms_median": float(np.median(took)) * 1e3,
        "ms_p99": float(np.percentile(took, 99)) * 1e3,
    }


def measure_switches(paths: list[Path], every: int = 45) -> dict[str, float]:
    """Cut from clip to clip every `every` frames, with the hardest cuts there are: unrelated poses."""
    pieces, experts = [], []
    for i, path in enumerate(paths):
        raw = raw_of(*load(path))
        at = len(raw) // 2
        pieces.append(raw_slice(raw, at, at + every))
        experts += [str(i)] * len(pieces[-1])
    raw = RawMotion(*(np.concatenate([getattr(p, f) for p in pieces]) for f in RawMotion.__dataclass_fields__))
    poses, _ = process(raw, PostProcessor(), Control("dance"), experts)
    speed = joint_speed(*stacked(poses)).max(axis=1)
    pooled = joint_speed(*stacked(poses))
    cuts = [i for i in range(1, len(experts)) if experts[i] != experts[i - 1]]
    near = np.zeros(len(speed), bool)
    for cut in cuts:
        near[cut - 1 : cut + 14] = True
    elsewhere = float(np.percentile(pooled[~near], 99))
    per_cut = np.array([speed[cut - 1 : cut + 14].max() for cut in cuts])
    at_cut = np.array([speed[cut - 1 : cut + 2].max() for cut in cuts])
    return {
        "switches": len(cuts),
        "p99_elsewhere_m_s": elsewhere,
        "p99_of_fastest_joint_elsewhere_m_s": float(np.percentile(speed[~near], 99)),
        "worst_ratio_3_frames": float(at_cut.max() / elsewhere),
        "worst_ratio_15_frames": float(per_cut.max() / elsewhere),
        "over_1.5": int((per_cut > 1.5 * elsewhere).sum()),
        "raw_jump_ratio": float(joint_speed(raw_root(raw), raw.quats.astype(float)).max() / elsewhere),
    }


def raw_slice(raw: RawMotion, begin: int, end: int) -> RawMotion:
    return RawMotion(*(getattr(raw, f)[begin:end] for f in RawMotion.__dataclass_fields__))


def raw_root(raw: RawMotion) -> Array:
    return np.stack([0 * raw.height_m, raw.height_m, 0 * raw.height_m], axis=1).astype(np.float64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=40)
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.glob("*.npz"))
    paths = paths[:: max(1, len(paths) // arguments.limit)]
    json.dump({"clips": measure_clips(paths), "switches": measure_switches(paths)}, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
