"""What is danced for the evaluation: music on the beats of real clips, and pieces that ask for something special.

Composing, hearing and the stage are not this package's business: the caller hands in `Perform`, so that what is
measured is what is seen live.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from megadance_live.core.dancer import Dancer
from megadance_live.core.motion import FRAME_RATE_HZ, TOKEN_FRAMES
from models.data.beats import beats_from_motion
from models.data.clips import Clip
from models.data.grid import BEATS_PER_BAR, sample_motion
from models.evaluation.motion import Motion, motion_from

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

PREROLL_BARS = 2
"""The dancer begins this many bars before he is measured."""
_AFTER_S = 1.0
USUAL_BPM = 110.0
BPM = {
    "salsa": 95.0, "house": 124.0, "krump": 100.0, "popping": 100.0, "waacking": 118.0, "breaking": 108.0,
    "locking": 105.0, "la_hiphop": 96.0, "middle_hiphop": 96.0, "ballet_jazz": 112.0, "ballet_modern": 88.0,
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """Music in the style of a genre, and who dances to it. Times from its start; beat 0 is a downbeat."""

    style: str
    beats_s: F64
    duration_s: float
    voices: tuple[tuple[int, str], ...]  # from which bar on, which expert
    seed: int
    silence_s: tuple[float, float] | None = None
    tracked: bool = False
    """The tracker finds the beat by ear, as on stage; otherwise the clock is that of the known beats."""


@dataclass(frozen=True)
class Danced:
    """The poses [n] that the audience saw; `compute_s` of CPU went into them."""

    times_s: F64
    root_m: F32  # [n, 3]
    quats: F32  # [n, 24, 4]
    compute_s: float


class Perform(Protocol):
    """Composes the piece, hears it and dances to it, all as live."""

    def __call__(self, dancer: Dancer, piece: Piece, /) -> Danced: ...


@dataclass(frozen=True)
class Request:
    """A piece, and the stretch of it that is measured."""

    name: str
    genre: str
    piece: Piece
    start_s: float
    frames: int
    beats_known: bool


def steady_beats(bpm: float, duration_s: float) -> F64:
    """From 0 to past the end."""
    return np.asarray(np.arange(int(np.ceil(duration_s * bpm / 60.0)) + 2) * 60.0 / bpm, np.float64)


def request_like(clip: Clip, seed: int) -> Request:
    """Music on the beats of a real clip (those of its motion where they are not known), as long as the clip."""
    frames = clip.beat_frames if clip.beat_frames is not None else beats_from_motion(clip.root_m, clip.quats)
    beats = frames.astype(np.float64) / FRAME_RATE_HZ
    first, last = beats[1] - beats[0], beats[-1] - beats[-2]
    lead = BEATS_PER_BAR * (PREROLL_BARS + int(np.ceil(max(beats[0], 0.0) / (BEATS_PER_BAR * first))))
    end_s = len(clip) / FRAME_RATE_HZ + _AFTER_S
    tail = max(0, int(np.ceil((end_s - beats[-1]) / last))) + 1
    before, after = beats[0] - first * np.arange(lead, 0, -1), beats[-1] + last * np.arange(1, tail + 1)
    start_s = -float(before[0])
    piece = Piece(
        clip.genre, np.concatenate([before, beats, after]) + start_s, start_s + end_s, ((0, clip.genre),), seed
    )
    return Request(clip.name, clip.genre, piece, start_s, len(clip), clip.beat_frames is not None)


def request_for(genre: str, seconds: float, seed: int) -> Request:
    """Music at a usual tempo of the genre, where there is no clip to dance beside."""
    bpm = BPM.get(genre, USUAL_BPM)
    start_s = PREROLL_BARS * BEATS_PER_BAR * 60.0 / bpm
    duration_s = start_s + seconds + _AFTER_S
    piece = Piece(genre, steady_beats(bpm, duration_s), duration_s, ((0, genre),), seed)
    return Request(f"{genre} {seed}", genre, piece, start_s, int(seconds * FRAME_RATE_HZ), True)


def motion_of_request(request: Request, danced: Danced) -> Motion:
    """The measured stretch at 30 frames per second."""
    times = request.start_s + np.arange(request.frames) / FRAME_RATE_HZ
    beats = (request.piece.beats_s - request.start_s) * FRAME_RATE_HZ if request.beats_known else None
    return motion_between(danced, times, request.name, request.genre, beats)


def motion_between(danced: Danced, times_s: F64, name: str, genre: str, beat_frames: F64 | None = None) -> Motion:
    """The dance at given times."""
    index = np.interp(times_s, danced.times_s, np.arange(len(danced.times_s)))
    root, quats = sample_motion(danced.root_m, danced.quats, index.astype(np.float32))
    return motion_from(name, genre, root, quats, beat_frames)


def token_frames(danced: Danced, start_s: float) -> Motion:
    """The dance as it came, frame by frame from the first token at `start_s` or later: every fourth begins a token."""
    first = int(np.searchsorted(danced.times_s, start_s))
    first += -first % TOKEN_FRAMES
    return motion_from("", "", danced.root_m[first:], danced.quats[first:])


def only_known(requests: Iterable[Request], experts: tuple[str, ...]) -> list[Request]:
    """Those whose genre the model dances."""
    return [request for request in requests if request.genre in experts]
