"""A show that only looks like one, in every state that the app can show: its dance and its sound are real ones.

The sound is the demo track, the dance is what the shipped dancer made of it.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.app_rig import RigError
from gui.view_models.receiver_presets import RECEIVER_PRESETS
from megadance_live.audio.demo import DEMO_RATE_HZ, demo_beats, render_demo
from megadance_live.config.preset import (
    AudioSection,
    CueEntry,
    CuesSection,
    MidiBinding,
    MidiSection,
    OutputSection,
    Preset,
    Scene,
)
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import CommandName, CommandValue
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.destination import parse_destination
from megadance_live.core.output_frame import AppState, MusicalState, OutputFrame
from megadance_live.output.osc.stream import OscStream
from megadance_live.output.take.formats import read_motion
from megadance_live.output.take.track import Motion
from megadance_live.remote.board import Status
from megadance_live.remote.client import View
from megadance_live.remote.pose_ring import SeenPose
from megadance_live.remote.requests import Request
from megadance_live.remote.scope import COLUMNS, COLUMNS_HZ, Scope
from megadance_live.remote.snapshot import (
    ControlInView,
    DevicesView,
    EngineView,
    InputDevice,
    LearnTarget,
    MidiView,
    PresetView,
    ReceiverView,
    Snapshot,
    TakesView,
    TakeView,
)
from megadance_live.show.patterns import Pattern

EXPERTS = (
    "ballet_jazz", "ballet_modern", "breaking", "freestyle", "house", "krump", "la_hiphop", "locking",
    "middle_hiphop", "popping", "salsa", "street_jazz", "waacking",
)  # fmt: skip
DANCING, ARMED = EXPERTS.index("house"), EXPERTS.index("krump")
LENGTH_S = 12.0
SHOWN_S = 10.35
"""The moment of the track that is shown: all pictures are of it."""
BEGUN_S = 5000.0
"""Host time at which the music began."""
GHOST_LATER_S = 1.7


@dataclass(frozen=True)
class Performance:
    """Twelve seconds of the demo track, mono, and the dance to it."""

    samples: "np.ndarray[Any, np.dtype[np.float32]]"  # [n]
    motion: Motion
    beats_s: "np.ndarray[Any, np.dtype[np.float64]]"

    def pose(self, time_s: float, host_time_s: float, expert: int) -> SeenPose:
        """What is danced at a time of the track."""
        i = min(round(time_s * self.motion.fps), len(self.motion) - 1)
        root_m, quats = np.asarray(self.motion.root_m[i], np.float32), np.asarray(self.motion.quats[i], np.float32)
        return SeenPose(host_time_s, root_m, quats, np.array([1, 1, 0, 1], np.float32), expert)

    def scope(self, time_s: float) -> Scope:
        """What is heard up to a time of the track."""
        per_column = DEMO_RATE_HZ // COLUMNS_HZ
        columns = min(int(time_s * COLUMNS_HZ), len(self.samples) // per_column)
        pieces = self.samples[: columns * per_column].reshape(columns, per_column)[-COLUMNS:]
        newest = self.samples[: columns * per_column][-DEMO_RATE_HZ // 20 :]
        onsets = self.beats_s[self.beats_s < time_s]
        return Scope(
            np.full(2, np.abs(newest).max(), np.float32),
            np.full(2, np.sqrt(np.mean(newest**2)), np.float32),
            0, columns, BEGUN_S + columns / COLUMNS_HZ, pieces.min(1), pieces.max(1),
            BEGUN_S + onsets, np.tile(np.array([0.9, 0.5], np.float32), len(onsets))[: len(onsets)],
        )  # fmt: skip


def perform() -> Performance:
    """Let the shipped dancer dance, which takes some seconds. Raises RigError."""
    import soundfile

    samples = render_demo()[: int(LENGTH_S * DEMO_RATE_HZ)]
    with tempfile.TemporaryDirectory() as folder:
        soundfile.write(Path(folder) / "track.wav", samples, DEMO_RATE_HZ)
        command = [
            *(sys.executable, "-m", "megadance_live.cli", "render", str(Path(folder) / "track.wav"), folder),
            *("--expert", EXPERTS[DANCING], "--formats", "aist"),
        ]
        rendered = subprocess.run(command, capture_output=True, text=True)
        if rendered.returncode != 0:
            raise RigError(f"The dancer did not dance: {rendered.stderr.strip()}")
        motion = read_motion(next(Path(folder).glob("track/*.pkl")), "aist")
    return Performance(np.asarray(samples).mean(1, dtype=np.float32), motion, demo_beats())


@dataclass
class MadeUpShow:
    """A ShowPort. Change `view_now`; time goes on by `pass_time`, and never by itself."""

    performance: Performance
    view_now: View
    with_pose: bool = True
    with_ghost: bool = False

    def view(self) -> View:
        return self.view_now

    def pose_at(self, time_s: float) -> SeenPose | None:
        """That of the moment which is shown, whatever the time is."""
        if not self.with_pose:
            return None
        at_s = 0.0 if not np.isfinite(time_s) else time_s
        if self.view_now.snapshot.pattern == "t_pose":
            pose = Pattern("t_pose", 0.0).at(at_s)
            return SeenPose(at_s, pose.root_m, np.asarray(pose.quats, np.float32), pose.contacts)
        return self.performance.pose(SHOWN_S, at_s, DANCING)

    def ghost_at(self, time_s: float) -> SeenPose | None:
        return self.performance.pose(SHOWN_S - GHOST_LATER_S, time_s, ARMED) if self.with_ghost else None

    def say(self, name: CommandName, value: CommandValue = None) -> None:
        """Nobody listens."""

    def ask(self, request: Request) -> None:
        """Nobody listens."""

    def pass_time(self, seconds: float) -> None:
        """The clock of the app goes on; what is shown of the music stays."""
        self.view_now = replace(self.view_now, now_s=self.view_now.now_s + seconds)


def dancing(performance: Performance) -> View:
    """House to the demo track, with receivers, inputs, takes, scenes and MIDI bindings."""
    now_s = BEGUN_S + SHOWN_S
    bpm = 60.0 / float(np.median(np.diff(performance.beats_s)))
    clock = BarClock(BEGUN_S + float(performance.beats_s[0]), 0.0, bpm, 4, 0.93, "audio", "locked")
    bars = clock.bars_at(now_s)
    pose = performance.pose(SHOWN_S, now_s, DANCING)
    music = MusicalState(
        tempo_bpm=bpm,
        confidence=0.93,
        source=1,
        beat_count=int(bars * 4),
        bar=int(bars) + 1,
        beat_in_bar=clock.beat_in_bar_at(now_s),
        expert=DANCING,
    )
    frame = OutputFrame(0, SHOWN_S, pose.root_m, pose.quats, pose.contacts, music, AppState.LIVE, fps=60.0)
    status = Status(
        clock, level=0.6, low=0.72, mid=0.41, high=0.28, expert=DANCING, step_ms=31.0, step_p99_ms=58.0,
        heard_s=now_s - 0.012, written_s=now_s,
    )  # fmt: skip
    return View(now_s, True, False, _snapshot(performance, frame), status, frame, performance.scope(SHOWN_S))


def _snapshot(performance: Performance, frame: OutputFrame) -> Snapshot:
    preset = _preset()
    served = tuple(
        ReceiverView(
            place, receiver.enabled, 60.0, 60.0 * (place + 1), 96_400.0, 35_000, late_median_ms=0.1, late_p99_ms=0.6
        )
        for place, receiver in enumerate(preset.output.receivers)
    )
    return Snapshot(
        engine=EngineView(
            phase="dancing", source="demo", source_spec="demo", dancer="megadance-live-2", experts=EXPERTS,
            control=Control(expert=EXPERTS[DANCING], energy=1.2, latency_ms=15.0),
        ),
        receivers=served,
        devices=DevicesView(
            (
                InputDevice("ALSA: Scarlett 2i2 USB", 2, 48_000, True),
                InputDevice("ALSA: HDA Intel PCH: ALC295 Analog", 2, 44_100),
                InputDevice("JACK: Monitor of Built-in Audio Analog Stereo", 2, 48_000),
            )
        ),
        takes=_takes(),
        midi=MidiView(True, ("Akai APC mini mk2", "nanoKONTROL2 SLIDER/KNOB"), last="note 36, channel 1"),
        preset=PresetView(preset, "friday", True, ("default", "friday", "touchdesigner", "unreal", "vmc")),
        control_in=ControlInView(9001, 412, 3),
        monitor=_datagrams(frame),
        log=_log(),
    )  # fmt: skip


def _preset() -> Preset:
    receivers = [preset.receiver for preset in RECEIVER_PRESETS[:3]]
    return Preset(
        title="Friday at the dock",
        audio=AudioSection(source="demo"),
        output=OutputSection(receivers=tuple(receivers)),
        scenes=(
            Scene(name="Intro", colour="#4ea1f3", commands={"expert": "ballet_modern", "energy": 0.6}),
            Scene(name="Build", colour="#f2a33a", commands={"expert": "house", "energy": 1.2}),
            Scene(name="Drop", colour="#ef5b50", commands={"expert": "krump", "energy": 1.5}),
            Scene(name="Breakdown", commands={"expert": "waacking", "smooth": 0.3}),
        ),
        cues=CuesSection(
            entries=(
                CueEntry(bar=9, commands={"scene": "Build"}),
                CueEntry(bar=17, commands={"scene": "Drop"}),
                CueEntry(bar=33, commands={"expert": "popping", "mirror": True}),
                CueEntry(bar=49, commands={"scene": "Breakdown"}),
            )
        ),
        midi=MidiSection(
            bindings=(
                MidiBinding(number=36, command="expert", value="house"),
                MidiBinding(number=37, command="expert", value="krump"),
                MidiBinding(number=48, command="freeze", mode="toggle"),
                MidiBinding(kind="control", number=7, command="energy", mode="range", least=0.0, greatest=2.0),
            )
        ),
    )


def _takes() -> TakesView:
    folder = Path("/home/vj/takes")
    kept = (
        ("take-003", 214.0, 31_400_000, "2026-05-08T23:41:07+02:00", 4, ("amass", "aist", "bvh"), True),
        ("take-002", 61.4, 9_100_000, "2026-05-08T23:12:55+02:00", 0, ("amass", "bvh", "glb"), True),
        ("take-001", 1260.0, 187_000_000, "2026-05-08T22:38:10+02:00", 11, (), False),
    )
    takes = tuple(TakeView(name, folder / name, *rest) for name, *rest in kept)  # type: ignore[arg-type]
    return TakesView(folder, takes, 212_000_000_000)


def _log() -> Path:
    """What a show may have logged."""
    path = Path(tempfile.gettempdir()) / "megadance-live.log"
    path.write_text(
        "2026-05-08T22:31:04+02:00 app\n"
        "2026-05-08 22:31:05,118 INFO gui.milestones: milestone: window painted at 9120.331 s\n"
        "2026-05-08 22:31:08,672 INFO gui.milestones: milestone: dance painted at 9123.885 s\n"
        "2026-05-08 22:32:07,254 INFO gui.view_models.health: health: audio 12 ms, step 31 | 58 ms, late 0\n",
        encoding="utf-8",
    )
    return path


def _datagrams(frame: OutputFrame) -> tuple[bytes, ...]:
    """As the first receiver would get them."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(1.0)
        to = f"127.0.0.1:{receiver.getsockname()[1]}"
        stream = OscStream(parse_destination(to, "native"), EXPERTS)
        stream.send(frame, 0.0)
        datagrams = [receiver.recv(65536)]
        stream.close()
    return tuple(datagrams)


