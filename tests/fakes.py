"""Stand-ins that need neither torch nor weights."""

from dataclasses import dataclass

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.dancer import DancerStep, TokenCue
from megadance_live.core.motion import TOKEN_FRAMES, MotionTokens, RawMotion
from megadance_live.core.skeleton import JOINT_COUNT, SPINE2, STANDING_PELVIS_M

FAKE_EXPERTS = ("house", "krump", "popping")


@dataclass(frozen=True)
class FakeState:
    """The cues that wait for their look-ahead."""

    waiting: tuple[TokenCue, ...] = ()


class FakeDancer:
    """Sways from the hips in time with the bar; how far depends on the expert and the seed. Deterministic."""

    def __init__(self, experts: tuple[str, ...] = FAKE_EXPERTS, lookahead_tokens: int = 1) -> None:
        self._experts = experts
        self._lookahead_tokens = lookahead_tokens

    @property
    def name(self) -> str:
        return "fake"

    @property
    def experts(self) -> tuple[str, ...]:
        return self._experts

    @property
    def lookahead_tokens(self) -> int:
        return self._lookahead_tokens

    def initial_state(self) -> FakeState:
        return FakeState()

    def step(self, cue: TokenCue, state: FakeState) -> tuple[DancerStep, FakeState]:
        number = self._experts.index(cue.expert)
        digits = np.array([number, cue.seed % 5], np.int64)
        waiting = (*state.waiting, cue)
        due = waiting[0] if len(waiting) > self._lookahead_tokens else None
        motion = None if due is None else self._sway(due)
        tokens = MotionTokens(digits, digits, cue.bar, cue.slot, cue.slots)
        return DancerStep(tokens, motion), FakeState(waiting[-self._lookahead_tokens :])

    def _sway(self, cue: TokenCue) -> RawMotion:
        phase = 2 * np.pi * (cue.slot + np.arange(TOKEN_FRAMES) / TOKEN_FRAMES) / cue.slots
        size_rad = 0.1 + 0.05 * self._experts.index(cue.expert) + 0.01 * (cue.seed % 5)
        quats = quaternion.identity(TOKEN_FRAMES, JOINT_COUNT)
        lean = np.zeros((TOKEN_FRAMES, 3), np.float32)
        lean[:, 2] = size_rad * np.sin(phase)
        quats[:, SPINE2] = quaternion.from_axis_angle(lean)
        return RawMotion(
            quats,
            np.full(TOKEN_FRAMES, STANDING_PELVIS_M, np.float32),
            np.zeros((TOKEN_FRAMES, 2), np.float32),
            np.zeros(TOKEN_FRAMES, np.float32),
            np.ones((TOKEN_FRAMES, 4), np.float32),
        )


def make_fake_dancer() -> FakeDancer:
    """For a child process, which imports what it is told to call."""
    return FakeDancer()
