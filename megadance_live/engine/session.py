"""The Session: audio blocks in, poses out. All musical and motion state, and no thread, no sleep, no wall clock.

Live, `render` and the tests drive the same Session; only the source and the clock differ. The same blocks, seed and
commands give bit-equal poses however the blocks are cut.
"""

import math
import pickle
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.control.vocabulary import SHOW_WORDS
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.conditioning import CONTEXT_HOPS
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.dancer import Dancer
from megadance_live.core.errors import ConfigError, CueError
from megadance_live.core.motion import PoseFrame
from megadance_live.core.music_frame import FEATURE_COUNT, FRAME_RATE_HZ, MusicFrame
from megadance_live.core.trackers import DEFAULT_TRACKER
from megadance_live.engine import ghost as ghosts
from megadance_live.engine.choreography import LEAD_S, Choreography
from megadance_live.engine.dance import Dance, Moment
from megadance_live.engine.desk import MUSICAL, arm, check, obey, without_again
from megadance_live.engine.event import Event
from megadance_live.engine.schedule import SAME_PLACE_BARS, Schedule
from megadance_live.music.ear import Ear, EarState, Heard

F32 = npt.NDArray[np.float32]

DANCED_GAP_S = 0.5
"""Lost audio up to this long is danced through as silence."""


@dataclass(frozen=True)
class SessionState:
    """Everything that the next block depends on. A value: `Session.save` pickles it."""

    ear: EarState
    dance: Dance
    control: Control
    features: F32  # [n, FEATURE_COUNT] the latest music frames
    samples: int  # heard so far, per channel
    clock: BarClock
    music: MusicFrame | None
    commands: tuple[Command, ...]  # given, and not due yet
    cues: tuple[Cue, ...]  # not due yet
    ghost: ghosts.Ghost | None = None
    lost: bool = False  # what is heard now is silence in place of an input that is gone


