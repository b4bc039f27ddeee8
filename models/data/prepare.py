"""From a folder of clips to prepared data: the bar grid, mirrored copies, and music rendered on every clip's beats.

Rendering and hearing music is not this package's business: the caller hands both in (`Compose`, `Hear`), so that
training hears what the stage hears.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core.conditioning import HEARING_DELAY_HOPS, phase_of
from megadance_live.core.errors import DataError
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.music_frame import FEATURE_COUNT
from models.data.beats import beats_from_motion
from models.data.clips import Clip, Skipped
from models.data.grid import BEATS_PER_BAR, GridClip, on_grid, sample_motion
from models.data.prepared import PreparedClip, file_name, is_prepared
from models.data.sources.folders import load_clips
from models.data.travel import least_sliding
from models.representation import channels_of, mirror

F32 = npt.NDArray[np.float32]

MUSIC_RATE_HZ = 15_360

Compose = Callable[[str, npt.NDArray[np.float64], np.random.Generator, int, float], F32]
"""(genre, beat times s, generator, rate Hz, duration s) -> stereo samples [n, 2]."""

Hear = Callable[[F32, int, npt.NDArray[np.float64], int], F32]
"""(samples [n, channels], rate Hz, beat times s, beats to a bar) -> features [frames, FEATURE_COUNT]."""

SLOWER = (0.84, 0.96)
FASTER = (1.04, 1.2)
"""Tempi, of its own, at which a clip is danced too: a body moves as well a little slower or faster."""
_PREROLL_BARS = 2
_ESTIMATED_TRAVEL_TRUST = 0.6


@dataclass(frozen=True)
class Progress:
    """One step of a preparation: `done` of `total` clips; `skipped` when this one could not be used."""

    done: int
    total: int
    name: str
    skipped: Skipped | None = None


def prepare(
    source: Path,
    target: Path,
    compose: Compose,
    hear: Hear,
    *,
    renders: int = 2,
    tempos: int = 2,
    seed: int = 0,
) -> Iterator[Progress]:
    """Prepares every clip of `source` into `target`, one Progress each; clips already there are kept, so that an
    interrupted run goes on where it was, but for those of another version, which are prepared again.

    A training clip is prepared at its own tempo and at `tempos` others."""
    clips, skipped = load_clips(source)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{target} cannot be written ({error.strerror}); name another folder.") from error
    total = len(clips) + len(skipped)
    for done, problem in enumerate(skipped, 1):
        yield Progress(done, total, problem.name, problem)
    for done, clip in enumerate(clips, len(skipped) + 1):
        for tempo in tempos_of(clip, tempos, seed):
            if not is_prepared(target / file_name(clip.name, tempo)):
                rng = np.random.default_rng([seed, round(1000 * tempo), *clip.name.encode()])
                prepare_clip(clip, tempo, compose, hear, renders, rng).save(target)
        yield Progress(done, total, clip.name)


def tempos_of(clip: Clip, others: int, seed: int) -> list[float]:
    """Its own tempo (1), and for a training clip `others` spread over SLOWER and FASTER, in whole per cents."""
    if clip.split != "train":
        return [1.0]
    slower, faster = np.log(SLOWER), np.log(FASTER)
    edges = np.linspace(slower[0] - slower[1], faster[1] - faster[0], others + 1)
    drawn = np.random.default_rng([seed, *clip.name.encode()]).uniform(edges[:-1], edges[1:])
    drawn += np.where(drawn < 0, slower[1], faster[0])
    return sorted({1.0, *(round(float(np.exp(tempo)), 2) for tempo in drawn)})


def prepare_clip(
    clip: Clip, tempo: float, compose: Compose, hear: Hear, renders: int, rng: np.random.Generator
) -> PreparedClip:
    """One clip on the bar grid at a tempo, danced and mirrored, with `renders` pieces of music as the ear hears
    them."""
    root_m = clip.root_m if clip.travel_trusted else least_sliding(clip.root_m, clip.quats)
    beats = clip.beat_frames if clip.beat_frames is not None else beats_from_motion(root_m, clip.quats)
    root_m, quats = sample_motion(root_m, clip.quats, np.arange(0, len(clip) - 1, tempo, dtype=np.float32))
    beats = (beats / np.float32(tempo)).astype(np.float32)
    grid = on_grid(root_m, quats, beats)
    sides = [channels_of(grid.root_m, grid.quats), channels_of(*mirror(grid.root_m, grid.quats))]
    phase = [
        phase_of(int(slot), int(slots), BEATS_PER_BAR, float(bar_s), 1.0, False)
        for slot, slots, bar_s in zip(grid.slot, grid.slots, grid.bar_s, strict=True)
    ]
    heard, features = _heard_music(clip.genre, grid, beats, compose, hear, renders, rng)
    return PreparedClip(
        name=clip.name,
        genre=clip.genre,
        split=clip.split,
        tempo=tempo,
        upper=np.stack([side.upper for side in sides]),
        lower=np.stack([side.lower for side in sides]),
        features=features,
        heard=heard,
        phase=np.stack(phase),
        travel=1.0 if clip.travel_trusted else _ESTIMATED_TRAVEL_TRUST,
        beats_known=clip.beat_frames is not None,
    )


def _heard_music(
    genre: str,
    grid: GridClip,
    beat_frames: F32,
    compose: Compose,
    hear: Hear,
    renders: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int64], F32]:
    """How many hops each token [n] has heard, and features [renders, hops, FEATURE_COUNT] of music that begins a few
    bars before the clip."""
    beats_s = beat_frames.astype(np.float64) / FRAME_RATE_HZ
    first, last = beats_s[1] - beats_s[0], beats_s[-1] - beats_s[-2]
    # Whole bars before the clip's first downbeat, so that beat 0 of the music is a downbeat and precedes the clip.
    lead = BEATS_PER_BAR * (_PREROLL_BARS + int(np.ceil(max(beats_s[0], 0.0) / (BEATS_PER_BAR * first))))
    end_s = float(grid.start_s[-1]) + 1.0
    tail = max(0, int(np.ceil((end_s - beats_s[-1]) / last))) + 1
    music_beats = np.concatenate(
        [beats_s[0] - first * np.arange(lead, 0, -1), beats_s, beats_s[-1] + last * np.arange(1, tail + 1)]
    )
    offset = -music_beats[0]
    rendered = []
    for _ in range(renders):
        samples = compose(genre, music_beats + offset, rng, MUSIC_RATE_HZ, end_s + offset)
        gain = np.float32(10 ** (rng.uniform(-24.0, 0.0) / 20))
        rendered.append(hear(samples * gain, MUSIC_RATE_HZ, music_beats + offset, BEATS_PER_BAR))
    hops = min((len(features) for features in rendered), default=1)
    heard = np.floor((grid.start_s + offset) * FRAME_RATE_HZ).astype(np.int64) - HEARING_DELAY_HOPS
    features = np.zeros((renders, hops, FEATURE_COUNT), np.float32)
    for render, row in enumerate(rendered):
        features[render] = row[:hops]
    return np.clip(heard, 1, hops), features
