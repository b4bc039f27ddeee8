"""Contact sheets: a dance at a glance, one picture for each beat."""

import math
from collections.abc import Sequence
from pathlib import Path

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.motion.camera import BACKGROUND
from megadance_live.motion.draw import Painter
from megadance_live.motion.settle import Settle

CELL = (240, 320)
MAX_CELLS = 64
_GAP = 4


class ContactSheet:
    """A png with a picture for the first pose of each beat, bar by bar; `strip` makes it one row.

    Where there are more than 64 beats, every second, fourth ... is shown; those of a strip stop at 16.
    """

    def __init__(self, path: Path, *, experts: Sequence[str] = (), strip: bool = False) -> None:
        self._path, self._strip = path, strip
        self._painter = Painter(experts, *CELL, follow=True)
        self._settle = Settle()
        self._cells: list[tuple[PoseFrame, int]] = []  # with the beats of its bar
        self._beat: int | None = None
        self._closed = False

    def pose(self, pose: PoseFrame, clock: BarClock) -> None:
        """The next pose; it may still replace later ones."""
        for shown in self._settle.add(pose, clock):
            self._take(*shown)

    def close(self) -> None:
        """Draw the sheet. Raises TakeError where it cannot be written."""
        if self._closed:
            return
        self._closed = True
        for shown in self._settle.rest():
            self._take(*shown)
        self._write()

    def _take(self, pose: PoseFrame, clock: BarClock) -> None:
        beat = _beat_of(pose, clock.beats_per_bar)
        if beat != self._beat:
            self._beat = beat
            self._cells.append((pose, clock.beats_per_bar))

    def _write(self) -> None:
        from PIL import Image

        limit = 16 if self._strip else MAX_CELLS
        stride = 1
        while len(self._cells) > stride * limit:
            stride *= 2
        # Counted from bar 1, so that a bar line that moved early on does not leave the sheet between the bars.
        cells = [cell for cell in self._cells if _beat_of(*cell) % stride == 0] or self._cells[::stride]
        per_bar = cells[0][1] if cells else 4
        columns = len(cells) if self._strip else max(per_bar, 8 // per_bar * per_bar)
        columns = max(1, min(columns, len(cells)))
        rows = max(1, math.ceil(len(cells) / columns))
        width, height = CELL[0] + _GAP, CELL[1] + _GAP
        sheet = Image.new("RGB", (columns * width + _GAP, rows * height + _GAP), BACKGROUND)
        for i, (pose, beats) in enumerate(cells):
            picture = self._painter.paint(pose, caption=_caption(pose, beats))
            sheet.paste(picture, (_GAP + i % columns * width, _GAP + i // columns * height))
        try:
            sheet.save(self._path, "PNG")
        except OSError as error:
            raise TakeError(f"{self._path} cannot be written ({error.strerror}); choose another place.") from error


def _beat_of(pose: PoseFrame, beats_per_bar: int) -> int:
    """Counted from the first of bar 1. A hair early is on the beat: a bar line may come out as 2.9999999."""
    return math.floor(pose.bars * beats_per_bar + 1e-6)


def _caption(pose: PoseFrame, beats_per_bar: int) -> str:
    bar, beat = divmod(_beat_of(pose, beats_per_bar), beats_per_bar)
    return f"{bar + 1}.{beat + 1}  {pose.expert.replace('_', ' ')}"
