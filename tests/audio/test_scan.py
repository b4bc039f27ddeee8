"""A look at the inputs from another process."""

import json
import sys

import pytest

from megadance_live.audio import scan as scan_module
from megadance_live.audio.devices import DeviceInfo
from megadance_live.audio.scan import inputs_of, look_for, start_scan
from megadance_live.core.errors import AudioSourceError
from tests.audio.fake_audio import CABLE, MIC, PULSE, FakeBackend, FakeTime


def _saying(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"print({text!r})")


def test_what_it_sees_comes_back_whatever_else_is_printed() -> None:
    answer = (
        '{"inputs": [{"index": 3, "name": "Mic", "host_api": "ALSA", "channels": 1, "rate_hz": 44100}], "trouble": ""}'
    )
    assert inputs_of(start_scan(_saying("noise of a library\n" + answer))) == [DeviceInfo(3, "Mic", "ALSA", 1, 44_100)]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (_saying('{"inputs": [], "trouble": "PortAudio is missing."}'), "PortAudio is missing."),
        (_saying("nonsense"), r"failed \(exit code 0\): look for them again"),
        ((sys.executable, "-c", "raise SystemExit(3)"), r"failed \(exit code 3\)"),
        ((sys.executable, "-c", "import time; time.sleep(600)"), "has not listed its inputs within 0.2 s"),
    ],
)
def test_what_goes_wrong_is_a_sentence(command: tuple[str, ...], sentence: str) -> None:
    scan = start_scan(command)
    with pytest.raises(AudioSourceError, match=sentence):
        inputs_of(scan, timeout_s=0.2 if "sleep" in command[-1] else 30.0)
    assert scan.poll() is not None


def test_the_real_one_says_what_there_is_or_why_not(capfd: pytest.CaptureFixture[str]) -> None:
    scan_module.main()
    answer = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert set(answer) == {"inputs", "trouble"}
    assert all(set(each) >= {"name", "host_api"} for each in answer["inputs"])


def test_a_new_input_is_seen_after_another_look(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = FakeBackend(FakeTime(), present=[MIC])
    look_for("built-in", backend)
    assert backend.refreshes_s == []
    backend.present.append(CABLE)
    look_for("cable", backend)
    assert backend.devices() == [MIC, CABLE]


def test_what_is_listened_to_is_disturbed_only_for_an_input_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = FakeBackend(FakeTime(), present=[MIC, PULSE])
    capture = backend.open(MIC, 44_100, 1)
    monkeypatch.setattr(scan_module, "start_scan", lambda: None)
    monkeypatch.setattr(scan_module, "inputs_of", lambda scan: list(backend.present))
    with pytest.raises(AudioSourceError, match='choose one of "ALSA: Built-in Microphone"'):
        look_for("cable", backend)
    assert not capture.closed
    backend.present.append(CABLE)
    look_for("cable", backend)
    assert capture.closed
    assert CABLE in backend.devices()
