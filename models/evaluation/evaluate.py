"""Runs every measure over models, beside the real clips of a data folder where there is one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from megadance_live.core.dancer import Dancer
from megadance_live.core.errors import DataError
from megadance_live.core.motion import FRAME_RATE_HZ
from models.data.beats import beats_from_motion
from models.data.clips import Skipped
from models.data.grid import on_grid
from models.evaluation.cost import step_cost
from models.evaluation.drift import drift
from models.evaluation.genre_net import GenreNet
from models.evaluation.genre_training import measure_classifier
from models.evaluation.measures import Subject, measures
from models.evaluation.motion import Motion, motion_from
from models.evaluation.programme import (
    Danced,
    Perform,
    Request,
    motion_of_request,
    request_for,
    request_like,
    token_frames,
)
from models.evaluation.real import RealClip, load_real
from models.evaluation.reconstruction import codebook_use, rebuild
from models.evaluation.results import REAL, Evaluation, ModelResult, TokenizerScores
from models.evaluation.scores import Scores, score
from models.evaluation.special import (
    SETTLING_BARS,
    Walk,
    long_request,
    respond,
    response_pieces,
    settled_pieces,
    walk,
)
from models.streaming import StreamingDancer
from models.windowed import WindowedDancer

Advance = Callable[[float], None]
"""Told how many seconds of dance have been made since the last call."""


@dataclass(frozen=True)
class Plan:
    """What is asked for. `seconds` of dance for each genre where there are no clips; `minutes` of long dances in every
    genre (0: none), one for each of `seeds`."""

    split: str = "test"
    seeds: int = 2
    seconds: float = 20.0
    minutes: float = 0.0


@dataclass(frozen=True)
class Material:
    """What models dance to: one list of requests for each seed, and the real clips that they are like (or none)."""

    takes: tuple[tuple[Request, ...], ...]
    clips: tuple[RealClip, ...]
    others: tuple[RealClip, ...]
    left_out: tuple[Skipped, ...]


def gather(data: Path | None, plan: Plan, dancers: Sequence[Dancer]) -> Material:
    """Reads the clips. Raises DataError where none can be used."""
    experts = set.intersection(*(set(dancer.experts) for dancer in dancers))
    if data is None:
        genres = sorted(experts)
        takes = tuple(tuple(request_for(genre, plan.seconds, seed) for genre in genres) for seed in range(plan.seeds))
        return Material(takes, (), (), ())
    real, skipped = load_real(data)
    asked = [one for one in real if plan.split in ("all", one.split)]
    if not asked:
        raise DataError(f"{data} holds no clips of the split {plan.split!r}; choose another with --split.")
    clips = tuple(one for one in asked if one.motion.genre in experts)
    if not clips:
        raise DataError(f"{data} holds no clips of genres that the model dances; name another folder.")
    unknown = [
        Skipped(one.clip.name, f"no expert for {one.clip.genre}") for one in asked if one.motion.genre not in experts
    ]
    others = tuple(one for one in real if one.split == "train") if plan.split == "test" else ()
    takes = tuple(tuple(request_like(one.clip, seed) for one in clips) for seed in range(plan.seeds))
    return Material(takes, clips, others, (*skipped, *unknown))


def seconds_of(material: Material, plan: Plan, dancers: Sequence[Dancer]) -> float:
    """How much dance will be made."""
    each = sum(request.piece.duration_s for take in material.takes for request in take)
    special = sum(
        sum(piece.duration_s for piece in (*response_pieces(dancer.experts), *settled_pieces(dancer.experts)))
        + sum(one.request.piece.duration_s for part in _walks(dancer, plan) for one in part)
        + sum(one.piece.duration_s for part in _long(dancer, plan) for one in part)
        for dancer in dancers
    )
    return each * len(dancers) + special


def evaluate(
    dancers: Sequence[tuple[str, Dancer]],
    material: Material,
    plan: Plan,
    perform: Perform,
    net: GenreNet,
    advance: Advance = lambda seconds: None,
) -> Evaluation:
    """Every model on the same material."""
    real = tuple(score(one.motion, net, _grid_of(one)) for one in material.clips)
    others = [score(one.motion, net) for one in material.others]
    requests = material.takes[0]
    return Evaluation(
        split=plan.split if material.clips else "",
        clips=len(requests),
        seconds=sum(request.frames for request in requests) / FRAME_RATE_HZ,
        seeds=plan.seeds,
        measures=measures(real or None, others),
        real=Subject(REAL, (real,)) if real else None,
        models=tuple(_model(name, dancer, material, plan, perform, net, advance) for name, dancer in dancers),
        classifier=measure_classifier(net, [one.motion for one in material.clips]),
        genres=net.config.genres,
        left_out=material.left_out,
    )


def _model(
    name: str,
    dancer: Dancer,
    material: Material,
    plan: Plan,
    perform: Perform,
    net: GenreNet,
    advance: Advance,
) -> ModelResult:
    spent: list[Danced] = []

    def danced(request: Request) -> Danced:
        made = perform(dancer, request.piece)
        advance(request.piece.duration_s)
        return made

    def scored(request: Request) -> Scores:
        made = danced(request)
        spent.append(made)
        return score(motion_of_request(request, made), net, token_frames(made, request.start_s))

    takes = tuple(tuple(scored(request) for request in take) for take in material.takes)
    music_s = sum(request.piece.duration_s for take in material.takes for request in take)
    tempo, silence = respond(dancer, perform, advance)
    walked = [tuple(one.measured(danced(one.request), net) for one in part) for part in _walks(dancer, plan)]
    drifts = tuple(
        drift([motion_of_request(one, danced(one)) for one in part], _bar_s(part[0])) for part in _long(dancer, plan)
    )
    return ModelResult(
        subject=Subject(name, takes),
        compute_s=sum(made.compute_s for made in spent) / music_s,
        steps=step_cost(dancer) if isinstance(dancer, (StreamingDancer, WindowedDancer)) else None,
        tokenizer=_tokenizer(dancer, material.clips) if isinstance(dancer, (StreamingDancer, WindowedDancer)) else None,
        tempo=tempo,
        silence=silence,
        switches=walked[0],
        settled=walked[1],
        drifts=drifts,
    )


def _walks(dancer: Dancer, plan: Plan) -> tuple[list[Walk], list[Walk]]:
    """Through all genres as fast as is measured, and with time to settle."""
    if len(dancer.experts) < 2:
        return [], []
    fast, slow = (
        [walk(dancer.experts, seed, settling) for seed in range(plan.seeds)] for settling in (0, SETTLING_BARS)
    )
    return fast, slow


def _long(dancer: Dancer, plan: Plan) -> list[list[Request]]:
    """Long dances of each genre."""
    genres = dancer.experts if plan.minutes else ()
    return [[long_request(genre, plan.minutes, seed) for seed in range(plan.seeds)] for genre in genres]


def _bar_s(request: Request) -> float:
    return float(4 * np.diff(request.piece.beats_s).mean())


def _tokenizer(dancer: StreamingDancer | WindowedDancer, clips: Sequence[RealClip]) -> TokenizerScores | None:
    if not clips:
        return None
    rebuilt = [rebuild(dancer.tokenizer, one.clip) for one in clips]
    levels = dancer.tokenizer.config.digit_levels
    return TokenizerScores(
        tuple(one.squared for one in rebuilt),
        tuple(one.absolute for one in rebuilt),
        tuple(one.speed_before for one in rebuilt),
        tuple(one.speed_after for one in rebuilt),
        codebook_use([one.upper for one in rebuilt], levels),
        codebook_use([one.lower for one in rebuilt], levels),
    )


def _grid_of(one: RealClip) -> Motion:
    """A real clip cut as dances are: four frames to a token."""
    clip = one.clip
    beats = clip.beat_frames if clip.beat_frames is not None else beats_from_motion(clip.root_m, clip.quats)
    grid = on_grid(clip.root_m, clip.quats, beats)
    return motion_from(clip.name, clip.genre, grid.root_m, grid.quats)
