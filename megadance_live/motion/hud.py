"""What stands around the drawn dancer: lamps for the beats, bar and beat, tempo, who dances, how far the bar is."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.motion import PoseFrame

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Color = tuple[int, int, int]

PALETTE: tuple[Color, ...] = (
    (255, 107, 94), (62, 198, 224), (255, 184, 64), (154, 123, 255), (62, 220, 151), (240, 98, 192),
    (182, 227, 84), (90, 155, 255), (255, 142, 72), (98, 226, 210), (222, 130, 255), (255, 214, 110), (255, 96, 134),
)  # fmt: skip
_INK: Color = (235, 235, 235)
_DIM: Color = (120, 122, 128)
_UNLIT: Color = (70, 72, 80)
_DOWNBEAT: Color = (255, 255, 255)


def color_of(expert: str, experts: Sequence[str]) -> Color:
    """Each expert's own; one that is not in the list is the first's."""
    return PALETTE[experts.index(expert) % len(PALETTE)] if expert in experts else PALETTE[0]


def mixed(a: Color, b: Color, share: float) -> Color:
    """From a (0) to b (1), and on."""
    red, green, blue = (min(255, max(0, round(x + share * (y - x)))) for x, y in zip(a, b, strict=True))
    return red, green, blue


def draw_hud(picture: "Image", pose: PoseFrame, clock: BarClock | None, caption: str | None, color: Color) -> None:
    """A `caption` in place of all else; without a clock only the expert's name."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(picture)
    unit = picture.height / 36
    if caption is not None:
        draw.text((unit * 0.8, unit * 0.6), caption, font=_font(round(unit * 2.2)), fill=_INK)
        draw.rectangle((0, picture.height - unit * 0.4, picture.width, picture.height), fill=color)
        return
    draw.text((unit * 1.6, unit * 1.1), pose.expert.replace("_", " "), font=_font(round(unit * 2)), fill=color)
    if clock is not None:
        beats = (pose.bars - int(pose.bars // 1)) * clock.beats_per_bar
        _draw_counters(draw, picture.width, unit, pose, clock, int(beats))
        _draw_lamps(draw, picture.size, unit, clock, beats, color)


def _draw_counters(draw: "ImageDraw", width: int, unit: float, pose: PoseFrame, clock: BarClock, beat: int) -> None:
    place = f"{int(pose.bars // 1) + 1}.{min(beat, clock.beats_per_bar - 1) + 1}"
    tempo = f"{clock.tempo_bpm:.1f} bpm   {clock.state}"
    draw.text((width - unit * 1.6, unit * 0.9), place, font=_font(round(unit * 2.6)), fill=_INK, anchor="ra")
    draw.text((unit * 1.6, unit * 3.7), tempo, font=_font(round(unit * 0.95)), fill=_DIM)


def _draw_lamps(
    draw: "ImageDraw", size: tuple[int, int], unit: float, clock: BarClock, beats: float, color: Color
) -> None:
    """A block for each beat, alight when it sounds and fading until the next; under them the line of the bar."""
    count = clock.beats_per_bar
    block, gap = unit * 2.6, unit * 0.5
    left = (size[0] - count * block - (count - 1) * gap) / 2
    top = size[1] - unit * 2.7
    for i in range(count):
        now = int(beats) == i
        lit = mixed(color, _DOWNBEAT, 0.85) if i == 0 else color
        shade = mixed(_UNLIT, lit, 1.0 - 0.75 * (beats - i)) if now else _UNLIT
        x = left + i * (block + gap)
        rise = unit * 0.35 if i == 0 else 0.0
        draw.rounded_rectangle((x, top - rise, x + block, top + unit * 1.1), unit * 0.22, fill=shade)
    line, width = size[1] - unit * 0.85, count * (block + gap) - gap
    draw.rectangle((left, line, left + width, line + unit * 0.16), fill=_UNLIT)
    draw.rectangle((left, line, left + width * beats / count, line + unit * 0.16), fill=color)


@functools.lru_cache(maxsize=16)
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(max(size, 8))
