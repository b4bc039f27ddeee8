"""Takes to record in tests, and readers of their files that share nothing with the writers."""

import json
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.motion import PoseFrame
from megadance_live.output.take.recorder import TakeRecorder
from megadance_live.output.take.track import Motion

RATE_HZ = 8000


def wild_quats(count: int, seed: int = 0) -> np.ndarray:
    """[count, 24, 4] rotations of every size, the half turn and the quarter turn about X among them."""
    rng = np.random.default_rng(seed)
    quats = quaternion.normalise(rng.normal(size=(count, 24, 4)))
    quats[0] = [0, 0, 0, 1]
    quats[1] = [1, 0, 0, 0]
    quats[2] = [np.sqrt(0.5), 0, 0, np.sqrt(0.5)]
    quats[3, :, :] = quaternion.normalise(np.array([0.5, 0.5, 0.5, 0.5]) + 1e-9)
    return quats


def wild_motion(count: int = 20, fps: int = 30, seed: int = 0) -> Motion:
    root_m = np.random.default_rng(seed + 1).uniform(-3, 3, (count, 3))
    return Motion(fps, root_m, wild_quats(count, seed))


def swaying_quats(time_s: float) -> np.ndarray:
    """[24, 4] a smooth dance."""
    joints = np.arange(24)
    axis = np.stack([np.sin(joints), np.cos(joints), np.sin(2 * joints + 1)], axis=-1)
    angle = 0.6 * np.sin(2 * np.pi * time_s + joints)
    return quaternion.from_axis_angle((axis * angle[:, None]).astype(np.float32))


def pose(time_s: float, expert: str = "break", height_m: float | None = None) -> PoseFrame:
    y = 0.95 + 0.05 * np.sin(2 * np.pi * time_s) if height_m is None else height_m
    return PoseFrame(
        time_s=time_s,
        bars=time_s / 2,
        root_m=np.array([0.3 * time_s, y, -0.1], np.float32),
        quats=swaying_quats(time_s),
        contacts=np.ones(4, np.float32),
        expert=expert,
    )


def block(index: int, frames: int = 800, rate_hz: int = RATE_HZ, channels: int = 2, **flags: bool) -> AudioBlock:
    """A ramp by which every sample tells its place: sample i is i / 2**23 (mod 1), exact in 24 bits."""
    ramp = ((index + np.arange(frames)) % 2**22) / 2**23
    return AudioBlock(
        np.repeat(ramp[:, None], channels, 1).astype(np.float32), rate_hz, index, index / rate_hz, **flags
    )


def record(recorder: TakeRecorder, duration_s: float = 3.0, start_s: float = 0.0) -> None:
    """Audio, poses and events of a plain show, as a Session would give them."""
    frames = RATE_HZ // 10
    for k in range(round(duration_s * 10)):
        now = start_s + k * 0.1
        recorder.audio(block(round(now * RATE_HZ), frames))
        for i in range(3):
            recorder.pose(pose(now + 0.1 + i / 30, "break" if now < start_s + 2 else "waack"))
        if k % 5 == 0:
            recorder.event("beat", now, beat=k // 5 % 4 + 1, bar=k // 20 + 1)
    recorder.event("marker", start_s + 1.25, text="drop")


def abandon(recorder: TakeRecorder) -> None:
    """Leave the take as a killed process does: its files closed by the system, nothing finished."""
    assert recorder._spool is not None
    assert recorder._lock is not None
    recorder._spool.close()
    recorder._lock.release()


def sidecar_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / f"{folder.name}.json").read_text(encoding="utf-8")))


def matrix_of(axis_angle: np.ndarray) -> np.ndarray:
    """Rodrigues' formula, [..., 3] to [..., 3, 3]."""
    angle = np.linalg.norm(axis_angle, axis=-1)[..., None, None]
    x, y, z = np.moveaxis(axis_angle, -1, 0)
    zero = np.zeros_like(x)
    k = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).reshape(*x.shape, 3, 3)
    k = k / np.where(angle == 0, 1, angle)
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k)


def smpl_joints(poses: np.ndarray, trans: np.ndarray, rest: np.ndarray, parents: tuple[int, ...]) -> np.ndarray:
    """World joints [n, j, 3] of the SMPL body model: it turns about its rest joints [j, 3], then adds trans."""
    local = matrix_of(poses.reshape(len(poses), -1, 3)[:, : len(rest)])
    world = [local[:, 0]]
    joints = [np.repeat(rest[None, 0], len(poses), 0)]
    for j in range(1, len(rest)):
        parent = parents[j]
        joints.append(joints[parent] + np.einsum("nij,j->ni", world[parent], rest[j] - rest[parent]))
        world.append(world[parent] @ local[:, j])
    return np.stack(joints, 1) + trans[:, None]


def load_aist(path: Path) -> dict[str, np.ndarray]:
    """As AIST++'s own loader does."""
    with path.open("rb") as file:
        return dict(pickle.load(file))


@dataclass(frozen=True)
class Bvh:
    names: list[str]
    joints_cm: np.ndarray  # [n, joints, 3] world
    frame_s: float
    angles_deg: np.ndarray  # [n, joints, 3] in the order of the file


def _turn(axis: str, degrees: float) -> np.ndarray:
    a, b = {"X": (1, 2), "Y": (2, 0), "Z": (0, 1)}[axis]
    m = np.eye(3)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    m[a, a], m[b, b], m[a, b], m[b, a] = c, c, -s, s
    return m


def load_bvh(path: Path) -> Bvh:
    """A small reader: tokens of the hierarchy, then one matrix after the other as the channels say."""
    head, motion = path.read_text(encoding="ascii").split("MOTION\n")
    tokens = iter(head.split())
    names: list[str] = []
    offsets: dict[str, list[float]] = {}
    channels: dict[str, list[str]] = {}
    parent: dict[str, str | None] = {}
    stack: list[str | None] = [None]
    name = ""
    for token in tokens:
        if token in ("ROOT", "JOINT"):
            name = next(tokens)
            names.append(name)
            parent[name] = stack[-1]
        elif token == "End":
            name = next(tokens) + name
        elif token == "{":
            stack.append(name)
        elif token == "}":
            stack.pop()
        elif token == "OFFSET":
            offsets[name] = [float(next(tokens)) for _ in range(3)]
        elif token == "CHANNELS":
            channels[name] = [next(tokens) for _ in range(int(next(tokens)))]
    lines = motion.splitlines()
    rows = np.array([[float(v) for v in line.split()] for line in lines[2:]])
    assert len(rows) == int(lines[0].split()[-1])
    joints, angles = np.zeros((len(rows), len(names), 3)), np.zeros((len(rows), len(names), 3))
    for n, row in enumerate(rows):
        values = iter(row)
        world: dict[str | None, tuple[np.ndarray, np.ndarray]] = {None: (np.eye(3), np.zeros(3))}
        for j, name in enumerate(names):
            place, local, turns = np.array(offsets[name]), np.eye(3), []
            for channel in channels[name]:
                value = next(values)
                if channel.endswith("position"):
                    place["XYZ".index(channel[0])] += value
                else:
                    local = local @ _turn(channel[0], value)
                    turns.append(value)
            rotation, origin = world[parent[name]]
            world[name] = (rotation @ local, origin + rotation @ place)
            joints[n, j], angles[n, j] = world[name][1], turns
    return Bvh(names, joints, float(lines[1].split()[-1]), angles)