def sent_as(view: View, state: AppState, **control: Any) -> View:
    """The view with frames of that state, and a Control that says so."""
    assert view.frame is not None
    return with_control(replace(view, frame=replace(view.frame, state=state)), **control)


def with_control(view: View, **control: Any) -> View:
    before = view.snapshot.engine.control
    assert before is not None
    return with_engine(view, control=replace(before, **control))


def with_engine(view: View, **engine: Any) -> View:
    return replace(view, snapshot=replace(view.snapshot, engine=replace(view.snapshot.engine, **engine)))


def with_music(view: View, **music: Any) -> View:
    assert view.frame is not None
    return replace(view, frame=replace(view.frame, music=replace(view.frame.music, **music)))


def armed(view: View) -> View:
    """Krump follows on the next bar."""
    clock = view.status.clock
    assert clock is not None
    at_bars = float(np.floor(clock.bars_at(view.now_s)) + 1)
    view = replace(view, status=replace(view.status, armed=ARMED, armed_at_bars=at_bars))
    view = with_music(view, armed=ARMED, countdown_beats=(at_bars - clock.bars_at(view.now_s)) * 4)
    return with_control(view, armed=EXPERTS[ARMED], armed_at_bars=at_bars)


def crossfading(view: View) -> View:
    """From house to krump, and nearly half of the way."""
    view = with_music(view, expert=ARMED, previous_expert=DANCING, mix=0.45)
    view = replace(view, status=replace(view.status, expert=ARMED))
    return with_control(view, expert=EXPERTS[ARMED], crossfade_s=2.0)


