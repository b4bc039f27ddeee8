"""Two dances to the same beats, side by side: a row of poses for each, one pose a beat, and their speeds below."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.motion.camera import BACKGROUND
from megadance_live.motion.draw import Painter

if TYPE_CHECKING:
    from PIL.Image import Image

CELL = (180, 240)
PLOT_HEIGHT = 220
MOST_BEATS = 12
_GAP = 4
_INKS = ((214, 205, 196), (255, 138, 76))
_RULE = (70, 72, 80)
_FRAME_HZ = 30.0


@dataclass(frozen=True)
class Row:
    """One dance at 30 frames per second; `beat_frames` are those of the music."""

    title: str
    poses: tuple[PoseFrame, ...]
    beat_frames: npt.NDArray[np.float64]


def draw_strip(path: Path, rows: Sequence[Row], experts: Sequence[str]) -> None:
    """A png. Raises TakeError where it cannot be written."""
    from PIL import Image

    painter = Painter(experts, *CELL, follow=True)
    columns = min(MOST_BEATS, max(len(_on_beats(row)) for row in rows))
    width = columns * (CELL[0] + _GAP) + _GAP
    height = len(rows) * (CELL[1] + _GAP) + _GAP + PLOT_HEIGHT
    sheet = Image.new("RGB", (width, height), BACKGROUND)
    for number, row in enumerate(rows):
        for column, frame in enumerate(_on_beats(row)[:columns]):
            caption = f"{column // 4 + 1}.{column % 4 + 1}  {row.title}"
            picture = painter.paint(row.poses[frame], caption=caption)
            sheet.paste(picture, (_GAP + column * (CELL[0] + _GAP), _GAP + number * (CELL[1] + _GAP)))
    _draw_speeds(sheet, rows, columns, height - PLOT_HEIGHT)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(path, "PNG")
    except OSError as error:
        raise TakeError(f"{path} cannot be written ({error.strerror}); choose another place.") from error


def speeds_of(poses: Sequence[PoseFrame]) -> npt.NDArray[np.float64]:
    """Mean speed of the joints between each pose and the next, m/s."""
    root, quats = np.stack([pose.root_m for pose in poses]), np.stack([pose.quats for pose in poses])
    joints, _ = kinematics.forward(root.astype(np.float64), quats.astype(np.float64))
    return np.asarray(np.linalg.norm(np.diff(joints, axis=0), axis=-1).mean(axis=1) * _FRAME_HZ, np.float64)


def _on_beats(row: Row) -> list[int]:
    """The frames nearest to the beats."""
    inside = row.beat_frames[(row.beat_frames >= 0) & (row.beat_frames <= len(row.poses) - 1)]
    return [round(float(frame)) for frame in inside]


def _draw_speeds(sheet: "Image", rows: Sequence[Row], columns: int, top: int) -> None:
    """Speed over time, drawn so that each beat stands below the left edge of its picture."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(sheet)
    speeds = [speeds_of(row.poses) for row in rows]
    highest = max(float(speed.max(initial=1e-6)) for speed in speeds)
    floor, room = sheet.height - 26, PLOT_HEIGHT - 56
    for column in range(columns):
        x = _GAP + column * (CELL[0] + _GAP)
        draw.line((x, top + 10, x, floor), fill=_RULE, width=1 if column % 4 else 3)
    for row, speed, ink in zip(rows, speeds, _INKS, strict=False):
        beats = row.beat_frames
        first = int(np.searchsorted(beats, 0.0))
        place = np.interp(np.arange(len(speed)) + 0.5, beats, np.arange(len(beats)) - first, left=-1.0, right=1e6)
        points = [
            (_GAP + float(at) * (CELL[0] + _GAP), floor - float(value) / highest * room)
            for at, value in zip(place, speed, strict=True)
            if 0 <= at <= columns
        ]
        if len(points) > 1:
            draw.line(points, fill=ink, width=2, joint="curve")
    for number, (row, ink) in enumerate(zip(rows, _INKS, strict=False)):
        draw.text((_GAP + 8 + 200 * number, sheet.height - 20), f"{row.title}: mean joint speed", fill=ink)
    draw.text((sheet.width - 120, top + 8), f"{highest:.2f} m/s", fill=_INKS[0])
