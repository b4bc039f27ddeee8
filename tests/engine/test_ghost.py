"""What the armed expert would dance, seen before it speaks."""

import numpy as np
import pytest

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.session import Session
from tests.fakes import FakeDancer
from tests.rehearsal import F32, RATE_HZ, clicks, equal, play, shown


def make_session(ghost: bool = True, **options: object) -> Session:
    return Session(FakeDancer(), RATE_HZ, 2, tracker="manual", ghost=ghost, **options)  # type: ignore[arg-type]


def haunted(
    session: Session, samples: F32, cut: int = 480, start: int = 0
) -> tuple[list[PoseFrame], list[tuple[float, PoseFrame]]]:
    """The poses; those of the ghost, each with the stream time of the push that brought it."""
    poses: list[PoseFrame] = []
    ghosts: list[tuple[float, PoseFrame]] = []
    for at in range(0, len(samples), cut):
        block = AudioBlock(samples[at : at + cut], RATE_HZ, start + at, (start + at) / RATE_HZ)
        poses += session.push(block)
        ghosts += [(session.time_s, pose) for pose in session.ghost()]
    return poses, ghosts


def armed(at_s: float = 4.5, expert: str = "krump", quantize: float = 4.0) -> Session:
    """From bar 4 on, which is at 8 s."""
    session = make_session()
    session.command(Command("quantize", quantize))
    session.command(Command("expert", expert, at_s=at_s))
    return session


def test_the_ghost_dances_from_arming_to_the_switch_on_the_times_of_the_dance() -> None:
    poses, ghosts = haunted(armed(), clicks(10.0))
    own = [pose for _, pose in ghosts]
    assert {pose.expert for pose in own} == {"krump"}
    assert 4.5 < own[0].time_s < 5.1
    assert own[-1].bars < 4.0 <= own[-1].bars + 1 / 60 + 1e-9
    places = {pose.time_s: pose.bars for pose in poses}
    assert all(places[pose.time_s] == pose.bars for pose in own)
    assert np.allclose(np.diff([pose.time_s for pose in own]), 1 / 30, atol=1e-6)
    real = {pose.time_s: pose for pose in poses if pose.expert == "house"}
    differing = [pose for pose in own if not np.array_equal(pose.quats, real[pose.time_s].quats)]
    assert len(differing) > 0.9 * len(own)


def test_it_comes_no_later_than_the_poses_beside_it() -> None:
    session = armed()
    samples = clicks(10.0)
    for at in range(0, len(samples), 480):
        poses = session.push(AudioBlock(samples[at : at + 480], RATE_HZ, at, at / RATE_HZ))
        ghosts = session.ghost()
        if ghosts:
            assert {ghost.time_s for ghost in ghosts} <= {pose.time_s for pose in poses}


@pytest.mark.parametrize("commands", [
    [Command("expert", "krump", 4.5)],
    [Command("expert", "krump", 4.5), Command("expert", "popping", 6.2)],
    [Command("expert", "krump", 4.5), Command("expert_cancel", at_s=6.2), Command("again", at_s=6.5)],
    [Command("expert", "krump", 7.95), Command("resync", at_s=8.3), Command("latency", 300.0, at_s=8.4)],
    [Command("expert", "krump", 4.5), Command("freeze", True, at_s=5.0), Command("panic", at_s=6.2)],
])  # fmt: skip
def test_not_one_bit_of_what_is_danced_depends_on_it(commands: list[Command]) -> None:
    danced = []
    for ghost in (True, False):
        session = make_session(ghost)
        session.command(Command("quantize", 4.0))
        for command in commands:
            session.command(command)
        danced.append((play(session, clicks(12.0)), session.control, session.events()))
    assert equal(danced[0][0], danced[1][0])
    assert danced[0][1:] == danced[1][1:]


def test_without_being_asked_for_there_is_none() -> None:
    session = make_session(ghost=False)
    session.command(Command("expert", "krump", at_s=4.1))
    assert haunted(session, clicks(6.0))[1] == []


def test_who_speaks_already_needs_no_ghost() -> None:
    assert haunted(armed(expert="house"), clicks(10.0))[1] == []


def test_who_speaks_at_once_has_none() -> None:
    session = make_session()
    session.command(Command("expert_now", "krump", at_s=4.5))
    assert haunted(session, clicks(8.0))[1] == []


@pytest.mark.parametrize("command", [Command("expert_cancel", at_s=6.0), Command("panic", at_s=6.0)])
def test_it_ends_when_its_expert_is_disarmed(command: Command) -> None:
    session = armed()
    session.command(command)
    _, ghosts = haunted(session, clicks(10.0))
    assert ghosts
    assert max(heard_s for heard_s, _ in ghosts) <= 6.05


def test_another_armed_expert_has_a_ghost_of_its_own_that_begins_where_the_dancer_is() -> None:
    session = armed()
    session.command(Command("expert", "popping", at_s=6.0))
    poses, ghosts = haunted(session, clicks(10.0))
    experts = [pose.expert for _, pose in ghosts]
    assert experts == sorted(experts)
    second = shown([pose for _, pose in ghosts if pose.expert == "popping"])
    assert second[0].time_s < 6.6
    beside = next(pose for pose in poses if pose.time_s == second[0].time_s)
    assert np.allclose(second[0].root_m, beside.root_m, atol=0.01)
    alone = [pose for _, pose in haunted(armed(6.0, "popping"), clicks(10.0))[1]]
    assert equal(second, alone)


def test_armed_again_for_another_boundary_it_goes_on() -> None:
    session = armed()
    session.command(Command("quantize", 8.0, at_s=6.0))
    session.command(Command("expert", "krump", at_s=6.1))
    _, ghosts = haunted(session, clicks(18.0))
    own = [pose for _, pose in ghosts]
    assert np.allclose(np.diff([pose.time_s for pose in own]), 1 / 30, atol=1e-6)
    assert 8 - 1 / 59 < own[-1].bars < 8


def test_it_dances_on_while_the_dance_is_frozen() -> None:
    session = armed()
    session.command(Command("freeze", True, at_s=4.2))
    _, ghosts = haunted(session, clicks(8.0))
    late = [pose.quats for _, pose in ghosts if pose.time_s > 6.0]
    assert not all(np.array_equal(quats, late[0]) for quats in late)


def test_it_follows_moved_bar_lines() -> None:
    session = armed()
    session.command(Command("resync", at_s=5.3))
    poses, ghosts = haunted(session, clicks(12.0))
    places = {pose.time_s: pose.bars for pose in poses}
    late = [pose for _, pose in ghosts if pose.time_s > 5.6]
    assert late
    assert all(places[pose.time_s] == pose.bars for pose in late)


def test_after_a_long_gap_it_begins_anew() -> None:
    session = armed(quantize=8.0)
    haunted(session, clicks(6.0))
    poses, ghosts = haunted(session, clicks(3.0), start=9 * RATE_HZ)
    own = [pose for _, pose in ghosts]
    assert own[0].time_s > 9.0
    assert {pose.time_s for pose in own} <= {pose.time_s for pose in poses}


@pytest.mark.parametrize("cut", [64, 1000, 160_000])
def test_it_does_not_depend_on_how_the_audio_is_cut(cut: int) -> None:
    first = haunted(armed(), clicks(9.0))[1]
    second = haunted(armed(), clicks(9.0), cut)[1]
    assert first
    assert equal([pose for _, pose in first], [pose for _, pose in second])
