"""Looks for audio inputs beside the show, whose own sound system goes on undisturbed."""

import subprocess
import threading
from collections.abc import Callable

from megadance_live.audio.devices import DeviceInfo
from megadance_live.audio.scan import inputs_of, start_scan
from megadance_live.core.errors import AudioSourceError
from megadance_live.remote.snapshot import DevicesView, InputDevice


class DeviceScan:
    """`look` begins a search in the background, `view` says what the last one has found. From any thread."""

    def __init__(self, start: Callable[[], "subprocess.Popen[str]"] = start_scan) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._view = DevicesView()
        self._scan: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def look(self) -> None:
        """Search, unless a search is under way. What was found before stays in view until it ends."""
        with self._lock:
            if self._closed or self._view.scanning:
                return
            self._view = DevicesView(self._view.inputs, scanning=True)
            self._thread = threading.Thread(target=self._search, name="device-scan", daemon=True)
            self._thread.start()

    def view(self) -> DevicesView:
        """As last looked up."""
        return self._view

    def close(self) -> None:
        """End a search that is under way."""
        with self._lock:
            self._closed = True
            if self._scan is not None:
                self._scan.kill()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _search(self) -> None:
        try:
            with self._lock:
                if self._closed:
                    return
                self._scan = self._start()
            found = tuple(_shown(device) for device in inputs_of(self._scan))
            view = DevicesView(found)
        except AudioSourceError as error:
            view = DevicesView(self._view.inputs, trouble=str(error))
        with self._lock:
            self._scan = None
            self._view = view


def _shown(device: DeviceInfo) -> InputDevice:
    return InputDevice(device.full_name, device.channels, device.rate_hz, device.default)
