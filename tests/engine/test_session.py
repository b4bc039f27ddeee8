import numpy as np
import pytest

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.core.errors import ConfigError, CueError
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.choreography import LEAD_S
from megadance_live.engine.session import Session
from tests.fakes import FAKE_EXPERTS, FakeDancer
from tests.rehearsal import RATE_HZ, clicks, equal, play, shown


def make_session(**options: object) -> Session:
    return Session(FakeDancer(), RATE_HZ, 2, tracker="manual", **options)


@pytest.mark.parametrize("cuts", [64, 1000, [1, 7, 2048, 333], 160_000])
def test_poses_do_not_depend_on_how_the_audio_is_cut(cuts: int | list[int]) -> None:
    def run(cut: int | list[int]) -> list[PoseFrame]:
        session = make_session(cues=[Cue(2.0, Command("expert", "krump"))])
        session.command(Command("bpm", 100.0, at_s=1.234))
        session.command(Command("resync", at_s=2.001))
        session.command(Command("expert", "popping", at_s=3.3))
        return play(session, clicks(10.0), cut)

    assert equal(run(480), run(cuts))


def test_poses_run_on_evenly_and_ahead_of_the_music() -> None:
    session = make_session()
    poses = play(session, clicks(8.0))
    times = np.array([pose.time_s for pose in poses])
    steps = np.diff(times)
    assert (steps > 0).all()
    assert np.allclose(steps, 1 / 30, atol=1e-6)
    assert session.time_s < times[-1] <= session.time_s + LEAD_S + 1e-9


@pytest.mark.parametrize(("accent", "most"), [(0.0, 0.06), (0.5, 0.35)])
def test_every_bar_line_is_a_frame(accent: float, most: float) -> None:
    session = make_session()
    session.command(Command("accent", accent))
    session.command(Command("bpm", 97.0))
    poses = play(session, clicks(12.0))
    bars = np.array([pose.bars for pose in poses])
    for bar in range(1, int(bars[-1])):
        assert np.abs(bars - bar).min() < 1e-9
    stretch = np.diff([p.time_s for p in poses if p.bars > 1]) * 30
    assert np.abs(stretch - 1).max() < most
    assert accent == 0 or np.abs(stretch - 1).max() > 0.2


@pytest.mark.parametrize("before_line_s", [1.9, 1.0, 0.4, 0.2, 0.12, 0.07, 0.034, 0.01])
def test_an_expert_armed_at_any_time_speaks_with_the_first_frame_of_the_next_bar(before_line_s: float) -> None:
    """A bar is 2 s long here, so that the bar line is at 4 s."""
    session = make_session()
    session.command(Command("expert", "krump", at_s=4.0 - before_line_s))
    poses = shown(play(session, clicks(6.0)))
    first = next(pose for pose in poses if pose.expert == "krump")
    assert first.bars == pytest.approx(2.0, abs=1e-9)
    assert first.time_s == pytest.approx(4.0, abs=1e-6)
    assert all(pose.expert == "krump" for pose in poses if pose.bars >= 2.0)
    times = [pose.time_s for pose in poses]
    assert np.diff(times).max() < 0.05
    switches = [event for event in session.events() if event.kind == "switch"]
    assert [event.details for event in switches] == [{"expert": "krump", "bars": 2.0}]


def test_late_arming_changes_nothing_before_the_bar_line_and_equals_early_arming_after_it_in_expert() -> None:
    plain = shown(play(make_session(), clicks(6.0)))
    session = make_session()
    session.command(Command("expert", "popping", at_s=3.95))
    late = shown(play(session, clicks(6.0)))
    assert equal([p for p in plain if p.bars < 2.0], [p for p in late if p.bars < 2.0])


@pytest.mark.parametrize("give_up_s", [3.0, 3.97])
def test_an_armed_expert_can_be_cancelled_or_replaced_until_its_bar(give_up_s: float) -> None:
    plain = shown(play(make_session(), clicks(6.0)))
    cancelled = make_session()
    cancelled.command(Command("expert", "krump", at_s=2.5))
    cancelled.command(Command("expert_cancel", at_s=give_up_s))
    poses = shown(play(cancelled, clicks(6.0)))
    assert {pose.expert for pose in poses} == {"house"}
    assert [p.bars for p in poses] == [p.bars for p in plain]
    replaced = make_session()
    replaced.command(Command("expert", "krump", at_s=2.5))
    replaced.command(Command("expert", "popping", at_s=give_up_s))
    poses = shown(play(replaced, clicks(6.0)))
    assert {pose.expert for pose in poses if pose.bars >= 2.0} == {"popping"}


