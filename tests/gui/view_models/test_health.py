import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from gui.view_models.health import Figure, HealthModel, resident_bytes
from megadance_live.remote.client import View
from megadance_live.remote.snapshot import ReceiverView
from tests.gui.fake_port import dancing_view


def seen(now_s: float = 100.0, receivers: tuple[ReceiverView, ...] = (), **status: Any) -> View:
    view = dancing_view(now_s)
    return replace(
        view, snapshot=replace(view.snapshot, receivers=receivers, pids=(7, 8)), status=replace(view.status, **status)
    )


class Rig:
    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []
        self.model = HealthModel(self._memory, lambda: 0.5)

    def _memory(self, pids: Sequence[int]) -> int:
        self.asked.append(tuple(pids))
        return 1_500_000_000

    def figure(self, name: str, view: View) -> Figure:
        self.model.update(replace(view, connected=not view.connected))
        self.model.update(view)
        return next(figure for figure in self.model.figures if figure.name == name)


def test_the_age_of_the_audio_has_a_word() -> None:
    rig = Rig()
    assert (rig.figure("audio", seen(heard_s=99.98)).value, rig.figure("audio", seen(heard_s=99.98)).word) == (
        "20 ms",
        "OK",
    )
    assert rig.figure("audio", seen(heard_s=99.5)).word == "OLD"
    assert rig.figure("audio", seen(heard_s=90.0)).word == "LOST"
    assert rig.figure("audio", seen(heard_s=0.0)).word == "NONE"


def test_a_step_is_judged_by_its_deadline() -> None:
    rig = Rig()
    assert rig.figure("step", seen(step_ms=40, step_p99_ms=61)).value == "40 | 61 ms"
    assert [rig.figure("step", seen(step_ms=40, step_p99_ms=p)).word for p in (61, 120, 140)] == ["OK", "HIGH", "LATE"]


def test_a_late_step_warns_for_a_minute() -> None:
    rig = Rig()
    assert rig.figure("late", seen(100, late_steps=3)).word == "OK"
    assert rig.figure("late", seen(101, late_steps=4)).word == "RISING"
    assert rig.figure("late", seen(150, late_steps=4)).word == "RISING"
    assert rig.figure("late", seen(162, late_steps=4)).word == "OK"


def test_the_worst_receiver_counts() -> None:
    rig = Rig()
    both = (ReceiverView(0, True, 60.0, late_p99_ms=0.5), ReceiverView(1, True, 40.0, late_p99_ms=9.0))
    sent, out = rig.figure("sent", seen(receivers=both)), rig.figure("out", seen(receivers=both))
    assert (sent.value, sent.word, out.value, out.word) == ("9.0 ms late", "LATE", "40 of 60 fps", "LOW")
    closed = (ReceiverView(0, False), ReceiverView(9, True, 60.0))
    assert rig.figure("out", seen(receivers=closed)).word == "NOBODY"


def test_the_app_counts_what_it_draws() -> None:
    rig = Rig()
    assert rig.figure("app", seen()).word == "NONE"
    for i in range(61):
        rig.model.drew(98.0 + i / 30)
    assert rig.figure("app", seen()).value == "30 fps"
    rig.model.stage_fps = 12.0
    assert (rig.figure("app", seen()).value, rig.figure("app", seen()).word) == ("12 fps", "LOW")


def test_memory_is_measured_every_two_seconds_for_all_processes() -> None:
    rig = Rig()
    for now_s in (100.0, 100.5, 101.0, 102.0):
        assert rig.figure("memory", seen(now_s)).value == "1.50 GB"
    assert rig.asked == [tuple(sorted((7, 8, os.getpid())))] * 2


def test_a_restarted_engine_is_a_figure() -> None:
    rig = Rig()
    view = seen()
    rig.model.update(view)
    assert "restarts" not in [figure.name for figure in rig.model.figures]
    restarted = replace(view, snapshot=replace(view.snapshot, engine=replace(view.snapshot.engine, restarts=1)))
    assert rig.figure("restarts", restarted).value == "1"


def test_figures_stand_still_long_enough_to_be_read() -> None:
    rig = Rig()
    rig.model.update(seen(100.0, heard_s=99.98))
    before = rig.model.figures
    rig.model.update(seen(100.1, heard_s=100.0))
    assert rig.model.figures is before
    rig.model.update(seen(100.3, heard_s=100.2))
    assert rig.model.figures[0].value == "100 ms"


def test_processes_that_have_gone_weigh_nothing() -> None:
    assert resident_bytes([os.getpid()]) > 1_000_000
    assert resident_bytes([2**22 + 7 if sys.platform == "linux" else 999_999]) == 0


def test_every_figure_has_a_word_and_says_what_it_is() -> None:
    rig = Rig()
    rig.model.update(View())
    assert all(figure.word and figure.help for figure in rig.model.figures)


def test_the_log_keeps_the_figures_of_every_minute_with_a_show(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig()
    with caplog.at_level(logging.INFO, "gui"):
        for second in range(0, 130, 10):
            rig.model.update(seen(100.0 + second, heard_s=99.98 + second))
        rig.model.update(replace(seen(300.0), connected=False))
    assert len(caplog.messages) == 2
    assert caplog.messages[0].startswith("health: audio 20 ms, ")
