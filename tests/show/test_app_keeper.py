"""Apps that are closed, crash and never come up: tiny programs in their place."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from megadance_live.show import app_keeper
from megadance_live.show.app_keeper import CRASHES, AppKeeper, app_command
from tests.patience import DEADLINE_S, until


class Rig:
    """An app that notes every start, says that it has come where it is `reachable`, and then does as `body` says."""

    def __init__(self, folder: Path) -> None:
        self._starts = folder / "starts"
        self.keeper: AppKeeper | None = None
        self.reachable = True

    def open(self, body: str) -> AppKeeper:
        script = f"import sys, time; open({str(self._starts)!r}, 'a').write('x'); {body}"
        self.keeper = AppKeeper([sys.executable, "-S", "-c", script], lambda: self.reachable and self.starts > 0)
        return self.keeper

    @property
    def starts(self) -> int:
        return len(self._starts.read_text()) if self._starts.exists() else 0


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setattr(app_keeper, "POLL_S", 0.02)
    made = Rig(tmp_path)
    yield made
    if made.keeper is not None:
        made.keeper.stop()


def test_one_that_is_closed_stays_closed(rig: Rig) -> None:
    keeper = rig.open("time.sleep(0.1)")
    assert keeper.state == "open"
    until(lambda: keeper.state == "closed")
    assert keeper.exit_code == 0
    assert not keeper.never_opened
    assert rig.starts == 1


def test_one_that_crashes_is_opened_again(rig: Rig, tmp_path: Path) -> None:
    keeper = rig.open(f"time.sleep(0.1); sys.exit(0 if len(open({str(tmp_path / 'starts')!r}).read()) > 1 else 3)")
    until(lambda: rig.starts == 2)
    until(lambda: keeper.state == "closed")
    assert rig.starts == 2


def test_one_that_crashes_before_it_has_reached_the_show_cannot_be_opened_here(rig: Rig) -> None:
    rig.reachable = False
    keeper = rig.open("sys.exit(1)")
    until(lambda: keeper.state == "failed")
    assert keeper.never_opened
    assert keeper.exit_code == 1
    assert rig.starts == 1


def test_one_that_crashes_again_and_again_is_given_up(rig: Rig) -> None:
    keeper = rig.open("time.sleep(0.1); sys.exit(1)")
    until(lambda: keeper.state == "failed")
    assert not keeper.never_opened
    assert rig.starts == CRASHES + 1


def test_crashes_long_ago_are_forgiven(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_keeper, "WITHIN_S", 0.0)
    keeper = rig.open("time.sleep(0.05); sys.exit(1)")
    until(lambda: rig.starts > CRASHES + 2)
    assert keeper.state == "open"


def test_the_end_waits_for_the_app_to_close_by_itself(rig: Rig, tmp_path: Path) -> None:
    keeper = rig.open(f"time.sleep(0.3); open({str(tmp_path / 'closed')!r}, 'w').write('well')")
    until(lambda: rig.starts == 1)
    time.sleep(3 * app_keeper.POLL_S)  # it is known to have come
    keeper.stop()
    assert (tmp_path / "closed").read_text() == "well"


@pytest.mark.parametrize("reachable", [True, False])
def test_the_end_takes_an_app_along_that_does_not_close(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, reachable: bool
) -> None:
    monkeypatch.setattr(app_keeper, "END_S", 0.1 if reachable else DEADLINE_S)
    rig.reachable = reachable
    keeper = rig.open("time.sleep(600)")
    until(lambda: rig.starts == 1)
    keeper.stop()
    assert keeper._process.returncode != 0


def test_an_app_stays_to_say_why_the_show_has_failed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_keeper, "END_S", 0.1)
    keeper = rig.open("time.sleep(60)")
    until(lambda: keeper._was_connected)
    keeper.stop(failed=True)
    assert keeper._process.poll() is None


def test_an_app_that_cannot_be_started_again_costs_only_itself(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = rig.open("time.sleep(0.3); sys.exit(1)")

    def no_more(command: list[str]) -> None:
        raise OSError("no processes left")

    monkeypatch.setattr(app_keeper, "open_app", no_more)
    until(lambda: keeper.state == "failed")
    assert rig.starts == 1


def test_an_app_stands_beside_the_show_that_it_is_told() -> None:
    assert app_command(7, "--screen", "1") == [sys.executable, "-m", "gui", "--show", "7", "--screen", "1"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the priorities of threads as Linux keeps them")
def test_an_app_comes_up_quickly_and_then_stands_behind_the_show(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def priorities() -> set[int]:
        threads = psutil.Process(keeper._process.pid).threads()
        return {os.getpriority(os.PRIO_PROCESS, thread.id) for thread in threads}

    own = os.getpriority(os.PRIO_PROCESS, 0)
    if own >= 10:
        pytest.skip("this process stands behind others itself")
    rig.reachable = False
    keeper = rig.open("import threading; threading.Thread(target=time.sleep, args=(60,)).start(); time.sleep(60)")
    until(lambda: rig.starts == 1)
    assert priorities() == {own}
    rig.reachable = True
    until(lambda: priorities() == {10})
    keeper._process.kill()