@pytest.mark.parametrize(("quantize", "expected"), [(0.25, 1.5), (1.0, 2.0), (2.0, 2.0), (4.0, 4.0)])
def test_the_boundary_is_the_performers(quantize: float, expected: float) -> None:
    session = make_session()
    session.command(Command("quantize", quantize, at_s=0.1))
    session.command(Command("expert", "krump", at_s=2.7))
    poses = shown(play(session, clicks(10.0)))
    first = next(pose for pose in poses if pose.expert == "krump")
    # A beat is 3.75 tokens long at this tempo: the first token that begins on it or after it.
    assert expected - 1e-9 <= first.bars < expected + 1 / 15


def test_an_expert_can_speak_at_once() -> None:
    session = make_session()
    session.command(Command("expert_now", "krump", at_s=2.5))
    poses = shown(play(session, clicks(4.0)))
    first = next(pose for pose in poses if pose.expert == "krump")
    assert 2.5 <= first.time_s < 2.5 + 0.15


def test_fifty_switches_by_cue_each_fall_on_their_bar() -> None:
    cues = [Cue(float(bar), Command("expert", FAKE_EXPERTS[bar % 3])) for bar in range(1, 51)]
    session = make_session(cues=cues)
    session.command(Command("bpm", 131.0))
    poses = shown(play(session, clicks(100.0)))
    for bar in range(1, 51):
        on_line = min(poses, key=lambda pose: abs(pose.bars - bar))
        assert on_line.bars == pytest.approx(bar, abs=1e-6)
        assert on_line.expert == FAKE_EXPERTS[bar % 3]
        assert poses[poses.index(on_line) - 1].expert == FAKE_EXPERTS[(bar - 1) % 3]


def test_a_saved_session_goes_on_bit_for_bit() -> None:
    samples = clicks(8.0)
    half = len(samples) // 2 + 77
    straight = make_session()
    straight.command(Command("expert", "krump", at_s=4.5))
    play(straight, samples[:half])
    saved = straight.save()
    rest = play(straight, samples[half:], start=half)
    other = make_session()
    other.restore(saved)
    assert equal(rest, play(other, samples[half:], start=half))
    fresh = make_session()
    assert not equal(rest, play(fresh, samples[half:], start=half))


EVERYTHING = (
    Command("expert", "krump", at_s=1.234),
    Command("again", at_s=2.501),
    Command("again", at_s=3.995),
    Command("bpm", 111.0, at_s=4.4),
    Command("quantize", 4.0, at_s=4.5),
    Command("expert", "popping", at_s=5.301),
    Command("again", at_s=6.7),
    Command("expert", "house", at_s=7.0),
    Command("marker", "drop", at_s=7.5),
    Command("retro", at_s=7.7),
)


def told(session: Session, cut: int, first: int, last: int) -> tuple[list[PoseFrame], list[PoseFrame]]:
    """Poses and those of the ghost, from one sample to another."""
    samples, poses, ghosts = clicks(12.0), [], []
    for at in range(first, last, cut):
        block = samples[at : min(at + cut, last)]
        poses += session.push(AudioBlock(block, RATE_HZ, at, at / RATE_HZ))
        ghosts += session.ghost()
    return poses, ghosts


@pytest.mark.parametrize("cut", [64, 777, 192_000])
@pytest.mark.parametrize("saved_s", [3.1, 4.2, 6.91])
def test_whatever_is_asked_for_neither_the_cuts_nor_saving_and_restoring_change_a_bit(cut: int, saved_s: float) -> None:
    """A ghost dances, or a bar is about to be repeated or is being repeated, when the state is saved."""
    whole = make_session(ghost=True)
    for command in EVERYTHING:
        whole.command(command)
    poses, ghosts = told(whole, 480, 0, 12 * RATE_HZ)
    assert {pose.expert for pose in ghosts} == {"krump", "popping", "house"}
    before, at = make_session(ghost=True), round(saved_s * RATE_HZ)
    for command in EVERYTHING:
        before.command(command)
    first, first_ghosts = told(before, cut, 0, at)
    after = make_session(ghost=True)
    after.restore(before.save())
    rest, rest_ghosts = told(after, cut, at, 12 * RATE_HZ)
    assert equal(poses, [*first, *rest])
    assert equal(ghosts, [*first_ghosts, *rest_ghosts])
    assert whole.control == after.control
    assert whole.events() == [*before.events(), *after.events()]


def test_no_pose_depends_on_music_that_comes_later() -> None:
    samples = clicks(6.0)
    changed = samples.copy()
    changed[4 * RATE_HZ :] = np.random.default_rng(1).standard_normal((2 * RATE_HZ, 2)).astype(np.float32)
    first = Session(FakeDancer(), RATE_HZ, 2)
    second = Session(FakeDancer(), RATE_HZ, 2)
    until = 4 * RATE_HZ
    assert equal(play(first, samples[:until]), play(second, changed[:until]))


