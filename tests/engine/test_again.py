"""The bar that is being danced, once more."""

import numpy as np
import numpy.typing as npt
import pytest

from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.core.dancer import TokenCue
from megadance_live.core.motion import MotionTokens, PoseFrame
from megadance_live.core.skeleton import SPINE2
from megadance_live.engine.again import repeated
from megadance_live.engine.dance import DancedToken, Slot
from megadance_live.engine.session import Session
from tests.fakes import FakeDancer
from tests.rehearsal import RATE_HZ, clicks, equal, play, shown


class Improviser(FakeDancer):
    """Never dances a place of the show as it has danced another. Keeps the cues that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.cues: list[TokenCue] = []

    def step(self, cue: TokenCue, state):  # type: ignore[no-untyped-def]
        self.cues.append(cue)
        return super().step(cue, state)

    def chosen(self, cue: TokenCue) -> npt.NDArray[np.int64]:
        return np.array([self.experts.index(cue.expert), 37 * cue.bar % 16 + 5 * cue.slot % 11], np.int64)


def make_session(**options: object) -> Session:
    return Session(Improviser(), RATE_HZ, 2, tracker="manual", **options)  # type: ignore[arg-type]


def moves_of(poses: list[PoseFrame], bar: int) -> npt.NDArray[np.float32]:
    """How the spine is held in a bar, without its first token, in which the join to the bar before is smoothed."""
    return np.stack([pose.quats[SPINE2] for pose in poses if bar + 1 / 15 < pose.bars + 1e-9 and pose.bars < bar + 1])


def same_moves(poses: list[PoseFrame], first: int, second: int) -> bool:
    a, b = moves_of(poses, first), moves_of(poses, second)
    return a.shape == b.shape and bool(np.allclose(a, b, atol=2e-3))


@pytest.mark.parametrize("before_line_s", [1.9, 1.0, 0.4, 0.2, 0.12, 0.07, 0.034, 0.01])
@pytest.mark.parametrize("latency_ms", [0.0, 400.0])
def test_given_at_any_time_in_a_bar_the_next_one_repeats_it(before_line_s: float, latency_ms: float) -> None:
    """A bar is 2 s long here."""
    plain, session = make_session(), make_session()
    for one in (plain, session):
        one.command(Command("latency", latency_ms))
    session.command(Command("again", at_s=6.0 - before_line_s))
    poses = shown(play(session, clicks(10.0)))
    without = shown(play(plain, clicks(10.0)))
    assert not same_moves(without, 2, 3)
    assert same_moves(poses, 2, 3)
    assert not same_moves(poses, 3, 4)
    assert same_moves([*without, *(pose for pose in poses if pose.bars >= 4)], 4, 4)
    assert equal([pose for pose in without if pose.bars < 3], [pose for pose in poses if pose.bars < 3])
    assert np.allclose(np.diff([pose.time_s for pose in poses if pose.time_s > 1]), 1 / 30, atol=1e-6)
    assert [event.details for event in session.events() if event.kind == "again"] == [{"bar": 4}]


def test_given_again_during_the_repeated_bar_it_is_repeated_once_more() -> None:
    session = make_session()
    session.command(Command("again", at_s=5.0))
    session.command(Command("again", at_s=5.2))
    session.command(Command("again", at_s=7.99))
    poses = shown(play(session, clicks(12.0)))
    assert same_moves(poses, 2, 3)
    assert same_moves(poses, 2, 4)
    assert not same_moves(poses, 2, 5)
    assert session.control.again_bars == ()


def test_whoever_asks_can_see_which_bars_repeat() -> None:
    session = make_session()
    session.command(Command("again", at_s=5.0))
    play(session, clicks(5.5))
    waiting = session.control
    play(session, clicks(2.0), start=round(5.5 * RATE_HZ))
    repeating = session.control
    play(session, clicks(1.5), start=round(7.5 * RATE_HZ))
    assert (waiting.again_bars, repeating.again_bars, session.control.again_bars) == ((3,), (3,), ())
    assert session.control.revision > repeating.revision == waiting.revision


def test_a_cue_repeats_the_bar_that_it_stands_at() -> None:
    session = make_session(cues=[Cue(2.0, Command("again"))])
    poses = shown(play(session, clicks(10.0)))
    assert same_moves(poses, 2, 3)
    assert not same_moves(poses, 1, 2)


@pytest.mark.parametrize(("again_s", "armed_s"), [(4.5, 5.0), (5.0, 4.5), (5.98, 5.98)])
def test_another_expert_does_not_repeat_what_it_has_not_danced(again_s: float, armed_s: float) -> None:
    session = make_session()
    session.command(Command("again", at_s=again_s))
    session.command(Command("expert", "krump", at_s=armed_s))
    only_switched = make_session()
    only_switched.command(Command("expert", "krump", at_s=armed_s))
    poses = shown(play(session, clicks(10.0)))
    assert {pose.expert for pose in poses if pose.bars >= 3} == {"krump"}
    assert equal(poses, shown(play(only_switched, clicks(10.0))))


def test_a_switch_that_is_given_up_leaves_the_bar_to_be_repeated() -> None:
    session = make_session()
    session.command(Command("again", at_s=4.5))
    session.command(Command("expert", "krump", at_s=5.0))
    session.command(Command("expert_cancel", at_s=5.9))
    assert same_moves(shown(play(session, clicks(10.0))), 2, 3)


def test_a_switch_within_the_repeated_bar_ends_the_repetition_there() -> None:
    session = make_session()
    session.command(Command("again", at_s=5.0))
    session.command(Command("expert_now", "krump", at_s=7.0))
    poses = shown(play(session, clicks(10.0)))
    house = [pose for pose in poses if pose.expert == "house"]
    assert 3.5 <= house[-1].bars < 3.6
    assert np.allclose(moves_of(house, 3)[:24], moves_of(poses, 2)[:24], atol=2e-3)
    assert {pose.expert for pose in poses if pose.bars > house[-1].bars} == {"krump"}


@pytest.mark.parametrize("command", [Command("panic", at_s=5.5), Command("resync", at_s=5.5)])
def test_panic_and_resync_forget_it(command: Command) -> None:
    session, plain = make_session(), make_session()
    session.command(Command("again", at_s=5.0))
    for one in (session, plain):
        one.command(command)
    poses = shown(play(session, clicks(10.0)))
    assert session.control.again_bars == ()
    assert equal(poses, shown(play(plain, clicks(10.0))))


def test_the_same_tokens_are_given_slot_by_slot_and_by_part_of_the_bar_where_the_tempo_has_changed() -> None:
    dancer = Improviser()
    session = Session(dancer, RATE_HZ, 2, tracker="manual")
    session.command(Command("again", at_s=5.0))
    session.command(Command("bpm", 90.0, at_s=5.5))
    play(session, clicks(12.0))
    danced = {(cue.bar, cue.slot): cue for cue in dancer.cues}
    third = [cue for (bar, _), cue in sorted(danced.items()) if bar == 3]
    assert [cue.slot for cue in third] == list(range(20))
    assert [cue.slots for cue in third] == [20] * 20
    given = [cue.tokens for cue in third]
    assert all(tokens is not None and tokens.bar == 2 and tokens.slots == 15 for tokens in given)
    slots = [tokens.slot for tokens in given if tokens is not None]
    assert slots == sorted(slots)
    assert set(slots) == set(range(15))


def test_a_part_of_a_bar_that_was_not_danced_is_improvised() -> None:
    tokens = MotionTokens(np.zeros(2, np.int64), np.zeros(2, np.int64), 4, 3, 4)
    danced = (DancedToken(Slot(9, 4, 3, 4, "house"), tokens),)
    assert repeated(Slot(20, 5, 3, 4, "house"), danced) is tokens
    assert repeated(Slot(20, 5, 7, 8, "house"), danced) is tokens
    assert repeated(Slot(20, 5, 2, 4, "house"), danced) is None
    assert repeated(Slot(20, 6, 3, 4, "house"), danced) is None
    assert repeated(Slot(20, 5, 3, 4, "krump"), danced) is None
