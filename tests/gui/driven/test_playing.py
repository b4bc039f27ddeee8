"""The show, played by mouse and keys, and what its receivers see of it."""

import json
import time
from functools import partial
from pathlib import Path
from statistics import linear_regression
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.widgets.entry import Entry
from megadance_live.core.output_frame import AppState
from tests.gui.driven.player import CTRL, SHIFT, Player
from tests.osc_port import OscPort

pytestmark = pytest.mark.timeout(240)


FRAME_BARS = 128 / 60 / 4 / 30
"""Of a pose, at a quick tempo."""


def finished(player: Player, home: Path, take: str) -> dict[str, Any]:
    """What stands in the file beside it, once it is there."""
    sidecar = home / "takes" / take / f"{take}.json"
    player.until(sidecar.is_file)
    player.until(lambda: not player.snapshot.engine.take)
    told: dict[str, Any] = json.loads(sidecar.read_text())
    return told


@pytest.fixture(autouse=True)
def nothing_is_armed(player: Player) -> None:
    """House dances, and changes come on the next bar."""
    player.client.say("panic")
    player.client.say("lock", False)
    player.client.say("expert_now", "house")
    player.client.say("quantize", 1.0)
    player.until(
        lambda: (player.control.expert, player.control.armed, player.control.quantize_bars) == ("house", None, 1.0)
    )
    player.until(lambda: player.pad("house").look.lit)


def test_a_pad_is_armed_counts_down_and_speaks_on_the_bar_line(player: Player, receiver: OscPort, home: Path) -> None:
    player.key(Qt.Key.Key_L)  # a tracker that still searches may move the bar line meanwhile
    player.until(lambda: (clock := player.client.view().status.clock) is not None and clock.held)
    player.key(Qt.Key.Key_R, CTRL)
    player.until(lambda: player.snapshot.engine.take)
    take = player.snapshot.engine.take
    player.click("pad_krump")
    player.until(lambda: player.control.armed == "krump")
    player.until(lambda: player.pad("krump").look.note.startswith("in "))
    assert not player.pad("krump").look.lit
    assert player.control.expert == "house"
    player.until(lambda: player.pad("krump").look.lit)
    assert player.control.armed is None
    krump = player.snapshot.engine.experts.index("krump")
    player.until(lambda: receiver.last("/expert/current") == krump)
    player.key(Qt.Key.Key_R, CTRL)
    switches = finished(player, home, take)["expert_switches"]
    assert [switch["expert"] for switch in switches] == ["house", "krump"]
    assert switches[1]["bars"] % 1 < 2 * FRAME_BARS


def test_the_same_pad_again_or_escape_disarms(player: Player) -> None:
    player.client.say("quantize", 8.0)
    player.until(lambda: player.control.quantize_bars == 8.0)
    for disarming in ("the same pad", "escape"):
        player.click("pad_salsa")
        player.until(lambda: player.control.armed == "salsa")
        if disarming == "escape":
            player.key(Qt.Key.Key_Escape)
        else:
            player.click("pad_salsa")
        player.until(lambda: player.control.armed is None)
        player.until(lambda: player.pad("salsa").look.glow is None and not player.pad("salsa").look.pending)
    assert player.control.expert == "house"


def test_another_pad_takes_the_place_of_the_armed_one(player: Player) -> None:
    player.client.say("quantize", 2.0)
    player.until(lambda: player.control.quantize_bars == 2.0)
    player.click("pad_salsa")
    player.until(lambda: player.control.armed == "salsa")
    player.click("pad_popping")
    player.until(lambda: player.control.armed == "popping")
    player.until(lambda: player.pad("popping").look.lit)
    assert player.control.expert == "popping"
    assert not player.pad("salsa").look.lit


def test_with_shift_a_pad_speaks_at_once_by_mouse_and_by_key(player: Player) -> None:
    player.client.say("quantize", 8.0)
    player.until(lambda: player.control.quantize_bars == 8.0)
    player.click("pad_waacking", SHIFT)
    player.until(lambda: player.control.expert == "waacking")
    before = player.client.view().status.clock
    place = player.snapshot.engine.experts.index("krump")
    player.key(Qt.Key(Qt.Key.Key_1 + place), SHIFT)
    player.until(lambda: player.control.expert == "krump")
    now = player.client.view().status.clock
    assert before is not None
    assert now is not None
    assert now.bars - before.bars < 8


def test_eight_taps_give_the_tempo(player: Player) -> None:
    bpm = 128.0
    before = player.client.view().status.clock
    assert before is not None
    assert abs(before.tempo_bpm - bpm) > 2
    began_s, taps_s = time.monotonic(), list[float]()
    for beat in range(8):
        while (left_s := began_s + beat * 60 / bpm - time.monotonic()) > 0:
            QTest.qWait(min(5, round(left_s * 1e3)))
        player.key(Qt.Key.Key_Space)
        taps_s.append(time.monotonic())
    tapped_bpm = 60 / linear_regression(range(8), taps_s).slope  # a machine that is busy taps a little unevenly
    assert abs(tapped_bpm - bpm) < 3

    def heard() -> bool:
        clock = player.client.view().status.clock
        return clock is not None and clock.source == "tap" and abs(clock.tempo_bpm - tapped_bpm) < 1

    player.until(heard)


def test_a_take_is_begun_marked_and_finished_by_key(player: Player, home: Path) -> None:
    player.key(Qt.Key.Key_R, CTRL)
    player.until(lambda: player.snapshot.engine.take)
    name = player.snapshot.engine.take
    player.key(Qt.Key.Key_K)
    since_s = time.monotonic()
    player.until(lambda: time.monotonic() > since_s + 1.0)  # so that the take holds something
    player.key(Qt.Key.Key_R, CTRL)
    told = finished(player, home, name)
    assert [marker["text"] for marker in told["markers"]] == ["marker 1"]
    assert {path.suffix for path in (home / "takes" / name).iterdir()} == {".bvh", ".flac", ".json"}
    assert not list((home / "takes").glob("*.partial"))


def test_the_safety_keys_work_while_somebody_types(player: Player, receiver: OscPort) -> None:
    seed = player.find(Entry, "seed")
    QTest.mouseClick(seed, Qt.MouseButton.LeftButton)
    player.until(seed.hasFocus)
    for key, state in (
        (Qt.Key.Key_F6, AppState.FROZEN),
        (Qt.Key.Key_F6, AppState.LIVE),
        (Qt.Key.Key_F7, AppState.BLACKOUT),
        (Qt.Key.Key_F8, AppState.PANIC),
    ):
        player.key(key)
        player.until(partial(_is_told, receiver, state))
        assert seed.hasFocus()
    QTest.keyClicks(seed, "fb")
    player.until(lambda: "f" in seed.text())
    assert not player.control.freeze


def _is_told(receiver: OscPort, state: AppState) -> bool:
    return receiver.last("/app/state") == state
