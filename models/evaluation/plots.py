"""The plots of an evaluation, drawn with Pillow: measures by genre, speed on the beat, confusions, responses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    BaseFont = FreeTypeFont | ImageFont

F64 = npt.NDArray[np.float64]
Color = tuple[int, int, int]

COLORS: tuple[Color, ...] = ((84, 84, 84), (0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0))
"""Okabe and Ito's, which most colour-blind people tell apart; the first is for real dances."""
_INK: Color = (30, 30, 30)
_RULE: Color = (214, 214, 214)
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 62, 74


@dataclass(frozen=True)
class Axes:
    """Where data lie in the picture."""

    x: tuple[float, float]
    y: tuple[float, float]
    size: tuple[int, int]

    def at(self, x: float, y: float) -> tuple[float, float]:
        width, height = self.size[0] - _LEFT - _RIGHT, self.size[1] - _TOP - _BOTTOM
        across = (x - self.x[0]) / max(self.x[1] - self.x[0], 1e-9)
        up = (y - self.y[0]) / max(self.y[1] - self.y[0], 1e-9)
        return _LEFT + across * width, self.size[1] - _BOTTOM - up * height


def bars(path: Path, title: str, groups: Sequence[str], series: Mapping[str, Sequence[float]]) -> None:
    """A group of bars for each of `groups`; what is not finite is left out. Raises OSError."""
    values = [v for row in series.values() for v in row if np.isfinite(v)]
    picture, draw, axes = _empty(title, (0.0, float(len(groups))), (0.0, max([*values, 1e-9]) * 1.08), series)
    width = 0.8 / max(len(series), 1)
    for number, row in enumerate(series.values()):
        for group, value in enumerate(row):
            if np.isfinite(value):
                left, top = axes.at(group + 0.1 + number * width, value)
                right, floor = axes.at(group + 0.1 + (number + 1) * width, 0.0)
                draw.rectangle((left, min(top, floor), right - 1, floor), fill=COLORS[number % len(COLORS)])
    for group, name in enumerate(groups):
        x, y = axes.at(group + 0.5, axes.y[0])
        draw.text((x, y + 6 + 13 * (group % 2)), name.replace("_", " "), fill=_INK, font=_font(12), anchor="ma")
    picture.save(path, "PNG")


def lines(
    path: Path,
    title: str,
    series: Mapping[str, tuple[F64, F64]],
    label: str,
    marks: Sequence[float] = (),
) -> None:
    """A line (x, y) for each series; `marks` are upright rules. Raises OSError."""
    xs = np.concatenate([x for x, _ in series.values()]) if series else np.zeros(1)
    ys = np.concatenate([y[np.isfinite(y)] for _, y in series.values()]) if series else np.zeros(1)
    reach = (float(min([xs.min(), *marks])), float(max([xs.max(), *marks])))
    picture, draw, axes = _empty(title, reach, (min(0.0, float(ys.min())), float(ys.max()) * 1.08), series)
    for mark in marks:
        draw.line((axes.at(mark, axes.y[0]), axes.at(mark, axes.y[1])), fill=_INK, width=1)
    for number, (x, y) in enumerate(series.values()):
        points = [axes.at(float(a), float(b)) for a, b in zip(x, y, strict=True)]
        draw.line(points, fill=COLORS[number % len(COLORS)], width=2, joint="curve")
    for tick in ticks(*reach):
        place = axes.at(tick, axes.y[0])
        draw.text((place[0], place[1] + 6), f"{tick:g}", fill=_INK, font=_font(12), anchor="ma")
    draw.text((picture.width / 2, picture.height - 24), label, fill=_INK, font=_font(13), anchor="ma")
    picture.save(path, "PNG")


def confusion(path: Path, title: str, rows: Sequence[str], columns: Sequence[str], counts: F64) -> None:
    """Shares of each row [rows, columns]. Raises OSError."""
    from PIL import Image, ImageDraw

    cell, left, top = 58, 130, 96
    size = (left + cell * len(columns) + 20, top + cell * len(rows) + 20)
    picture = Image.new("RGB", size, (255, 255, 255))
    draw = ImageDraw.Draw(picture)
    draw.text((14, 12), title, fill=_INK, font=_font(17))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for j, name in enumerate(columns):
        place = (left + (j + 0.5) * cell, top - 22 - 16 * (j % 2))
        draw.text(place, name.replace("_", " ")[:14], fill=_INK, font=_font(11), anchor="ma")
    for i, name in enumerate(rows):
        draw.text((left - 8, top + (i + 0.5) * cell), name.replace("_", " "), fill=_INK, font=_font(12), anchor="rm")
        for j in range(len(columns)):
            share = float(shares[i, j])
            shade = tuple(round(255 - share * (255 - c)) for c in COLORS[1])
            box = (left + j * cell, top + i * cell, left + (j + 1) * cell - 2, top + (i + 1) * cell - 2)
            draw.rectangle(box, fill=shade)
            if share >= 0.005:
                ink = (255, 255, 255) if share > 0.5 else _INK
                middle = (left + (j + 0.5) * cell, top + (i + 0.5) * cell)
                draw.text(middle, f"{share:.2f}", fill=ink, font=_font(13), anchor="mm")
    picture.save(path, "PNG")


def ticks(low: float, high: float) -> list[float]:
    """Four to ten round numbers from low to high."""
    rough = max(high - low, 1e-9) / 4.0
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(power * max(factor for factor in (1.0, 2.0, 5.0) if factor * power <= rough * (1 + 1e-9)))
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [round(float(number) * step, 9) + 0.0 for number in np.arange(first, last + 1)]


def _empty(
    title: str, x: tuple[float, float], y: tuple[float, float], series: Mapping[str, object]
) -> tuple["Image", "ImageDraw", Axes]:
    """Title, legend, and rules with their numbers."""
    from PIL import Image, ImageDraw

    size = (960, 420)
    picture = Image.new("RGB", size, (255, 255, 255))
    draw = ImageDraw.Draw(picture)
    axes = Axes(x, y, size)
    draw.text((14, 10), title, fill=_INK, font=_font(17))
    at = 16.0
    for number, name in enumerate(series):
        draw.rectangle((at, 38, at + 12, 50), fill=COLORS[number % len(COLORS)])
        draw.text((at + 18, 44), name, fill=_INK, font=_font(13), anchor="lm")
        at += 40 + float(draw.textlength(name, font=_font(13)))
    for level in ticks(*y):
        left, right = axes.at(x[0], level), axes.at(x[1], level)
        draw.line((left, right), fill=_RULE, width=1)
        draw.text((left[0] - 8, left[1]), f"{level:g}", fill=_INK, font=_font(12), anchor="rm")
    return picture, draw, axes


def _font(size: int) -> "BaseFont":
    from PIL.ImageFont import load_default

    return load_default(size)