class Session:
    """One performance. Call from one thread.

    `expert` speaks first (None: the model's first). With `ghost` an armed expert is danced beside it, see `ghost()`.
    Raises CueError for an expert that the model does not have, here and in `command`.
    """

    def __init__(
        self,
        dancer: Dancer,
        rate_hz: int,
        channels: int,
        *,
        expert: str | None = None,
        seed: int = 0,
        cues: Iterable[Cue] = (),
        tracker: str = DEFAULT_TRACKER,
        ghost: bool = False,
    ) -> None:
        self._experts = dancer.experts
        self._rate_hz = rate_hz
        self._channels = channels
        self._ear = Ear(rate_hz, channels, tracker)
        self._choreography = Choreography(dancer)
        speaking = expert if expert is not None else dancer.experts[0]
        waiting = tuple(sorted(cues, key=lambda cue: cue.bars))
        for command in (Command("expert", speaking), *(cue.command for cue in waiting)):
            check(command, dancer.experts)
        self._events: list[Event] = []
        self._with_ghost = ghost
        self._ghost_poses: list[PoseFrame] = []
        self._state = SessionState(
            ear=self._ear.initial_state(),
            dance=self._choreography.initial_state(),
            control=Control(expert=speaking, seed=seed),
            features=np.zeros((0, FEATURE_COUNT), np.float32),
            samples=0,
            clock=BarClock(0.0, 0.0, 120.0),
            music=None,
            commands=(),
            cues=waiting,
        )

    @property
    def control(self) -> Control:
        return self._state.control

    @property
    def clock(self) -> BarClock:
        return self._state.clock

    @property
    def music(self) -> MusicFrame | None:
        return self._state.music

    @property
    def time_s(self) -> float:
        """Stream time heard so far."""
        return self._state.samples / self._rate_hz

    def command(self, command: Command) -> None:
        """Takes effect at `command.at_s`, or with the next block that is pushed."""
        check(command, self._experts)
        at_s = self.time_s if command.at_s is None else max(command.at_s, self.time_s)
        if command.name in MUSICAL and command.at_s is not None and command.at_s < self.time_s:
            # A tap means the moment at which it was given, which may have been heard already.
            self._tell_ear(command, command.at_s)
            return
        commands = sorted((*self._state.commands, replace(command, at_s=at_s)), key=lambda c: c.at_s or 0.0)
        self._state = replace(self._state, commands=tuple(commands))

    def set_cues(self, cues: Iterable[Cue]) -> None:
        """The cues from now on; those whose bar has passed are left out. Raises CueError, and changes nothing, for an
        expert that the model does not have."""
        waiting = tuple(sorted(cues, key=lambda cue: cue.bars))
        for cue in waiting:
            check(cue.command, self._experts)
        if self._state.music is not None:
            passed = self._state.clock.bars_at(self._state.music.time_s + LEAD_S) + SAME_PLACE_BARS
            waiting = tuple(cue for cue in waiting if cue.bars > passed)
        self._state = replace(self._state, cues=waiting)

    def events(self) -> list[Event]:
        """What has happened since the last call."""
        events, self._events = self._events, []
        return events

    def push(self, block: AudioBlock) -> list[PoseFrame]:
        """The poses that became due with this block, up to LEAD_S ahead of it. A pose whose time is not later than one
        delivered before replaces it and all that followed it.

        Stream time is that of `block.index`: samples that were lost before it are taken for silence.
        """
        if block.rate_hz != self._rate_hz or block.channels != self._channels:
            raise ConfigError(
                f"The source changed from {self._channels} channels at {self._rate_hz} Hz to {block.channels} at "
                f"{block.rate_hz} Hz; open it again."
            )
        self._ghost_poses = []
        self._state = replace(self._state, lost=block.lost)
        return self._caught_up(block.index - self._state.samples) + self._danced(block.samples)

    def ghost(self) -> list[PoseFrame]:
        """What the armed expert would dance, on the times of the poses of the last push. A pose whose time is not later
        than one of an earlier push replaces it and all that followed it."""
        return self._ghost_poses

    def save(self) -> bytes:
        """The state, for `restore` in a process of the same version. Not a file format."""
        return pickle.dumps(self._state)

    def restore(self, saved: bytes) -> None:
        """Goes on from a saved state, bit for bit."""
        state = pickle.loads(saved)
        assert isinstance(state, SessionState)
        self._state = state

    def _caught_up(self, lost: int) -> list[PoseFrame]:
        """Poses of `lost` samples that never came. After a long gap nobody wants to see them: only the ear goes on, and
        the dance is planned anew."""
        if lost <= 0:
            return []
        if lost <= DANCED_GAP_S * self._rate_hz:
            return self._danced(np.zeros((lost, self._channels), np.float32))
        while lost > 0:
            samples = np.zeros((min(lost, self._rate_hz), self._channels), np.float32)
            lost -= len(samples)
            for hop in self._heard(samples):
                self._hear(hop)
        self._state = replace(self._state, dance=self._choreography.interrupted(self._state.dance), ghost=None)
        return []

    def _tell_ear(self, command: Command, time_s: float) -> None:
        try:
            ear = self._ear.command(command, time_s, self._state.ear)
        except CueError as error:
            self._events.append(Event("notice", time_s, {"text": str(error)}))
        else:
            control = obey(self._state.control, command, self._state.clock, time_s)
            self._state = replace(self._state, ear=ear, control=control)

    def _danced(self, samples: F32) -> list[PoseFrame]:
        """In pieces that bring one hop at most and end where the ear is told something: it is told at that very sample
        or hop, however the blocks are cut."""
        poses: list[PoseFrame] = []
        while len(samples):
            frames = min(len(samples), max(1, self._rate_hz // (2 * FRAME_RATE_HZ)))
            for command in [c for c in self._state.commands if c.name in MUSICAL]:
                due_in = round((command.at_s or 0.0) * self._rate_hz) - self._state.samples
                if due_in > 0:
                    frames = min(frames, due_in)
                    continue
                left = tuple(c for c in self._state.commands if c is not command)
                self._state = replace(self._state, commands=left)
                self._tell_ear(command, self.time_s)
            piece, samples = samples[:frames], samples[frames:]
            poses += [pose for hop in self._heard(piece) for pose in self._hop(hop)]
        return poses

    def _heard(self, samples: F32) -> list[Heard]:
        heard, ear = self._ear.step(samples, self._state.ear)
        self._state = replace(self._state, ear=ear, samples=self._state.samples + len(samples))
        return heard

    def _hop(self, heard: Heard) -> list[PoseFrame]:
        """One music frame."""
        before = self._state.clock
        self._hear(heard)
        now_s = heard.music.time_s
        planned = Schedule.of(self._state.control)
        if heard.clock.epoch != before.epoch:
            self._rearm(now_s)
        self._obey_commands(now_s)
        self._obey_cues(now_s)
        self._reroute(planned)
        silent = heard.music.silent
        # The music may well go on where a cable has come loose: the dance does, too.
        resting = silent and not self._state.lost
        moment = Moment(now_s, heard.clock, self._state.features, silent, self._state.control, resting)
        stood = self._state.dance
        poses, dance = self._choreography.advance(moment, stood)
        self._state = replace(self._state, dance=dance)
        self._settle(now_s)
        if self._with_ghost:
            self._advance_ghost(moment, woken=dance.following != stood.following)
        return poses

    def _advance_ghost(self, moment: Moment, woken: bool) -> None:
        """`woken`: a token has been composed, so that an armed expert has listened to it."""
        control = self._state.control
        ghost = ghosts.followed(control, self._state.ghost)
        if ghost is not None:
            poses, ghost = ghosts.advanced(self._choreography, moment, ghost)
            self._ghost_poses += poses
        elif woken and ghosts.wanted(control):
            ghost = ghosts.begun(control, self._state.dance)
        self._state = replace(self._state, ghost=ghost)

    def _hear(self, heard: Heard) -> None:
        before = self._state.clock
        features = np.concatenate([self._state.features, heard.music.features[None]])[-CONTEXT_HOPS:]
        self._state = replace(self._state, features=features, clock=heard.clock, music=heard.music)
        self._note_clock(before, heard.clock, heard.music.time_s)

    def _note_clock(self, before: BarClock, after: BarClock, now_s: float) -> None:
        if after.state != before.state:
            self._events.append(Event("clock", now_s, {"state": after.state, "bpm": after.tempo_bpm}))
        if after.epoch != before.epoch:
            self._events.append(Event("resync", now_s, {"bars": after.bars_at(now_s)}))

    def _rearm(self, now_s: float) -> None:
        """The bar lines have moved: what was armed for one of them is armed for the next of the new ones, and nothing
        is repeated."""
        control = without_again(self._state.control)
        if control.armed is not None:
            control = obey(control, Command("expert", control.armed), self._state.clock, now_s)
        self._state = replace(self._state, control=control)

    def _obey_commands(self, now_s: float) -> None:
        due = [c for c in self._state.commands if c.name not in MUSICAL and (c.at_s or 0.0) <= now_s]
        for command in due:
            self._obey(command, command.at_s or now_s)
        if due:
            left = tuple(c for c in self._state.commands if c not in due)
            self._state = replace(self._state, commands=left)

    def _obey_cues(self, now_s: float) -> None:
        """An expert is armed a bar ahead; anything else happens when the first pose of its bar is due."""
        while self._state.cues:
            cue = self._state.cues[0]
            ahead_bars = 1.0 if cue.command.name == "expert" else 0.0
            reached = self._state.clock.bars_at(now_s + LEAD_S) + ahead_bars
            if reached < cue.bars - SAME_PLACE_BARS:
                return
            if cue.command.name == "expert" and self._busy_until(cue.bars):
                return
            self._state = replace(self._state, cues=self._state.cues[1:])
            if cue.command.name == "expert":
                armed = arm(self._state.control, str(cue.command.value), cue.bars)
                self._state = replace(self._state, control=armed)
            elif cue.command.name == "gain":
                # Samples after this hop may have been heard already: how many depends on how the blocks are cut.
                self.command(replace(cue.command, at_s=now_s + 1.0 / FRAME_RATE_HZ))
            elif cue.command.name in MUSICAL:
                self._tell_ear(cue.command, now_s)
            else:
                self._obey(cue.command, max(now_s, self._state.clock.time_of(cue.bars)))

    def _busy_until(self, bars: float) -> bool:
        """Whether an expert is armed for an earlier place, and must speak first."""
        armed_at = self._state.control.armed_at_bars
        return armed_at is not None and armed_at < bars - SAME_PLACE_BARS

    def _obey(self, command: Command, time_s: float) -> None:
        control = obey(self._state.control, command, self._state.clock, time_s)
        self._state = replace(self._state, control=control)
        if command.name == "panic":
            self._state = replace(self._state, dance=self._choreography.panicked(self._state.dance))
        elif command.name in ("marker", "record", "retro", "source"):
            self._events.append(Event(command.name, time_s, {"value": command.value}))
        elif command.name == "again":
            self._events.append(Event("again", time_s, {"bar": control.again_bars[-1] + 1}))
        elif command.name in SHOW_WORDS:
            self._events.append(Event("wanted", time_s, {"command": command.name, "value": command.value}))

    def _reroute(self, planned: Schedule) -> None:
        """What was composed under another schedule is composed again."""
        changed = planned.differs_from_bars(Schedule.of(self._state.control))
        if changed < math.inf:
            self._state = replace(self._state, dance=self._choreography.rerouted(changed, self._state.dance))

    def _settle(self, now_s: float) -> None:
        """The armed expert's place has come: it is the expert now. Until then it can be cancelled or replaced."""
        clock = self._state.clock
        control = without_again(self._state.control, before=math.floor(clock.bars_at(now_s)))
        self._state = replace(self._state, control=control)
        if control.armed is None or control.armed_at_bars is None:
            return
        if clock.bars_at(now_s) < control.armed_at_bars - SAME_PLACE_BARS:
            return
        place = {"expert": control.armed, "bars": control.armed_at_bars}
        self._events.append(Event("switch", clock.time_of(control.armed_at_bars), place))
        settled = replace(control, expert=control.armed, armed=None, armed_at_bars=None, revision=control.revision + 1)
        self._state = replace(self._state, control=settled)
