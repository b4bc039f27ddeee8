from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from megadance_live.core.bar_clock import BarClock
from megadance_live.remote.board import Status, StatusBoard

CLOCK = BarClock(1234.5, 17.25, 126.5, 3, 0.75, "link", "holding", 2, True)
STATUS = Status(
    clock=CLOCK, level=0.5, low=0.25, mid=0.125, high=0.75, onset=1.0, expert=3, armed=5, armed_at_bars=18.0,
    crossfade_s=0.4, latency_ms=-20.0, frozen=True, blackout=False, panic=True, audio_lost=True, recording=True,
    late_steps=4, overflows=2, written_s=1234.25,
)  # fmt: skip


@pytest.fixture
def board() -> Iterator[StatusBoard]:
    opened = StatusBoard()
    yield opened
    opened.close()


def test_every_number_crosses_with_its_type(board: StatusBoard) -> None:
    reader = StatusBoard(board.name)
    assert board.write(STATUS)
    assert reader.read() == STATUS
    assert reader.read() is reader.read()
    reader.close()


def test_before_the_engine_writes_there_is_no_clock(board: StatusBoard) -> None:
    assert board.read().clock is None
    assert board.read().written_s == 0.0


def test_a_status_knows_its_age() -> None:
    assert replace(STATUS, written_s=2000.0).age_s(2001.5) == 1.5


@pytest.mark.parametrize(
    "clock",
    [
        replace(CLOCK, bars=float("nan")),
        replace(CLOCK, time_s=float("inf")),
        replace(CLOCK, tempo_bpm=0.0),
        replace(CLOCK, beats_per_bar=0),
    ],
)
def test_a_clock_that_cannot_run_is_refused(board: StatusBoard, clock: BarClock) -> None:
    board.write(STATUS)
    assert not board.write(replace(STATUS, clock=clock))
    assert board.read() == STATUS


def test_levels_that_are_no_numbers_are_silence(board: StatusBoard) -> None:
    assert board.write(replace(STATUS, level=float("nan"), onset=float("inf"), low=np.float32(0.5)))
    status = board.read()
    assert (status.level, status.onset, status.low) == (0.0, 0.0, 0.5)


def test_an_engine_that_dies_while_writing_leaves_its_last_word(board: StatusBoard) -> None:
    board.write(STATUS)
    board.read()
    with suppress(KeyboardInterrupt), board._shared.writing() as record:
        record["latency_ms"] = 1e9
        raise KeyboardInterrupt
    assert board.read() == STATUS
    board.write(replace(STATUS, overflows=3))
    assert board.read().overflows == 3