def test_resync_moves_the_bar_line_and_the_dance_goes_on_without_a_gap() -> None:
    session = make_session()
    session.command(Command("resync", at_s=3.3))
    poses = shown(play(session, clicks(6.0)))
    assert any(event.kind == "resync" for event in session.events())
    times = np.array([pose.time_s for pose in poses])
    assert np.diff(times).max() < 0.3
    after = [pose for pose in poses if pose.time_s > 3.6]
    phase = np.array([(pose.time_s - 3.3) / 2.0 - pose.bars for pose in after])
    assert np.abs(phase - np.round(phase)).max() < 1e-6


def test_freeze_holds_the_pose_while_the_clock_goes_on() -> None:
    session = make_session()
    session.command(Command("freeze", True, at_s=2.0))
    session.command(Command("freeze", False, at_s=4.0))
    poses = shown(play(session, clicks(6.0)))
    frozen = [pose for pose in poses if 2.3 < pose.time_s < 4.0]
    assert len(frozen) > 40
    assert all(np.array_equal(pose.quats, frozen[0].quats) for pose in frozen)
    assert frozen[-1].bars > frozen[0].bars + 0.5
    later = [pose for pose in poses if pose.time_s > 4.5]
    assert not all(np.array_equal(pose.quats, frozen[0].quats) for pose in later)


def test_panic_clears_what_was_armed_and_never_stops_the_poses() -> None:
    session = make_session()
    session.command(Command("expert", "krump", at_s=2.1))
    session.command(Command("energy", 2.0, at_s=2.2))
    session.command(Command("panic", at_s=2.5))
    poses = shown(play(session, clicks(6.0)))
    assert session.control.armed is None
    assert session.control.energy == 1.0
    assert {pose.expert for pose in poses} == {"house"}
    assert np.diff([pose.time_s for pose in poses]).max() < 0.35


def test_what_cannot_be_is_said_in_a_sentence() -> None:
    session = make_session()
    with pytest.raises(CueError, match="There is no expert 'tango'; the model has house, krump, popping"):
        session.command(Command("expert", "tango"))
    with pytest.raises(CueError, match="tango"):
        make_session(cues=[Cue(1.0, Command("expert", "tango"))])
    with pytest.raises(CueError, match="tango"):
        make_session(expert="tango")
    with pytest.raises(ConfigError, match="open it again"):
        session.push(AudioBlock(np.zeros((10, 1), np.float32), 44_100, 0, 0.0))


def test_a_command_that_the_ear_refuses_becomes_a_notice_and_the_dance_goes_on() -> None:
    session = make_session()
    session.command(Command("bpm", -5.0, at_s=1.0))
    poses = play(session, clicks(3.0))
    assert [event.kind for event in session.events()].count("notice") == 1
    assert poses[-1].time_s > 3.0


def test_latency_brings_the_poses_that_much_earlier_and_late_arming_still_holds() -> None:
    session = make_session()
    session.command(Command("latency", 300.0, at_s=1.0))
    session.command(Command("expert", "krump", at_s=3.9))
    poses = play(session, clicks(5.0))
    assert session.time_s + LEAD_S + 0.3 - 0.07 < poses[-1].time_s <= session.time_s + LEAD_S + 0.3 + 1e-9
    seen = shown(poses)
    assert np.allclose(np.diff([pose.time_s for pose in seen]), 1 / 30, atol=1e-6)
    assert next(pose for pose in seen if pose.expert == "krump").bars == pytest.approx(2.0, abs=1e-9)


def test_a_saved_session_stays_small() -> None:
    session = make_session()
    play(session, clicks(4.0))
    early = len(session.save())
    play(session, clicks(8.0)[4 * RATE_HZ :], start=4 * RATE_HZ)
    assert len(session.save()) < 1.5 * early


@pytest.mark.parametrize("gap_s", [0.02, 0.3, 4.0, 20.0])
def test_lost_samples_do_not_put_the_dance_behind_the_music(gap_s: float) -> None:
    session = make_session()
    play(session, clicks(4.0))
    start = round((4.0 + gap_s) * RATE_HZ)
    poses = play(session, clicks(2.0), start=start)
    assert session.time_s == pytest.approx(6.0 + gap_s, abs=1e-3)
    assert session.clock.bars_at(session.time_s) == pytest.approx(session.time_s / 2.0, abs=1e-3)
    assert poses[-1].time_s > session.time_s
    late = [pose for pose in poses if pose.time_s < 4.0]
    assert not late
    after = np.array([pose.time_s for pose in poses if pose.time_s > 4.0 + gap_s + 0.3])
    assert np.allclose(np.diff(after), 1 / 30, atol=1e-6)


