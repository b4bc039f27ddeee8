"""Does the app disturb the dance on its way out? One show, measured with its app at rest, played with, and closed.

python -m benchmarks.app_lateness [--seconds N] [--size WxH] [--raw FILE]

While the app is played with, its window is resized and dragged about and its pages are opened, by xdotool. Prints a
JSON line for each part: how late the sender is in its own count (of a minute at most), and how the datagrams of a frame
come in at a receiver of this machine, against an even grid through the earliest ones.
"""

import argparse
import itertools
import json
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.app_rig import RigError, RunningShow, load_average, needed, running_show, size, told, virtual_screen
from megadance_live.remote.client import ShowClient
from megadance_live.remote.rendezvous import Rendezvous

RATE_HZ = 60
POSE = b"/pose/quat"
WARM_UP_S = 15.0
PLAYED_EVERY_S = 0.1
TABS = 7


@dataclass
class Receiver:
    """Notes when datagrams come in. One bundle is one frame on this machine."""

    socket: socket.socket
    arrived_s: list[float] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        self.socket.settimeout(0.5)
        while not self.ending.is_set():
            try:
                datagram = self.socket.recv(65536)
            except TimeoutError:
                continue
            if POSE in datagram:
                self.arrived_s.append(time.monotonic())


def regularity(arrived_s: list[float]) -> dict[str, float]:
    """Frames that came, those that are missing, and how late they were against an even grid, in ms."""
    if len(arrived_s) < 2:
        return {"frames": len(arrived_s)}
    times = np.array(arrived_s)
    number = np.round((times - times[0]) * RATE_HZ)
    late_ms = (times - times[0] - number / RATE_HZ) * 1e3
    late_ms -= np.percentile(late_ms, 1)
    gaps_ms = np.diff(times) * 1e3
    return {
        "frames": len(times),
        "missing": int(number[-1]) + 1 - len(np.unique(number)),
        "median_ms": round(float(np.median(late_ms)), 2),
        "p99_ms": round(float(np.percentile(late_ms, 99)), 2),
        "worst_ms": round(float(late_ms.max()), 2),
        "longest_gap_ms": round(float(gaps_ms.max()), 2),
    }


class Player:
    """Plays with the window until told to stop: drags it, resizes it, opens pages, walks around the stage."""

    def __init__(self, environment: dict[str, str], width: int, height: int) -> None:
        self._tool = needed("xdotool", "xdotool")
        self._environment = environment
        self._room = (width, height)
        self.acts = 0
        self.ending = threading.Event()
        found = self.say("search", "--onlyvisible", "--name", "^MegaDance Live$").split()
        if not found:
            raise RigError("The window of the app cannot be found.")
        self.window = found[-1]

    def say(self, *words: str) -> str:
        """Let xdotool do something."""
        done = subprocess.run([self._tool, *words], env=self._environment, capture_output=True, text=True)
        return done.stdout

    def run(self) -> None:
        width, height = self._room
        self.say("windowactivate", self.window)
        for n in itertools.count():
            if self.ending.wait(PLAYED_EVERY_S):
                break
            swing = abs(20 - n % 40) / 20
            wide, high = 1280 + int((width * 0.9 - 1280) * swing), 720 + int((height * 0.85 - 720) * swing)
            left, top = int((width - wide) * (n % 7) / 7), int((height - high) * (n % 5) / 5)
            act = n % 4
            if act == 0:
                self.say("windowsize", self.window, str(wide), str(high))
            elif act == 1:
                self.say("windowmove", self.window, str(left), str(top))
            elif act == 2:
                self.say("key", f"ctrl+{1 + n // 4 % TABS}")
            else:
                at = (str(wide // 5), str(high // 3))
                self.say("mousemove", "--window", self.window, *at, "mousedown", "1")
                self.say("mousemove_relative", "40", "8", "mouseup", "1")
            self.acts += 1


def measure(show: RunningShow, client: ShowClient, receiver: Receiver, what: str, seconds: float) -> dict[str, Any]:
    """How that part went."""
    begun = len(receiver.arrived_s)
    processes = show.processes().named()
    cpu_s = {name: sum(process.cpu_times()[:2]) for name, process in processes.items()}
    begun_s = time.monotonic()
    time.sleep(seconds)
    taken_s = time.monotonic() - begun_s
    view = client.view()
    served = view.snapshot.receivers[0]
    share = {
        name: round((sum(process.cpu_times()[:2]) - cpu_s[name]) / taken_s, 2) for name, process in processes.items()
    }
    return {
        "part": what,
        "seconds": round(taken_s, 1),
        "sender": {"median_ms": round(served.late_median_ms, 3), "p99_ms": round(served.late_p99_ms, 3)},
        "dropped": served.dropped,
        "received": regularity(receiver.arrived_s[begun:]),
        "late_steps": view.status.late_steps,
        "processors": share,
        "load": load_average()[0],
    }


def rendezvous_of(show: RunningShow) -> Rendezvous:
    """How the show is reached."""
    folder = show.home / "state" / "megadance-live" / "running"
    show.wait_for(lambda: any(folder.glob("*.show.json")), "the show's rendezvous")
    return Rendezvous(**json.loads(next(folder.glob("*.show.json")).read_text(encoding="utf-8")))


def close_app(show: RunningShow, player: Player) -> None:
    """As the performer does: wanting twice to leave leaves the show on."""
    for _ in range(2):
        player.say("windowactivate", "--sync", player.window, "key", "ctrl+q")
        time.sleep(1.0)
    show.wait_for(lambda: show.processes().app is None, "the end of the app")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, metavar="N", help="length of each part")
    parser.add_argument("--size", type=size, default=(1920, 1080), metavar="WxH", help="of the screen")
    parser.add_argument("--raw", type=Path, metavar="FILE", help="times at which frames came in, in a .npz")
    options = parser.parse_args()
    with virtual_screen(*options.size, managed=True), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        receiver = Receiver(bound)
        listening = threading.Thread(target=receiver.run, daemon=True)
        listening.start()
        try:
            parts = _parts(receiver, options.size, options.seconds)
        finally:
            receiver.ending.set()
            listening.join()
    if options.raw is not None:
        np.savez(options.raw, arrived_s=np.array(receiver.arrived_s), parts=json.dumps(parts))


def _parts(receiver: Receiver, screen: tuple[int, int], seconds: float) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []

    def part(what: str) -> None:
        parts.append(measure(show, client, receiver, what, seconds))
        print(json.dumps(parts[-1]), flush=True)

    with running_show("--preset", "only.toml", preset=_preset(receiver)) as show:
        show.reach("dance painted")
        client = ShowClient(rendezvous_of(show))
        try:
            player = Player(show.environment, *screen)
            time.sleep(WARM_UP_S)
            part("app at rest")
            playing = threading.Thread(target=player.run, daemon=True)
            playing.start()
            part("app played with")
            player.ending.set()
            playing.join()
            parts[-1]["acts"] = player.acts
            close_app(show, player)
            part("no app")
        finally:
            client.close()
    return parts


def _preset(receiver: Receiver) -> str:
    port = receiver.socket.getsockname()[1]
    return f'schema_version = 2\n[[output.receivers]]\nname = "measured"\nto = "127.0.0.1:{port},rate={RATE_HZ}"\n'


if __name__ == "__main__":
    told(main)
