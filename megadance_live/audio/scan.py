"""A fresh look at the audio inputs, from a process of its own.

PortAudio lists its devices once, when it starts. To see what has been plugged in since, it must be started again, which
ends every stream of its process; so the look is had elsewhere: `python -m megadance_live.audio.scan` prints what it
sees as JSON.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from megadance_live.audio.devices import DeviceInfo, find_device, list_devices
from megadance_live.core.errors import AudioSourceError

if TYPE_CHECKING:
    from megadance_live.audio.portaudio import Backend

SCAN_S = 15.0
"""A sound system that takes longer than this hangs."""
COMMAND = (sys.executable, "-m", "megadance_live.audio.scan")


def start_scan(command: tuple[str, ...] = COMMAND) -> "subprocess.Popen[str]":
    """Begin to look; `inputs_of` reads what it says. Raises AudioSourceError where no process can be started."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
    try:
        return subprocess.Popen(command, stdin=nothing, stdout=pipe, stderr=nothing, env=environment, text=True)
    except OSError as error:
        raise AudioSourceError(
            f"Audio inputs cannot be looked for ({error.strerror}): close other programs."
        ) from error


def inputs_of(scan: "subprocess.Popen[str]", timeout_s: float = SCAN_S) -> list[DeviceInfo]:
    """Wait for what a scan sees, and end it where it does not come to an end.

    Raises AudioSourceError, with what the scan says or what became of it.
    """
    try:
        said, _ = scan.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        scan.kill()
        scan.communicate()
        raise AudioSourceError(
            f"The sound system has not listed its inputs within {timeout_s:g} s: unplug what was plugged in last, or "
            "start the sound server again."
        ) from None
    try:
        answer = json.loads(said.strip().splitlines()[-1])
        trouble = str(answer["trouble"])
        inputs = [DeviceInfo(**each) for each in answer["inputs"]]
    except (ValueError, LookupError, TypeError):
        trouble = f"The search for audio inputs failed (exit code {scan.returncode}): look for them again."
    if trouble:
        raise AudioSourceError(trouble)
    return inputs


def look_for(name: str, backend: "Backend") -> None:
    """Have the backend look again for an input that it does not know, without disturbing what runs unless the input is
    really there.

    Raises AudioSourceError, listing what there is, if it is not.
    """
    try:
        find_device(name, backend.devices())
    except AudioSourceError:
        if backend.capturing:
            find_device(name, inputs_of(start_scan()))
        backend.refresh()


def main() -> None:
    """Print what there is."""
    inputs, trouble = [], ""
    try:
        inputs = [asdict(device) for device in list_devices()]
    except AudioSourceError as error:
        trouble = str(error)
    sys.stdout.write("\n" + json.dumps({"inputs": inputs, "trouble": trouble}) + "\n")


if __name__ == "__main__":
    main()