def lost(view: View) -> View:
    """The interface has been pulled out."""
    view = sent_as(view, AppState.AUDIO_LOST)
    view = replace(view, status=replace(view.status, audio_lost=True, heard_s=view.now_s - 4.2, low=0, mid=0, high=0))
    return with_engine(
        view,
        source="device:ALSA: Scarlett 2i2 USB",
        source_spec="device:ALSA: Scarlett 2i2 USB",
        source_status='LOST: "ALSA: Scarlett 2i2 USB" has vanished, trying again',
    )


def recording(view: View) -> View:
    """For a bit more than a minute."""
    view = with_engine(view, take="take-004", take_since_s=view.now_s - 74.0)
    return with_control(replace(view, status=replace(view.status, recording=True)), recording=True)


def testing(view: View) -> View:
    """A T-pose is sent."""
    view = sent_as(view, AppState.PATTERN)
    return replace(view, snapshot=replace(view.snapshot, pattern="t_pose"))


def learning(view: View) -> View:
    """The next MIDI message is for krump's pad."""
    midi = replace(view.snapshot.midi, learning=LearnTarget("expert", "krump"))
    return replace(view, snapshot=replace(view.snapshot, midi=midi))


def monitored(view: View) -> View:
    """A fresh frame has been sent."""
    assert view.frame is not None
    return replace(view, snapshot=replace(view.snapshot, monitor=_datagrams(view.frame)))


def with_cues(view: View) -> View:
    """The list goes on in the eighth bar from here."""
    from megadance_live.core.command import Command

    return with_engine(view, cues=(Cue(8.0, Command("scene", "Build")), Cue(16.0, Command("scene", "Drop"))))


def troubled(view: View) -> View:
    """Several things are the matter at once."""
    snapshot = view.snapshot
    receivers = (
        replace(snapshot.receivers[0], trouble="nothing listens at 127.0.0.1:7000"),
        replace(snapshot.receivers[1], open=False, trouble="the name 'stage-left.local' cannot be found"),
        *snapshot.receivers[2:],
    )
    status = replace(view.status, late_steps=12, step_p99_ms=171.0, step_ms=88.0)
    return replace(view, snapshot=replace(snapshot, receivers=receivers), status=status)
