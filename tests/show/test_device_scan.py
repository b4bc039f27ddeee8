"""The search for audio inputs, beside the show."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from megadance_live.audio import scan as scan_module
from megadance_live.audio.scan import start_scan
from megadance_live.remote.snapshot import DevicesView, InputDevice
from megadance_live.show.device_scan import DeviceScan

MIC = {"index": 3, "name": "Mic", "host_api": "ALSA", "channels": 1, "rate_hz": 44_100, "default": True}


def _running(code: str) -> Callable[[], "subprocess.Popen[str]"]:
    return lambda: start_scan((sys.executable, "-c", code))


def _saying(**answer: object) -> str:
    return f"print({json.dumps(answer)!r})"


def _settled(scan: DeviceScan) -> DevicesView:
    until_s = time.monotonic() + 30
    while scan.view().scanning and time.monotonic() < until_s:
        time.sleep(0.01)
    return scan.view()


def test_it_finds_what_there_is_and_keeps_it_while_it_looks_again() -> None:
    scan = DeviceScan(_running(_saying(inputs=[MIC], trouble="")))
    assert scan.view() == DevicesView()
    scan.look()
    found = _settled(scan)
    assert found == DevicesView((InputDevice("ALSA: Mic", 1, 44_100, True),))
    scan.look()
    assert scan.view().inputs == found.inputs
    scan.close()


def test_what_goes_wrong_is_told_and_what_was_known_stays() -> None:
    codes = iter([_saying(inputs=[MIC], trouble=""), _saying(inputs=[], trouble="PortAudio is missing."), "boom"])
    scan = DeviceScan(lambda: _running(next(codes))())
    scan.look()
    known = _settled(scan).inputs
    scan.look()
    assert _settled(scan) == DevicesView(known, trouble="PortAudio is missing.")
    scan.look()
    assert "failed (exit code 1)" in _settled(scan).trouble
    scan.close()


def test_a_sound_system_that_hangs_does_not_hold_up_the_show_or_its_end() -> None:
    started = threading.Event()
    processes = []

    def hang() -> "subprocess.Popen[str]":
        processes.append(_running("import time; time.sleep(600)")())
        started.set()
        return processes[0]

    scan = DeviceScan(hang)
    scan.look()
    scan.look()
    assert started.wait(10)
    assert scan.view().scanning
    scan.close()
    assert processes[0].poll() is not None
    assert len(processes) == 1
    scan.look()
    assert not [thread for thread in threading.enumerate() if thread.name == "device-scan"]


def test_without_processes_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(*args: object, **options: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(scan_module.subprocess, "Popen", none_left)
    scan = DeviceScan()
    scan.look()
    assert "Cannot allocate memory" in _settled(scan).trouble
    scan.close()
