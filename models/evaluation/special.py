"""Pieces that ask for something special: a jump of tempo, silence, all genres in a row, many minutes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from megadance_live.core.dancer import Dancer
from megadance_live.core.motion import FRAME_RATE_HZ
from models.data.grid import BEATS_PER_BAR
from models.evaluation.genre_net import GenreNet
from models.evaluation.motion import Motion
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
SETTLING_BARS = 4
JUMP_BEAT = 36
BEATS_AFTER = 32
SILENCE_S = 8.0
RESPONDING = ("la_hiphop", "krump", "popping", "middle_hiphop")
"""Genres whose real dancers are most on the beat: what answers late there, answers late everywhere."""
RESPONSE_SEEDS = 2


@dataclass(frozen=True)
class Walk:
    """All genres in a row."""

    request: Request
    genres: tuple[str, ...]
    frames: tuple[float, ...]  # where the bars of each begin that are measured
    length: float  # of these bars, in frames

    def measured(self, danced: Danced, net: GenreNet) -> Switches:
        times = self.request.start_s + np.arange(self.request.frames) / FRAME_RATE_HZ
        motion = motion_between(danced, times, "", self.genres[0])
        return switches(motion, self.genres, self.frames, self.length, net)


def response_pieces(experts: Sequence[str]) -> list[Piece]:
    """Music that jumps from one tempo to another and then stops, heard through the whole chain."""
    before, after = (60.0 / bpm for bpm in TEMPI_BPM)
    beats = np.concatenate([np.arange(JUMP_BEAT) * before, JUMP_BEAT * before + np.arange(BEATS_AFTER + 40) * after])
    ends = float(beats[JUMP_BEAT + BEATS_AFTER])
    return [
        Piece(genre, beats, ends + SILENCE_S, ((0, genre),), seed, (ends, ends + SILENCE_S), tracked=True)
        for seed, genre in _responding(experts)
    ]


def settled_pieces(experts: Sequence[str]) -> list[Piece]:
    """Music that has the later tempo all the time, as long."""
    duration_s = (JUMP_BEAT + BEATS_AFTER) * 60.0 / TEMPI_BPM[1]
    beats = steady_beats(TEMPI_BPM[1], duration_s)
    return [Piece(genre, beats, duration_s, ((0, genre),), seed, tracked=True) for seed, genre in _responding(experts)]


def _responding(experts: Sequence[str]) -> list[tuple[int, str]]:
    """Seeds and genres."""
    genres = [genre for genre in RESPONDING if genre in experts] or list(experts[:2])
    return list(enumerate(genres * RESPONSE_SEEDS))


def respond(
    dancer: Dancer, perform: Perform, advance: Callable[[float], None]
) -> tuple[TempoResponse, SilenceResponse]:
    """Dances all of them, and measures both."""

    def danced(piece: Piece) -> Motion:
        times = np.arange(0.0, piece.duration_s, 1.0 / FRAME_RATE_HZ)
        sounding_s = piece.duration_s if piece.silence_s is None else piece.silence_s[0]
        beats = piece.beats_s[piece.beats_s <= sounding_s] * FRAME_RATE_HZ
        made = motion_between(perform(dancer, piece), times, "", piece.style, beats)
        advance(piece.duration_s)
        return made

    pieces = response_pieces(dancer.experts)
    dances, settled = [danced(piece) for piece in pieces], [danced(piece) for piece in settled_pieces(dancer.experts)]
    sounding = int(_last_sound_s(pieces[0]) * FRAME_RATE_HZ)
    jumps = [float(piece.beats_s[JUMP_BEAT]) * FRAME_RATE_HZ for piece in pieces]
    tempo = tempo_response([dance.cut(0, sounding) for dance in dances], jumps, settled, 60.0 / TEMPI_BPM[1])
    return tempo, silence_response(dances, sounding)


def walk(experts: Sequence[str], seed: int, settling_bars: int = 0) -> Walk:
    """Every genre for SWITCH_BARS, in an order that the seed draws, to one piece of music; each may first be danced for
    `settling_bars` that are not measured."""
    genres = tuple(experts[i] for i in np.random.default_rng(seed).permutation(len(experts)))
    bar_s = BEATS_PER_BAR * 60.0 / USUAL_BPM
    bars = settling_bars + SWITCH_BARS
    seconds = (1 + len(genres)) * bars * bar_s
    begins = tuple((1 + i) * bars for i in range(len(genres)))
    voices = ((0, genres[0]), *((bar, genre) for bar, genre in zip(begins[1:], genres[1:], strict=True)))
    piece = Piece("freestyle", steady_beats(USUAL_BPM, seconds + 1.0), seconds + 1.0, voices, seed)
    request = Request("walk", genres[0], piece, 0.0, int(seconds * FRAME_RATE_HZ), True)
    bar_frames = bar_s * FRAME_RATE_HZ
    return Walk(request, genres, tuple((b + settling_bars) * bar_frames for b in begins), SWITCH_BARS * bar_frames)


def long_request(genre: str, minutes: float, seed: int) -> Request:
    """Many minutes of one genre."""
    return request_for(genre, 60.0 * minutes, seed)


def _last_sound_s(piece: Piece) -> float:
    assert piece.silence_s is not None
    return piece.silence_s[0]
