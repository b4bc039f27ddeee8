"""Blender, which we did not write, reads our glTF as an armature with a body on it that dances."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import JOINT_NAMES
from megadance_live.output.take.glb import write_glb
from megadance_live.output.take.track import Motion
from tests.output.take.takes import swaying_quats, wild_motion

BLENDER = shutil.which("blender")
SCRIPT = Path(__file__).with_name("blender_read_glb.py")


@pytest.mark.skipif(BLENDER is None, reason="blender is not installed")
def test_blender_finds_every_joint_within_a_millimetre_and_a_body_that_follows(tmp_path: Path) -> None:
    wild = wild_motion(30)
    dance = np.stack([swaying_quats(k / 30) for k in range(60)]).astype(np.float64)
    walk = np.stack([np.linspace(-2, 2, 60), np.full(60, 0.95), np.linspace(0, 3, 60)], axis=-1)
    motion = Motion(30, np.concatenate([wild.root_m, walk]), np.concatenate([wild.quats, dance]))
    write_glb(tmp_path / "take.glb", motion)
    command = [BLENDER, "--background", "--factory-startup", "--python-exit-code", "1", "--python-use-system-env"]
    done = subprocess.run(
        [*command, "--python", str(SCRIPT), "--", str(tmp_path / "take.glb"), str(tmp_path / "found.json")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(np.__file__).parent.parent)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    if not found["numpy"]:
        pytest.skip("this build of Blender cannot load numpy, which its glTF importer needs")
    joints = np.array([[frame[name] for name in JOINT_NAMES] for frame in found["frames"]])
    x, y, z = np.moveaxis(np.asarray(forward(motion.root_m, motion.quats)[0]), -1, 0)
    ours = np.stack([x, -z, y], axis=-1)  # Blender stands Z up
    assert joints.shape == ours.shape
    assert np.abs(joints - ours).max() < 1e-3
    assert found["groups"] == list(JOINT_NAMES)
    assert found["modifiers"] == ["ARMATURE"]
    corners = np.array(found["corners"])  # the skin reaches a little further than the joints, and nowhere else
    assert (corners[:, 0] <= ours.min(axis=1) + 1e-3).all()
    assert (corners[:, 1] >= ours.max(axis=1) - 1e-3).all()
    assert np.abs(corners - np.stack([ours.min(axis=1), ours.max(axis=1)], axis=1)).max() < 0.2
