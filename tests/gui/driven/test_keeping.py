"""What is saved in the window is there again in the next show."""

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.widgets.fader import Fader
from tests.gui.driven.player import CTRL, Player
from tests.program import Program


def test_a_show_is_saved_stopped_and_goes_on_as_it_was(player: Player, show: Program, home: Path) -> None:
    fader = player.find(Fader, "energy")
    QTest.mouseClick(fader, Qt.MouseButton.LeftButton, pos=QPoint(fader.width() * 3 // 4, fader.height() * 8 // 10))
    player.until(lambda: player.control.energy > 1.2)
    player.click("mirror")
    player.until(lambda: player.control.mirror)
    player.until(lambda: player.snapshot.preset.changed)
    energy = player.control.energy
    player.key(Qt.Key.Key_S, CTRL)
    player.until(lambda: not player.snapshot.preset.changed)
    player.key(Qt.Key.Key_Q, CTRL)
    player.click("leave_stop")
    player.until(lambda: not player.window.isVisible())
    assert show.ended() == 0, show.complained

    again = Program(home, "run", "--preset", home / "driven.toml", "--osc-in", 0)
    with closing(again), closing(again.client()) as client:
        restored = Player(client)
        try:
            assert restored.control.energy == energy
            assert restored.control.mirror
            assert restored.find(Fader, "energy").value == energy
            assert not restored.snapshot.preset.problems
        finally:
            restored.leave()
