"""Dances faster than real time: to music whose beats are known, with features and choreography as on stage and the bar
clock from the beats, so that the dancer is measured and not whether the tracker found the beat; or all by ear."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.conditioning import CONTEXT_HOPS
from megadance_live.core.control import Control
from megadance_live.core.dancer import Dancer
from megadance_live.core.motion import PoseFrame
from megadance_live.core.music_frame import FRAME_RATE_HZ
from megadance_live.engine.choreography import Choreography
from megadance_live.engine.dance import Moment
from megadance_live.engine.session import Session
from megadance_live.music.known_beats import clock_at, extract_on

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

ARMED_AHEAD_BARS = 1.0
_BLOCKS_A_SECOND = 10


@dataclass(frozen=True)
class Rehearsed:
    """`compute_s`: CPU time of features, dancer and all that comes after it."""

    poses: tuple[PoseFrame, ...]
    compute_s: float


def rehearse(
    dancer: Dancer,
    samples: F32,
    rate_hz: int,
    beats_s: F64,
    voices: Sequence[tuple[int, str]],
    *,
    beats_per_bar: int = 4,
    seed: int = 0,
) -> Rehearsed:
    """Dance to samples [n, channels] whose beats fall on `beats_s` [>= 2], the first a downbeat.

    `voices` says from which bar on (counted from 0) which expert speaks, in order; each is armed a bar ahead.
    """
    begun = time.process_time()
    features = extract_on(samples, rate_hz, beats_s, beats_per_bar)
    choreography = Choreography(dancer)
    dance = choreography.initial_state()
    poses: list[PoseFrame] = []
    for hop in range(len(features)):
        now_s = (hop + 1) / FRAME_RATE_HZ
        clock = clock_at(now_s, beats_s, beats_per_bar)
        heard = features[max(0, hop + 1 - CONTEXT_HOPS) : hop + 1]
        moment = Moment(now_s, clock, heard, False, _control(voices, clock.bars, seed))
        delivered, dance = choreography.advance(moment, dance)
        for pose in delivered:
            settle(poses, pose)
    return Rehearsed(tuple(poses), time.process_time() - begun)


def danced_by_ear(session: Session, samples: F32, rate_hz: int) -> list[PoseFrame]:
    """What is seen in the end of a session that hears samples [n, channels] from its start, the tracker included."""
    block = max(1, rate_hz // _BLOCKS_A_SECOND)
    poses: list[PoseFrame] = []
    for at in range(0, len(samples), block):
        for pose in session.push(AudioBlock(samples[at : at + block], rate_hz, at, at / rate_hz)):
            settle(poses, pose)
    return poses


def settle(poses: list[PoseFrame], pose: PoseFrame) -> None:
    """Appends a pose, which replaces those that were to be seen at its time or later."""
    while poses and poses[-1].time_s >= pose.time_s:
        poses.pop()
    poses.append(pose)


def _control(voices: Sequence[tuple[int, str]], bars: float, seed: int) -> Control:
    speaking = [expert for bar, expert in voices if bar <= bars] or [voices[0][1]]
    coming = [(bar, expert) for bar, expert in voices if bars < bar <= bars + ARMED_AHEAD_BARS]
    if not coming:
        return Control(expert=speaking[-1], seed=seed)
    return Control(expert=speaking[-1], armed=coming[0][1], armed_at_bars=float(coming[0][0]), seed=seed)
