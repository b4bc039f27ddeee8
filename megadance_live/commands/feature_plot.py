"""The features of a recording as a picture: one lane below the other, time to the right, beats and bars as lines."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import (
    BREAK,
    BUILD,
    CHROMA,
    DROP,
    ENERGY_BAR,
    ENERGY_BEAT,
    ENERGY_PHRASE,
    FRAME_RATE_HZ,
    HAT,
    HIGH,
    KICK,
    LOUDNESS,
    LOW,
    MFCC,
    MID,
    ONSET,
    SNARE,
)

if TYPE_CHECKING:
    from PIL.Image import Image

    from megadance_live.music.track import TrackedBeat

F32 = npt.NDArray[np.float32]

_LANES: tuple[tuple[str, int, float], ...] = (
    ("onset", ONSET, 3.0), ("kick", KICK, 1.0), ("snare", SNARE, 1.0), ("hat", HAT, 1.0), ("loudness", LOUDNESS, 1.0),
    ("low", LOW, 1.0), ("mid", MID, 1.0), ("high", HIGH, 1.0), ("energy, beat", ENERGY_BEAT, 1.0),
    ("energy, bar", ENERGY_BAR, 1.0), ("energy, phrase", ENERGY_PHRASE, 1.0), ("build", BUILD, 1.0),
    ("drop", DROP, 1.0), ("break", BREAK, 1.0),
)  # fmt: skip
"""Name, column and the value at the top of the lane."""
_LEFT, _WIDTH, _LANE, _MAP, _FOOT = 110, 1_490, 44, 72, 24
_INK, _BAR, _WORDS, _PAPER = (52, 92, 158), (214, 214, 214), (40, 40, 40), (255, 255, 255)


def drawn(features: F32, beats: "Sequence[TrackedBeat]") -> "Image":
    """Of features [n, FEATURE_COUNT]: every lane, then MFCC and chroma as maps, over a scale in seconds."""
    from PIL import Image, ImageDraw

    height = len(_LANES) * _LANE + 2 * _MAP + _FOOT
    image = Image.new("RGB", (_LEFT + _WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(image)
    length_s = max(len(features), 1) / FRAME_RATE_HZ
    for beat in beats:
        if beat.beat_in_bar == 1:
            x = _LEFT + beat.time_s / length_s * _WIDTH
            draw.line((x, 0, x, height - _FOOT), fill=_BAR)
    edges = np.linspace(0, len(features), _WIDTH + 1).astype(int)
    columns = [slice(first, max(first + 1, last)) for first, last in pairwise(edges)]
    for lane, (name, column, top) in enumerate(_LANES):
        foot = (lane + 1) * _LANE - 3
        draw.text((4, foot - _LANE // 2 - 5), name, fill=_WORDS)
        draw.line((_LEFT, foot, _LEFT + _WIDTH, foot), fill=_BAR)
        for x, part in enumerate(columns):
            value = float(features[part, column].max(initial=0.0))
            if value > 0:
                draw.line((_LEFT + x, foot, _LEFT + x, foot - value / top * (_LANE - 8)), fill=_INK)
    top_px = len(_LANES) * _LANE
    for name, rows, lowest, highest in (("MFCC", MFCC, -3.0, 3.0), ("chroma", CHROMA, 0.0, 1.0)):
        draw.text((4, top_px + _MAP // 2 - 5), name, fill=_WORDS)
        grey = 255 * (1 - (features[:, rows].T[::-1] - lowest) / (highest - lowest))
        if len(features):
            strip = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
            image.paste(strip.resize((_WIDTH, _MAP - 4)), (_LEFT, top_px + 2))
        top_px += _MAP
    step_s = next((step for step in (1, 2, 5, 10, 20, 30, 60, 120, 300) if length_s / step <= 16), 600)
    for at_s in range(0, int(length_s) + 1, step_s):
        x = _LEFT + at_s / length_s * _WIDTH
        draw.line((x, top_px, x, top_px + 5), fill=_WORDS)
        draw.text((x + 3, top_px + 6), f"{at_s} s", fill=_WORDS)
    return image
