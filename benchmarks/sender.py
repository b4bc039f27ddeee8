"""Cost of a frame per layout and datagram mode, and how well a sender with four destinations keeps its deadlines.

python benchmarks/sender.py [--frames N] [--seconds N]

Prints JSON lines. The receivers are sockets of this machine that nobody reads. `--seconds 0` leaves the deadlines out.
"""

import argparse
import json
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.destination import RATES_HZ, parse_destination
from megadance_live.core.motion import PoseFrame
from megadance_live.core.output_frame import OutputFrame
from megadance_live.core.skeleton import JOINT_COUNT, STANDING_PELVIS_M
from megadance_live.output.osc.stream import OscStream
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.show.frame_source import FrameSource
from megadance_live.show.sender import Sender
from megadance_live.show.timeline import PoseTimeline

EXPERTS = tuple(f"expert{i}" for i in range(10))
FRAME_S = 1 / 30
LAYOUTS = ("native", "touchdesigner", "touchdesigner,rotation=quat", "vmc")
MODES = ("bundle", "split", "plain")


def frame_at(time_s: float) -> PoseFrame:
    """A pose of a smooth dance."""
    phase = np.arange(3 * JOINT_COUNT).reshape(JOINT_COUNT, 3)
    turns = 0.4 * np.sin(2 * np.pi * 0.8 * time_s + phase)
    root_m = np.array([np.sin(time_s), STANDING_PELVIS_M, np.cos(time_s)], np.float32)
    quats = quaternion.from_axis_angle(turns).astype(np.float32)
    return PoseFrame(time_s, time_s / 2, root_m, quats, np.ones(4, np.float32), EXPERTS[0])


def cost(act: Callable[[int], object], times: int) -> dict[str, object]:
    """Microseconds of one call."""
    taken_us = []
    for n in range(times):
        before_s = time.perf_counter()
        act(n)
        taken_us.append((time.perf_counter() - before_s) * 1e6)
    return {
        "median_us": round(statistics.median(taken_us), 1),
        "p99_us": round(statistics.quantiles(taken_us, n=100)[98], 1),
    }


class Engine(threading.Thread):
    """Writes a frame 0.1 s ahead, thirty times a second, until told to stop."""

    def __init__(self, timeline: PoseTimeline, board: StatusBoard) -> None:
        super().__init__(daemon=True)
        self.timeline, self.board, self.stopped = timeline, board, threading.Event()

    def run(self) -> None:
        start_s = time.monotonic()
        frames = 0
        while not self.stopped.wait(max(0.0, start_s + frames * FRAME_S - 0.1 - time.monotonic())):
            now_s = start_s + frames * FRAME_S
            self.timeline.write(now_s, frame_at(frames * FRAME_S), 0)
            self.board.write(Status(clock=BarClock(start_s, 0.0, 124.0), expert=0, level=0.5, written_s=now_s))
            frames += 1


def measure_costs(port: int, frames: int) -> None:
    timeline, board = PoseTimeline(), StatusBoard()
    for n in range(60):
        timeline.write(n * FRAME_S, frame_at(n * FRAME_S), 0)
    source = FrameSource(timeline, board, 0.0)
    show({"what": "sample and musical numbers", **cost(lambda n: source.at(1.0 + n / frames * 0.9), frames)})
    frame = source.at(1.95)
    for layout in LAYOUTS:
        for mode in MODES:
            text = f"127.0.0.1:{port},layout={layout},datagram={mode}"
            result = measure_stream(text, frame, frames)
            show({"what": "send", "layout": layout, "mode": mode, **result})
    timeline.close()
    board.close()


def measure_stream(destination: str, frame: OutputFrame, frames: int) -> dict[str, object]:
    stream = OscStream(parse_destination(destination, "native"), EXPERTS)
    result = cost(lambda n: stream.send(frame, n / 60), frames)
    counts = stream.counts
    stream.close()
    return {"datagrams": counts.packets // frames, "bytes": counts.bytes // frames, **result}


def measure_deadlines(port: int, seconds: float) -> None:
    timeline, board = PoseTimeline(), StatusBoard()
    layouts = ("vmc", "native", "touchdesigner", "native")
    destinations = [
        parse_destination(f"127.0.0.1:{port},layout={layout},rate={rate}", "native")
        for layout, rate in zip(layouts, RATES_HZ, strict=True)
    ]
    engine, sender = Engine(timeline, board), Sender(timeline, board, destinations, EXPERTS)
    engine.start()
    sender.start()
    cpu_s, began_s = time.process_time(), time.monotonic()
    time.sleep(seconds)
    load = (time.process_time() - cpu_s) / (time.monotonic() - began_s)
    for report in sender.reports():
        late = report.lateness
        show(
            {
                "what": "deadlines",
                "rate_hz": report.destination.rate_hz,
                "layout": report.destination.layout,
                "frames": report.frames,
                "dropped": late.dropped,
                "late_median_ms": round(late.median_ms, 2),
                "late_p99_ms": round(late.p99_ms, 2),
                "late_worst_ms": round(late.worst_ms, 2),
            }
        )
    show({"what": "share of one processor, with the engine's stand-in", "share": round(load, 3)})
    engine.stopped.set()
    engine.join()
    sender.stop()
    timeline.close()
    board.close()


def show(result: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--frames", type=int, default=1000, help="frames for each cost")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of the deadline test")
    arguments = parser.parse_args()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        port = int(receiver.getsockname()[1])
        measure_costs(port, arguments.frames)
        if arguments.seconds > 0:
            measure_deadlines(port, arguments.seconds)


if __name__ == "__main__":
    main()
