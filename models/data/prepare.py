"""From a folder of clips to prepared data: the bar grid, mirrored copies, and music rendered on every clip's beats.

Rendering, reading and hearing music is not this package's business: the caller hands it in (`Compose`, `Hear`,
`Recordings`), so that training hears what the stage hears.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core.conditioning import HEARING_DELAY_HOPS, phase_of
from megadance_live.core.errors import AudioSourceError, DataError
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.music_frame import FEATURE_COUNT
from models.data.beats import beats_from_motion
from models.data.clips import Clip, Music, Skipped
from models.data.grid import BEATS_PER_BAR, GridClip, on_grid, sample_motion
from models.data.music_beats import bar_grid
from models.data.prepared import PreparedClip, discard, file_name, standing_of
from models.data.report import Beats, Facts
from models.data.sources.folders import list_clips, nothing_usable, read_clips
from models.data.sources.source import Listing
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
class Recordings:
    """How music that lies with the data is had."""

    read: Callable[[Path, int, float], F32]
    """(path, rate Hz, speed) -> samples [n, channels] of it played so many times as fast. Raises AudioSourceError."""
    follow: Callable[[F32, int], tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]]
    """(samples, rate Hz) -> the times of the beats heard in them, s, and the number of each in its bar."""


@dataclass(frozen=True)
class Progress:
    """One step of a preparation: `done` of `total` clips; `skipped` when this one could not be used, else `facts`."""

    done: int
    total: int
    name: str
    skipped: Skipped | None = None
    facts: Facts | None = None


def prepare(
    source: Path | Listing,
    target: Path,
    compose: Compose,
    hear: Hear,
    *,
    recordings: Recordings | None = None,
    renders: int = 2,
    tempos: int = 2,
    seed: int = 0,
) -> Iterator[Progress]:
    """Prepares every clip of `source` into `target`, one Progress each; clips already there are kept, so that an
    interrupted run goes on where it was, but for those of another version, which are prepared again.

    A training clip is prepared at its own tempo and at `tempos` others. Raises DataError where nothing can be used."""
    listing = list_clips(source) if isinstance(source, Path) else source
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{target} cannot be written ({error.strerror}); name another folder.") from error
    left_out: list[Skipped] = []
    for done, clip in enumerate(read_clips(listing), 1):
        step = Progress(done, len(listing), clip.name)
        try:
            if isinstance(clip, Clip):
                facts = _prepared(clip, target, compose, hear, recordings, renders, tempos, seed)
                yield replace(step, facts=facts)
                continue
            skipped = clip
        except DataError as error:
            skipped = Skipped(clip.name, str(error))
        discard(target, clip.name)
        left_out.append(skipped)
        yield replace(step, skipped=skipped)
    if len(left_out) == len(listing):
        raise nothing_usable(listing.folder, left_out)


def _prepared(
    clip: Clip,
    target: Path,
    compose: Compose,
    hear: Hear,
    recordings: Recordings | None,
    renders: int,
    tempos: int,
    seed: int,
) -> Facts:
    """Prepares a clip at all its tempi, where it does not lie there already as it is now. Raises DataError for one
    that cannot be laid on a bar grid."""
    known = clip.beat_frames is not None
    files = {file_name(clip.name, tempo): tempo for tempo in tempos_of(clip, tempos, seed)}
    standing = [standing_of(target / file) for file in files]
    wanted = (clip.genre, clip.split, clip.music is not None and recordings is not None)
    if all(one is not None and (one.genre, one.split, one.own_music) == wanted for one in standing):
        return _facts(clip, known, heard=all(one is not None and one.beats_known for one in standing))
    clip = with_beats_of_its_music(clip, recordings)
    for tempo in files.values():
        rng = np.random.default_rng([seed, round(1000 * tempo), *clip.name.encode()])
        prepare_clip(clip, tempo, compose, hear, renders, rng, recordings).save(target)
    discard(target, clip.name, files)
    return _facts(clip, known, heard=clip.beat_frames is not None)


def _facts(clip: Clip, known: bool, heard: bool) -> Facts:
    """Of a clip whose beats were known from the first, or have been heard in its music."""
    warnings = clip.warnings
    if clip.music is not None and not heard:
        warnings += ("has music whose beats cannot be followed, so that they are guessed from the motion",)
    beats: Beats = "known" if known else "heard" if heard else "guessed"
    return Facts(clip.genre, clip.split, len(clip) / FRAME_RATE_HZ, beats, clip.music is not None, warnings)


def with_beats_of_its_music(clip: Clip, recordings: Recordings | None) -> Clip:
    """The clip with the beats that are heard in its music, where none are known; without music where that cannot be
    read, which its warnings then tell."""
    if clip.music is None or recordings is None:
        return replace(clip, music=None)
    try:
        samples = recordings.read(clip.music.path, MUSIC_RATE_HZ, 1.0)
    except AudioSourceError as error:
        return replace(clip, music=None).warned(f"has music that cannot be read, so that music is composed ({error})")
    if clip.beat_frames is not None:
        return clip
    beats_s = bar_grid(*recordings.follow(samples, MUSIC_RATE_HZ))
    if beats_s is not None:
        frames = ((beats_s - clip.music.start_s) * FRAME_RATE_HZ).astype(np.float32)
        # A downbeat that precedes the clip tells where its bars are as well as one within it.
        bars_before = max(0, int(np.searchsorted(frames, 0.0, "right")) - 1) // BEATS_PER_BAR
        frames = frames[bars_before * BEATS_PER_BAR :]
        frames = frames[frames < len(clip)]
        if len(frames) >= BEATS_PER_BAR:
            return replace(clip, beat_frames=frames)
    return clip


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
    clip: Clip,
    tempo: float,
    compose: Compose,
    hear: Hear,
    renders: int,
    rng: np.random.Generator,
    recordings: Recordings | None = None,
) -> PreparedClip:
    """One clip on the bar grid at a tempo, danced and mirrored, with `renders` pieces of music as the ear hears
    them: its own first, where it has any, and at another tempo that played faster or slower, as a turntable does."""
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
    own = own_music(clip.music, tempo, recordings) if clip.music and recordings else None
    heard, features = _heard_music(clip.genre, grid, beats, compose, hear, renders, rng, own)
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
        own_music=own is not None,
    )


def own_music(music: Music, tempo: float, recordings: Recordings) -> Callable[[float, float], F32]:
    """A function of (how long before the clip to begin, s, how long to go on, s) that gives samples of a recording
    played `tempo` times as fast; silence where there is no recording."""
    samples = recordings.read(music.path, MUSIC_RATE_HZ, tempo)

    def played(before_s: float, duration_s: float) -> F32:
        first = round((music.start_s / tempo - before_s) * MUSIC_RATE_HZ)
        count = round(duration_s * MUSIC_RATE_HZ)
        part = np.zeros((count, samples.shape[1]), np.float32)
        begin, end = max(0, first), min(len(samples), first + count)
        if begin < end:
            part[begin - first : end - first] = samples[begin:end]
        return part

    return played


def _heard_music(
    genre: str,
    grid: GridClip,
    beat_frames: F32,
    compose: Compose,
    hear: Hear,
    renders: int,
    rng: np.random.Generator,
    own: Callable[[float, float], F32] | None,
) -> tuple[npt.NDArray[np.int64], F32]:
    """How many hops each token [n] has heard, and features [renders, hops, FEATURE_COUNT] of music that begins a few
    bars before the clip; the first is the clip's `own`."""
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
    for render in range(renders):
        if own is not None and render == 0:
            samples = own(offset, end_s + offset)
        else:
            samples = compose(genre, music_beats + offset, rng, MUSIC_RATE_HZ, end_s + offset)
        gain = np.float32(10 ** (rng.uniform(-24.0, 0.0) / 20))
        rendered.append(hear(samples * gain, MUSIC_RATE_HZ, music_beats + offset, BEATS_PER_BAR))
    hops = min((len(features) for features in rendered), default=1)
    heard = np.floor((grid.start_s + offset) * FRAME_RATE_HZ).astype(np.int64) - HEARING_DELAY_HOPS
    features = np.zeros((renders, hops, FEATURE_COUNT), np.float32)
    for render, row in enumerate(rendered):
        features[render] = row[:hops]
    return np.clip(heard, 1, hops), features
