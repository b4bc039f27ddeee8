"""Blender, which we did not write, reads our BVH and finds our joints."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import JOINT_NAMES
from megadance_live.output.take.bvh import write_bvh
from megadance_live.output.take.track import Motion
from tests.output.take.takes import swaying_quats, wild_motion

BLENDER = shutil.which("blender")
SCRIPT = Path(__file__).with_name("blender_read_bvh.py")


@pytest.mark.skipif(BLENDER is None, reason="blender is not installed")
def test_blender_finds_every_joint_within_a_millimetre(tmp_path: Path) -> None:
    wild = wild_motion(30)
    dance = np.stack([swaying_quats(k / 30) for k in range(60)]).astype(np.float64)
    walk = np.stack([np.linspace(-2, 2, 60), np.full(60, 0.95), np.linspace(0, 3, 60)], axis=-1)
    motion = Motion(30, np.concatenate([wild.root_m, walk]), np.concatenate([wild.quats, dance]))
    write_bvh(tmp_path / "take.bvh", motion)
    command = [BLENDER, "--background", "--factory-startup", "--python-exit-code", "1", "--python", str(SCRIPT)]
    done = subprocess.run(
        [*command, "--", str(tmp_path / "take.bvh"), str(tmp_path / "joints.json")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    read = json.loads((tmp_path / "joints.json").read_text(encoding="utf-8"))
    joints = np.array([[frame[name] for name in JOINT_NAMES] for frame in read["frames"]])
    x, y, z = np.moveaxis(np.asarray(forward(motion.root_m, motion.quats)[0]), -1, 0)
    ours = np.stack([x, -z, y], axis=-1)  # Blender stands Z up
    assert joints.shape == ours.shape
    assert np.abs(joints - ours).max() < 1e-3
    assert read["fps"] == pytest.approx(30, abs=0.01)
