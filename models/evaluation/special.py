"""Pieces that ask for something special: a jump of tempo, silence, all genres in a row, many minutes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from megadance_live.core.dancer import Dancer
from megadance_live.core.motion import FRAME_RATE_HZ
from models.data.grid import BEATS_PER_BAR
from models.evaluation.genre_net import GenreNet
from models.evaluation.programme import (
    USUAL_BPM,
    Danced,
    Perform,
    Piece,
    Request,
    motion_between,
    request_for,
    steady_beats,
)
from models.evaluation.response import SilenceResponse, TempoResponse, silence_response, tempo_response
from models.evaluation.switching import SWITCH_BARS, Switches, switches

TEMPI_BPM = (100.0, 125.0)
JUMP_BEAT = 36
BEATS_AFTER = 32
SILENCE_S = 8.0
RESPONDING = ("la_hiphop", "krump", "popping", "middle_hiphop")
"""Genres whose real dancers are most on the beat: what answers late there, answers late everywhere."""


@dataclass(frozen=True)
class Walk:
    """All genres in a row."""

    request: Request
    genres: tuple[str, ...]
    frames: tuple[float, ...]  # of the measured stretch, where each begins

    def measured(self, danced: Danced, net: GenreNet) -> Switches:
        times = self.request.start_s + np.arange(self.request.frames) / FRAME_RATE_HZ
        return switches(motion_between(danced, times, "", self.genres[0]), self.genres, self.frames, net)


def response_pieces(experts: Sequence[str]) -> list[Piece]:
    """Music that jumps from one tempo to another and then stops, heard through the whole chain."""
    genres = [genre for genre in RESPONDING if genre in experts] or list(experts[:2])
    before, after = (60.0 / bpm for bpm in TEMPI_BPM)
    beats = np.concatenate([np.arange(JUMP_BEAT) * before, JUMP_BEAT * before + np.arange(BEATS_AFTER + 40) * after])
    ends = float(beats[JUMP_BEAT + BEATS_AFTER])
    return [
        Piece(genre, beats, ends + SILENCE_S, ((0, genre),), seed, (ends, ends + SILENCE_S), tracked=True)
        for seed, genre in enumerate(genres)
    ]


def respond(
    dancer: Dancer, perform: Perform, advance: Callable[[float], None]
) -> tuple[TempoResponse, SilenceResponse]:
    """Dances all of them, and measures both."""
    dances = []
    pieces = response_pieces(dancer.experts)
    for piece in pieces:
        times = np.arange(0.0, piece.duration_s, 1.0 / FRAME_RATE_HZ)
        beats = piece.beats_s[piece.beats_s <= _last_sound_s(piece)] * FRAME_RATE_HZ
        dances.append(motion_between(perform(dancer, piece), times, "", piece.style, beats))
        advance(piece.duration_s)
    sounding = int(_last_sound_s(pieces[0]) * FRAME_RATE_HZ)
    jumps = [float(piece.beats_s[JUMP_BEAT]) * FRAME_RATE_HZ for piece in pieces]
    tempo = tempo_response([dance.cut(0, sounding) for dance in dances], jumps, 60.0 / TEMPI_BPM[1])
    return tempo, silence_response(dances, sounding)


def walk(experts: Sequence[str], seed: int) -> Walk:
    """Every genre for a few bars, in an order that the seed draws, to one piece of music."""
    genres = tuple(experts[i] for i in np.random.default_rng(seed).permutation(len(experts)))
    bar_s = BEATS_PER_BAR * 60.0 / USUAL_BPM
    seconds = (len(genres) + 1) * SWITCH_BARS * bar_s
    begins = tuple((1 + i) * SWITCH_BARS for i in range(len(genres)))
    voices = ((0, genres[0]), *((bar, genre) for bar, genre in zip(begins[1:], genres[1:], strict=True)))
    piece = Piece("freestyle", steady_beats(USUAL_BPM, seconds + 1.0), seconds + 1.0, voices, seed)
    request = Request("walk", genres[0], piece, 0.0, int(seconds * FRAME_RATE_HZ), True)
    return Walk(request, genres, tuple(bar * bar_s * FRAME_RATE_HZ for bar in begins))


def long_request(genre: str, minutes: float) -> Request:
    """Many minutes of one genre."""
    return request_for(genre, 60.0 * minutes, seed=0)


def _last_sound_s(piece: Piece) -> float:
    assert piece.silence_s is not None
    return piece.silence_s[0]
