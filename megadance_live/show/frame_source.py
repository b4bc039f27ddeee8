"""Everything that receivers are told at one moment."""

from dataclasses import replace

from megadance_live.core.bar_clock import SOURCES, BarClock
from megadance_live.core.output_frame import AppState, MusicalState, OutputFrame
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.show.beat_numbers import BeatCounter
from megadance_live.show.patterns import PatternName
from megadance_live.show.presenter import Presenter, Switches
from megadance_live.show.stage_pose import StagePose
from megadance_live.show.timeline import PoseTimeline

STALE_S = 0.5
"""Levels of an engine that has been silent for longer are not shown any more."""


class FrameSource:
    """Timeline and board at the moment of sending. For one thread, at times that run forward."""

    def __init__(self, timeline: PoseTimeline, board: StatusBoard, start_s: float) -> None:
        self._board = board
        self._presenter = Presenter(timeline)
        self._start_s = start_s
        self._beats = BeatCounter()
        self._no_clock = BarClock(start_s, 0.0, 120.0)
        self._expert = -1
        self._previous_expert = -1
        self._changed_s = 0.0
        self._leaving = False
        self.switches: Switches | None = None
        """What the performer holds down, where the show knows it at first hand; None: as the board says."""
        self.pattern: PatternName = "off"

    def leave(self) -> None:
        """From now on: the resting pose, the program idle, and then invisible."""
        self._leaving = True

    def at(self, now_s: float) -> OutputFrame:
        """The frame to be sent at host time `now_s`. Pose and musical numbers are those of a moment later by the
        performer's latency, which makes up for the way to the screen."""
        status = self._board.read()
        switches = replace(self.switches or Switches(status.frozen, status.blackout), pattern=self.pattern)
        if self._leaving:
            switches = Switches(blackout=True)
        clock = status.clock or self._no_clock
        seen_s = now_s + status.latency_ms / 1e3
        pose = self._presenter.at(seen_s, switches)
        self._note_expert(pose.expert, seen_s)
        time_s = now_s - self._start_s
        return OutputFrame(
            index=0,
            time_s=time_s,
            root_m=pose.root_m,
            quats=pose.quats,
            contacts=pose.contacts,
            music=self._music(status, clock, now_s, seen_s),
            state=self._state(status, switches, pose),
            visible=self._presenter.visible(seen_s),
            latency_ms=status.latency_ms,
            heartbeat=int(time_s),
        )

    def _note_expert(self, expert: int, time_s: float) -> None:
        if expert not in (-1, self._expert):
            self._previous_expert, self._expert, self._changed_s = self._expert, expert, time_s

    def _music(self, status: Status, clock: BarClock, now_s: float, seen_s: float) -> MusicalState:
        beats = self._beats.at(clock, seen_s)
        heard = status if status.age_s(now_s) <= STALE_S else Status()
        armed = status.armed if status.armed != self._expert else -1
        countdown = max(0.0, (status.armed_at_bars - beats.bars) * clock.beats_per_bar) if armed >= 0 else 0.0
        mixing = status.crossfade_s > 0 and self._previous_expert >= 0
        return MusicalState(
            tempo_bpm=clock.tempo_bpm,
            beat_phase=beats.beat_phase,
            confidence=clock.confidence,
            source=SOURCES.index(clock.source),
            beat_count=beats.beat_count,
            beat_pulse=beats.beat_pulse,
            bar=beats.bar,
            beat_in_bar=beats.beat_in_bar,
            bar_phase=beats.bar_phase,
            bar_pulse=beats.bar_pulse,
            level=heard.level,
            low=heard.low,
            mid=heard.mid,
            high=heard.high,
            onset=heard.onset,
            kick=heard.kick,
            snare=heard.snare,
            hat=heard.hat,
            build=heard.build,
            drop=heard.drop,
            breakdown=heard.breakdown,
            expert=self._expert,
            armed=armed,
            countdown_beats=countdown,
            mix=min(1.0, max(0.0, (seen_s - self._changed_s) / status.crossfade_s)) if mixing else 1.0,
            previous_expert=self._previous_expert,
        )

    def _state(self, status: Status, switches: Switches, pose: StagePose) -> AppState:
        if self._leaving:
            return AppState.IDLE
        if switches.blackout:
            return AppState.BLACKOUT
        if switches.pattern != "off":
            return AppState.PATTERN
        if status.panic:
            return AppState.PANIC
        if switches.frozen:
            return AppState.FROZEN
        if pose.mode == "idle":
            return AppState.IDLE
        return AppState.AUDIO_LOST if status.audio_lost else AppState.LIVE
