"""Stand-ins that need neither torch nor weights."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.dancer import DancerStep, TokenCue
from megadance_live.core.errors import CueError
from megadance_live.core.motion import TOKEN_FRAMES, MotionTokens, PoseFrame, RawMotion
from megadance_live.core.music_frame import FEATURE_COUNT, MusicFrame
from megadance_live.core.skeleton import JOINT_COUNT, SPINE2, STANDING_PELVIS_M
from megadance_live.engine.event import Event

FAKE_EXPERTS = ("house", "krump", "popping")


@dataclass(frozen=True)
class FakeState:
    """The cues that wait for their look-ahead, each with what was chosen for it."""

    waiting: tuple[tuple[TokenCue, MotionTokens], ...] = ()


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
        digits = self.chosen(cue) if cue.tokens is None else cue.tokens.upper
        tokens = MotionTokens(digits, digits, cue.bar, cue.slot, cue.slots)
        waiting = (*state.waiting, (cue, tokens))
        motion = self._sway(*waiting[0]) if len(waiting) > self._lookahead_tokens else None
        return DancerStep(tokens, motion), FakeState(waiting[-self._lookahead_tokens :])

    def chosen(self, cue: TokenCue) -> npt.NDArray[np.int64]:
        """How wide: [expert, variation]."""
        return np.array([self._experts.index(cue.expert), cue.seed % 5], np.int64)

    def _sway(self, cue: TokenCue, tokens: MotionTokens) -> RawMotion:
        phase = 2 * np.pi * (cue.slot + np.arange(TOKEN_FRAMES) / TOKEN_FRAMES) / cue.slots
        size_rad = 0.1 + 0.05 * tokens.upper[0] + 0.01 * tokens.upper[1]
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


class FakeSource:
    """Blocks of silence out of nothing, as fast as they are asked for, stamped as if they came in real time."""

    name = "fake source"
    rate_hz = 48_000
    channels = 2

    def __init__(self, blocks: int, host_start_s: float = 1000.0) -> None:
        self._left = blocks
        self._index = 0
        self._host_start_s = host_start_s
        self.closed = False
        self.text = ""

    @property
    def ended(self) -> bool:
        return self._left == 0

    def start(self) -> None:
        pass

    def read(self, timeout_s: float) -> AudioBlock | None:
        if self._left == 0:
            return None
        self._left -= 1
        samples = np.zeros((480, 2), np.float32)
        block = AudioBlock(samples, self.rate_hz, self._index, self._host_start_s + self._index / self.rate_hz)
        self._index += 480
        return block

    def status(self) -> str:
        return self.text

    def close(self) -> None:
        self.closed = True


class FakeSession:
    """Stands still at 120 bpm: a pose for every 30th of a second of audio, 0.1 s ahead."""

    def __init__(self, expert: str = FAKE_EXPERTS[0]) -> None:
        self.music: MusicFrame | None = None
        self.control = Control(expert)
        self.clock = BarClock(0.0, 0.0, 120.0)
        self.time_s = 0.0
        self.commands: list[Command] = []
        self.cues: tuple[Cue, ...] = ()
        self._events: list[Event] = []
        self._frames = 0

    def command(self, command: Command) -> None:
        if command.name == "energy" and command.value == 2.0:
            raise CueError("That is too much.")
        self.commands.append(command)
        self.control = replace(self.control, revision=self.control.revision + 1)

    def push(self, block: AudioBlock) -> list[PoseFrame]:
        if block.time_s - self.time_s > 0.5:  # nobody wants to see what was danced in a long gap
            self._frames = int(block.time_s * 30)
        self.time_s = block.time_s + block.frames / block.rate_hz
        self.clock = BarClock(self.time_s, self.time_s / 2.0, 120.0)
        poses = []
        while self._frames / 30 <= self.time_s:
            poses.append(still_pose(self._frames / 30 + 0.1, self.control.expert))
            self.music = MusicFrame(self._frames, self.time_s, np.zeros(FEATURE_COUNT, np.float32), False)
            self._frames += 1
            if self._frames % 15 == 0:
                self._events.append(Event("notice", self._frames / 30, {"text": "half a second"}))
        return poses

    def events(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def ghost(self) -> list[PoseFrame]:
        return []

    def set_cues(self, cues: tuple[Cue, ...]) -> None:
        self.cues = cues

    def save(self) -> bytes:
        return b"saved"

    def restore(self, saved: bytes) -> None:
        self.time_s = float(saved)
        self._frames = int(self.time_s * 30)


def still_pose(time_s: float, expert: str = FAKE_EXPERTS[0]) -> PoseFrame:
    """The rest pose at a time."""
    root = np.array([0.0, STANDING_PELVIS_M, 0.0], np.float32)
    return PoseFrame(time_s, time_s / 2, root, quaternion.identity(JOINT_COUNT), np.ones(4, np.float32), expert)
