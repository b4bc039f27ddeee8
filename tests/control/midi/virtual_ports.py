"""A controller made of virtual ports, over the machine's own MIDI: ALSA's or CoreMIDI's where there is one, else that
of a JACK server which is started for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from megadance_live.control.midi.backend import jack_runs
from tests.control.midi.fake_midi import until

CONTROLLER = "Test Pads"


@contextmanager
def virtual_midi() -> Iterator[int]:
    """Number of the API in which virtual ports can be made, also in processes that are started meanwhile. Skips the
    test where there is none."""
    rtmidi = pytest.importorskip("rtmidi")
    if sys.platform == "win32":
        pytest.skip("Windows knows no virtual ports")
    if sys.platform == "darwin":
        yield rtmidi.API_MACOSX_CORE
    elif os.access("/dev/snd/seq", os.R_OK | os.W_OK):
        yield rtmidi.API_LINUX_ALSA
    elif shutil.which("jackd") is None:
        pytest.skip("there is neither an ALSA sequencer nor jackd")
    else:
        server = f"megadance-test-{os.getpid()}"
        command = ["jackd", "--no-realtime", "-n", server, "-d", "dummy", "-r", "48000", "-p", "512"]
        environment = {**os.environ, "JACK_NO_AUDIO_RESERVATION": "1"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with (
            pytest.MonkeyPatch.context() as patch,
            subprocess.Popen(command, env=environment, **quiet) as jackd,  # type: ignore[call-overload]
        ):
            patch.setenv("JACK_DEFAULT_SERVER", server)
            patch.setenv("JACK_NO_START_SERVER", "1")
            try:
                if not until(jack_runs):
                    pytest.skip("jackd does not start here")
                yield rtmidi.API_UNIX_JACK
            finally:
                jackd.terminate()


class VirtualController:
    """What it is sent, as bytes, in `lamps`."""

    def __init__(self, api: int) -> None:
        import rtmidi

        self.lamps: list[list[int]] = []
        self._keys = rtmidi.MidiOut(rtapi=api, name=CONTROLLER)
        self._keys.open_virtual_port("pads")
        self._lights = rtmidi.MidiIn(rtapi=api, name=CONTROLLER)
        self._lights.open_virtual_port("pads")
        self._lights.set_callback(lambda message, _: self.lamps.append(message[0]))

    def play(self, *message: int) -> None:
        self._keys.send_message(list(message))

    def pull_out(self) -> None:
        for port in (self._lights, self._keys):
            port.close_port()
            port.delete()
