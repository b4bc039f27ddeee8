"""From motion as a file holds it to a clip: checked, at 30 frames per second, on the floor, without idle ends."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics
from megadance_live.core.errors import DataError
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.skeleton import ANKLE_FLOOR_M, JOINT_COUNT, LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT
from models.data.clips import MIN_SECONDS, Clip, Music
from models.data.grid import BEATS_PER_BAR, sample_motion

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

LOWEST_FPS, HIGHEST_FPS = 20.0, 1000.0
_SEVERAL_TIMES = 1e-3

_FLOOR_PERCENTILE = 5.0
"""Of the height of the lower foot over time: toes sink a little into what is taken as the floor when they roll."""

STILL_M_PER_S = 0.05
STILL_S = 4.0
"""Less speed than that, for as long as that, is standing about and no dance."""
_JUMP_M_PER_S = 12.0
"""No pelvis is that fast; a capture that lost its dancer is."""
_SLOPE_DEG = 5.0
_SLOPE_SPREAD_M = 0.4


@dataclass(frozen=True)
class Captured:
    """Motion of the SMPL skeleton, Y up, at the rate of its file."""

    fps: float
    root_m: F64  # [T, 3] pelvis
    quats: F64  # [T, 24, 4] local, xyzw


def need_finite(*numbers: F64) -> None:
    """Raises DataError for NaN and infinity, before anything is computed from them."""
    if not all(np.isfinite(part).all() for part in numbers):
        raise DataError("it holds numbers that are not finite")


def check(captured: Captured) -> None:
    """Raises DataError for motion that is of no use."""
    frames = len(captured.quats)
    if captured.quats.shape != (frames, JOINT_COUNT, 4) or captured.root_m.shape != (frames, 3):
        raise DataError(
            f"its joints and its place do not fit together ({captured.quats.shape}, {captured.root_m.shape})"
        )
    if frames == 0:
        raise DataError("it holds no frames")
    if not LOWEST_FPS <= captured.fps <= HIGHEST_FPS:
        raise DataError(f"it runs at {captured.fps:g} frames per second, expected {LOWEST_FPS:g} to {HIGHEST_FPS:g}")
    if (frames - 1) / captured.fps < MIN_SECONDS - 1 / FRAME_RATE_HZ:
        raise DataError(f"it is shorter than {MIN_SECONDS} s")
    need_finite(captured.root_m, captured.quats)


def shape(
    captured: Captured,
    *,
    name: str,
    genre: str,
    split: str,
    bpm: float | None = None,
    music: Music | None = None,
    head_s: float = 0.0,
) -> Clip:
    """A clip of captured motion, less `head_s` at its beginning; where `bpm` is known, the first frame of all is a
    downbeat. Raises DataError."""
    check(captured)
    root_m, quats = at_frame_rate(captured)
    warnings = []
    if captured.fps < FRAME_RATE_HZ - _SEVERAL_TIMES:
        warnings.append(f"was captured at {captured.fps:g} frames per second only; the frames between are interpolated")
    joints, _ = kinematics.forward(root_m, quats)
    root_m = root_m - np.array([0.0, floor_of(joints), 0.0], np.float32)
    beats = None
    if bpm is not None:
        beats = np.arange(0, len(quats), 60.0 * FRAME_RATE_HZ / bpm, dtype=np.float64).astype(np.float32)
    clip = cut(Clip(name, genre, split, root_m, quats, beats, True, music), round(head_s * FRAME_RATE_HZ), len(quats))
    if len(clip) < MIN_SECONDS * FRAME_RATE_HZ:
        raise DataError(f"it is shorter than {MIN_SECONDS} s without its beginning")
    clip, trimmed = without_idle_ends(clip)
    warnings += [*trimmed, *oddities(clip)]
    return replace(clip, warnings=tuple(warnings))


def at_frame_rate(captured: Captured) -> tuple[F32, F32]:
    """At 30 frames per second, between frames by linear and spherical interpolation."""
    step = captured.fps / FRAME_RATE_HZ
    if abs(step - round(step)) < _SEVERAL_TIMES:
        step = float(round(step))
    root_m, quats = captured.root_m.astype(np.float32), captured.quats.astype(np.float32)
    frames = np.arange(0, len(quats) - 1 + 1e-6, step, dtype=np.float64)
    return sample_motion(root_m, quats, frames)


def floor_of(joints: F32) -> float:
    """Height of the floor, from joints [T, 24, 3]: where the feet rest most."""
    feet = np.concatenate(
        [joints[:, (LEFT_FOOT, RIGHT_FOOT), 1], joints[:, (LEFT_ANKLE, RIGHT_ANKLE), 1] - ANKLE_FLOOR_M], axis=1
    )
    return float(np.percentile(feet.min(axis=1), _FLOOR_PERCENTILE))


def cut(clip: Clip, first: int, last: int) -> Clip:
    """Frames first..last (exclusive) of a clip; its first beat stays a downbeat, and its music in step."""
    beats = clip.beat_frames
    if beats is not None:
        bars = int(np.ceil(np.searchsorted(beats, first) / BEATS_PER_BAR))
        beats = beats[BEATS_PER_BAR * bars :] - np.float32(first)
        beats = beats[beats < last - first]
        if len(beats) < 2:
            beats = None
    music = clip.music and replace(clip.music, start_s=clip.music.start_s + first / FRAME_RATE_HZ)
    return replace(clip, root_m=clip.root_m[first:last], quats=clip.quats[first:last], beat_frames=beats, music=music)


def without_idle_ends(clip: Clip) -> tuple[Clip, list[str]]:
    """The clip without standing about at its ends, and what was taken away in words. Raises DataError where nothing
    else is left."""
    joints, _ = kinematics.forward(clip.root_m, clip.quats)
    moving = np.flatnonzero(~_still(joints))
    if not len(moving):
        raise DataError("nobody moves in it")
    first, last = int(moving[0]), int(moving[-1]) + 2
    said = []
    long = STILL_S * FRAME_RATE_HZ
    first = first if first >= long else 0
    last = last if len(clip) - last >= long else len(clip)
    if first:
        said.append(f"stands still for the first {first / FRAME_RATE_HZ:.1f} s, which were cut off")
    if last < len(clip):
        said.append(f"stands still for the last {(len(clip) - last) / FRAME_RATE_HZ:.1f} s, which were cut off")
    if last - first < MIN_SECONDS * FRAME_RATE_HZ:
        raise DataError(f"it is shorter than {MIN_SECONDS} s without standing still")
    return (cut(clip, first, last) if said else clip), said


def oddities(clip: Clip) -> list[str]:
    """What a person should look at: long stretches without motion, jumps, a floor that slopes."""
    joints, _ = kinematics.forward(clip.root_m, clip.quats)
    said = []
    still = _stretches(_still(joints), STILL_S * FRAME_RATE_HZ)
    if still:
        total_s = sum(end - start for start, end in still) / FRAME_RATE_HZ
        said.append(f"stands still for {total_s:.1f} s, first at {still[0][0] / FRAME_RATE_HZ:.1f} s")
    steps = np.linalg.norm(np.diff(clip.root_m, axis=0), axis=-1) * FRAME_RATE_HZ
    jumps = np.flatnonzero(steps > _JUMP_M_PER_S)
    if len(jumps):
        said.append(f"jumps {len(jumps)} times faster than anybody can, first at {jumps[0] / FRAME_RATE_HZ:.1f} s")
    slope = _slope_deg(joints)
    if slope > _SLOPE_DEG:
        said.append(f"stands on a floor that slopes by {slope:.0f} degrees")
    return said


def _still(joints: F32) -> npt.NDArray[np.bool_]:
    """Of each step [T - 1], whether the body as a whole moves less than STILL_M_PER_S, about a second around it."""
    speed = np.linalg.norm(np.diff(joints, axis=0), axis=-1).mean(axis=1) * FRAME_RATE_HZ
    width = min(FRAME_RATE_HZ, len(speed))
    padded = np.pad(speed, (width // 2, width - 1 - width // 2), mode="edge")
    return np.asarray(np.convolve(padded, np.full(width, 1 / width), mode="valid") < STILL_M_PER_S)


def _stretches(which: npt.NDArray[np.bool_], at_least: float) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], which, [False]]).astype(int)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= at_least]


def _slope_deg(joints: F32) -> float:
    """Of the plane through the places where toes rest; 0 where these lie too close together to tell."""
    toes = joints[:, (LEFT_FOOT, RIGHT_FOOT)]
    step = np.linalg.norm(np.diff(toes, axis=0), axis=-1) * FRAME_RATE_HZ
    lower = toes[1:, :, 1] <= toes[1:, :, 1].min(axis=1, keepdims=True) + 0.02
    resting = toes[1:][(step < 0.2) & lower]
    if len(resting) < 2 * FRAME_RATE_HZ:
        return 0.0
    flat = resting - resting.mean(axis=0)
    spread = np.linalg.svd(flat[:, [0, 2]], full_matrices=False, compute_uv=False) / np.sqrt(len(flat))
    if spread[-1] < _SLOPE_SPREAD_M:
        return 0.0
    slopes, *_ = np.linalg.lstsq(flat[:, [0, 2]], flat[:, 1], rcond=None)
    return float(np.degrees(np.arctan(np.linalg.norm(slopes))))
