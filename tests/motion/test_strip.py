from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from megadance_live.core import quaternion
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.core.skeleton import JOINT_COUNT, STANDING_PELVIS_M
from megadance_live.motion.strip import CELL, PLOT_HEIGHT, Row, draw_strip, speeds_of


def row(title: str, beats: int, speed_m_s: float) -> Row:
    frames = beats * 15
    quats = np.asarray(quaternion.identity(JOINT_COUNT), np.float32)
    poses = tuple(
        PoseFrame(
            i / 30, 0.0, np.array([speed_m_s * i / 30, STANDING_PELVIS_M, 0], np.float32), quats, np.zeros(4), "house"
        )
        for i in range(frames)
    )
    return Row(title, poses, np.arange(-30.0, frames + 30.0, 15.0))


def test_the_speed_of_somebody_who_glides_is_that_of_all_joints() -> None:
    np.testing.assert_allclose(speeds_of(row("made", 2, 0.6).poses), 0.6, rtol=1e-4)


def test_a_picture_has_a_row_for_each_dance_and_a_column_for_each_beat(tmp_path: Path) -> None:
    draw_strip(tmp_path / "deep" / "house.png", [row("real", 4, 0.5), row("made", 4, 0.2)], ("house", "krump"))
    with Image.open(tmp_path / "deep" / "house.png") as picture:
        assert picture.width > 4 * CELL[0]
        assert picture.width < 5 * CELL[0]
        assert picture.height > 2 * CELL[1] + PLOT_HEIGHT
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    # Somebody is drawn in every cell: it is not the empty stage.
    cells = [pixels[4 : CELL[1], 4 + c * (CELL[0] + 4) :][:, : CELL[0]] for c in range(4)]
    assert all(cell.std() > 5 for cell in cells)


def test_a_picture_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TakeError, match="cannot be written"):
        draw_strip(tmp_path / "file" / "house.png", [row("made", 2, 0.1)], ("house",))
