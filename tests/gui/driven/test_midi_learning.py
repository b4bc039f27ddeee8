"""A pad of a virtual controller is learned in the window, and played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.control.midi.virtual_ports import CONTROLLER, VirtualController, virtual_midi
from tests.gui.driven.player import CTRL, Player
from tests.program import Program


@pytest.fixture(scope="module")
def api() -> Iterator[int]:
    with virtual_midi() as number:
        yield number


@pytest.fixture(scope="module")
def show(api: int, home: Path, preset: Path) -> Iterator[Program]:
    program = Program(home, "run", "--preset", preset, "--osc-in", 0)
    yield program
    program.close()


def test_a_note_is_learned_and_fires_the_pad(player: Player, api: int) -> None:
    controller = VirtualController(api)
    try:
        player.until(lambda: any(CONTROLLER in name for name in player.snapshot.midi.ports))
        player.key(Qt.Key.Key_M, CTRL)
        player.click("pad_krump")
        player.until(lambda: player.snapshot.midi.learning is not None)
        assert player.control.armed is None
        controller.play(0x90, 60, 100)
        controller.play(0x80, 60, 0)
        player.until(lambda: player.snapshot.midi.learned is not None)
        player.key(Qt.Key.Key_M, CTRL)
        bindings = player.snapshot.preset.preset.midi.bindings
        assert [(each.number, each.command, each.value) for each in bindings] == [(60, "expert", "krump")]
        assert player.control.armed is None
        controller.play(0x90, 60, 100)
        player.until(lambda: "krump" in (player.control.armed, player.control.expert))
        player.until(lambda: player.pad("krump").look.lit)
        player.until(lambda: [0x90, 60, 127] in controller.lamps)
    finally:
        controller.pull_out()