@pytest.mark.parametrize("resync_s", [3.90, 3.95, 3.99, 4.05, 4.4])
def test_a_resync_while_an_expert_is_armed_leaves_the_poses_at_their_times(resync_s: float) -> None:
    session = make_session()
    session.command(Command("expert", "krump", at_s=3.2))
    session.command(Command("resync", at_s=resync_s))
    poses = shown(play(session, clicks(7.0)))
    settled = [pose for pose in poses if resync_s + 0.05 < pose.time_s]
    off = np.array([(pose.time_s - resync_s) / 2.0 - pose.bars for pose in settled if pose.time_s > resync_s + 0.2])
    assert np.abs(off - np.round(off)).max() < 1e-6
    assert settled[-1].expert == "krump"


@pytest.mark.parametrize("cuts", [64, [1, 7, 2048, 333], 160_000])
def test_gain_and_the_tempo_act_at_their_sample_however_the_audio_is_cut(cuts: int | list[int]) -> None:
    """By command and by cue."""

    def run(cut: int | list[int]) -> tuple[list[PoseFrame], Session]:
        cues = [Cue(1.0, Command("gain", -24.0)), Cue(2.0, Command("bpm", 90.0)), Cue(3.0, Command("gain", 6.0))]
        session = Session(FakeDancer(), RATE_HZ, 2, cues=cues)
        session.command(Command("gain", 3.0, at_s=0.777))
        return play(session, clicks(10.0), cut), session

    (poses, whole), (others, cut) = run(480), run(cuts)
    assert equal(poses, others)
    assert whole.control.gain_db == cut.control.gain_db == 6.0
    assert whole.music is not None
    assert cut.music is not None
    assert np.array_equal(whole.music.features, cut.music.features)


def test_cues_can_be_exchanged_and_those_that_have_passed_are_not_fired() -> None:
    session = make_session(cues=[Cue(4.0, Command("expert", "krump"))])
    play(session, clicks(5.0))
    session.set_cues(
        [
            Cue(3.0, Command("expert", "popping")),
            Cue(1.0, Command("mirror", True)),
            Cue(2.0, Command("expert", "krump")),
        ]
    )
    poses = shown(play(session, clicks(4.0), start=5 * RATE_HZ))
    assert {pose.expert for pose in poses if pose.bars >= 3.0} == {"popping"}
    assert {pose.expert for pose in poses if pose.bars < 3.0} == {"house"}
    assert not session.control.mirror
    with pytest.raises(CueError, match="tango"):
        session.set_cues([Cue(9.0, Command("expert", "tango"))])


def test_what_the_show_or_the_engine_must_answer_becomes_an_event() -> None:
    session = make_session(cues=[Cue(1.0, Command("scene", "drop")), Cue(1.0, Command("source", "demo"))])
    play(session, clicks(4.0))
    told = [(event.kind, event.details) for event in session.events() if event.kind in ("wanted", "source")]
    assert told == [("wanted", {"command": "scene", "value": "drop"}), ("source", {"value": "demo"})]


def lean(poses: list[PoseFrame], first_s: float, last_s: float) -> float:
    """How far the spine leans."""
    return float(np.ptp([pose.quats[6, 2] for pose in poses if first_s < pose.time_s < last_s]))


@pytest.mark.parametrize(("lost", "share"), [(False, (0.1, 0.5)), (True, (0.9, 1.1))])
def test_in_silence_the_dance_is_only_marked_but_not_where_the_input_was_lost(
    lost: bool, share: tuple[float, float]
) -> None:
    """A loose cable is not the end of the music."""
    session = make_session()
    poses = play(session, clicks(8.0))
    for second in range(8):
        samples = np.zeros((RATE_HZ, 2), np.float32)
        poses += session.push(AudioBlock(samples, RATE_HZ, (8 + second) * RATE_HZ, 8.0 + second, lost=lost))
    poses = shown(poses)
    before, after = lean(poses, 4.0, 8.0), lean(poses, 12.0, 16.0)
    assert share[0] * before < after < share[1] * before


@pytest.mark.parametrize(("dynamics", "share"), [(0.0, (0.95, 1.05)), (1.0, (0.2, 0.7))])
def test_in_a_break_the_dance_is_smaller_by_as_much_as_the_performer_wants(
    dynamics: float, share: tuple[float, float]
) -> None:
    samples = clicks(28.0)
    samples[14 * RATE_HZ : 22 * RATE_HZ] *= 0.02  # kicks and low end are gone; what is left can still be heard
    session = make_session()
    session.command(Command("dynamics", dynamics))
    poses = shown(play(session, samples))
    before, broken, after = lean(poses, 8.0, 14.0), lean(poses, 16.5, 22.0), lean(poses, 23.5, 28.0)
    assert share[0] * before < broken < share[1] * before
    assert after > 0.95 * before
