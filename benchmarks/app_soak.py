"""Does the app last? `megadance-live` on the demo track, looked at every 30 seconds.

python -m benchmarks.app_soak [--minutes N] [--every S] [--size WxH]

Prints a JSON line for each look: memory of show, engine and app, descriptors, threads, processor time, age of the
audio, late steps and frames. The last lines tell how fast the stage was drawn, how memory grew after the first two
minutes, and what was logged or written to the standard error. The exit status is 1 if there were warnings, or if memory
grew faster than 1 % per hour and by more than the looks scatter.
"""

import argparse
import json
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.app_lateness import rendezvous_of
from benchmarks.app_rig import RunningShow, load_average, running_show, size, told, virtual_screen
from megadance_live.remote.client import ShowClient

SETTLING_S = 120.0
MOST_GROWTH_PER_HOUR = 0.01
_UNWELCOME = re.compile(r"\b(WARNING|ERROR|CRITICAL|Traceback|Warning|QObject|qt\.)", re.ASCII)


def memory_mb(process: psutil.Process) -> dict[str, float]:
    """What is in memory (rss), and, where the system tells it, the same with shared pages counted once (pss) and
    without what stands in files, too, and may be dropped at any time (anon): that is where leaks are seen."""
    found = {"rss_mb": process.memory_info().rss / 1e6}
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        rollup = ""
    for name, key in (("Pss", "pss_mb"), ("Anonymous", "anon_mb")):
        size_kb = re.search(rf"^{name}:\s+(\d+) kB", rollup, re.MULTILINE)
        if size_kb is not None:
            found[key] = int(size_kb[1]) * 1024 / 1e6
    return {key: round(value, 2) for key, value in found.items()}


def look(show: RunningShow, client: ShowClient, begun_s: float) -> dict[str, Any]:
    """How things stand."""
    view = client.view()
    frame = view.frame
    found: dict[str, Any] = {"at_s": round(time.monotonic() - begun_s, 1), "load": load_average()[0]}
    for name, process in show.processes().named().items():
        found[name] = {
            **memory_mb(process),
            "fds": process.num_fds(),
            "threads": process.num_threads(),
            "cpu_s": round(sum(process.cpu_times()[:2]), 1),
        }
    status, served = view.status, view.snapshot.receivers
    return {
        **found,
        "phase": view.snapshot.engine.phase,
        "restarts": view.snapshot.engine.restarts,
        "audio_age_ms": round((view.now_s - status.heard_s) * 1e3, 1),
        "board_age_ms": round(status.age_s(view.now_s) * 1e3, 1),
        "late_steps": status.late_steps,
        "overflows": status.overflows,
        "step_p99_ms": round(status.step_p99_ms, 1),
        "sender_p99_ms": round(max((each.late_p99_ms for each in served), default=0.0), 2),
        "dropped": sum(each.dropped for each in served),
        "bpm": round(frame.music.tempo_bpm, 1) if frame is not None else 0.0,
    }


def growth(looks: list[dict[str, Any]], name: str) -> dict[str, float] | None:
    """Slope of that process's memory after it has settled: per hour, as a share of its mean, and what the looks scatter
    about the line."""
    kind = "anon_mb" if "anon_mb" in looks[0].get(name, {}) else "rss_mb"
    points = np.array(
        [(each["at_s"], each[name][kind]) for each in looks if each["at_s"] >= SETTLING_S and name in each]
    )
    if len(points) < 3:
        return None
    slope, offset = np.polyfit(points[:, 0], points[:, 1], 1)
    scatter_mb = float(np.std(points[:, 1] - (slope * points[:, 0] + offset)))
    grown_mb = float(slope * (points[-1, 0] - points[0, 0]))
    return {
        "first_mb": float(points[0, 1]),
        "last_mb": float(points[-1, 1]),
        "mb_per_hour": round(float(slope) * 3600, 3),
        "share_per_hour": round(float(slope) * 3600 / float(points[:, 1].mean()), 5),
        "grown_mb": round(grown_mb, 3),
        "scatter_mb": round(scatter_mb, 3),
    }


def unwelcome(text: str) -> list[str]:
    """Lines that should not be there."""
    return [line for line in text.splitlines() if _UNWELCOME.search(line)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0, metavar="N", help="length, after the dance has begun")
    parser.add_argument("--every", type=float, default=30.0, metavar="S", help="seconds between looks")
    parser.add_argument("--size", type=size, default=(1920, 1080), metavar="WxH", help="of the screen")
    options = parser.parse_args()
    with virtual_screen(*options.size), running_show() as show:
        show.reach("dance painted")
        client = ShowClient(rendezvous_of(show))
        try:
            looks = _watch(show, client, options.minutes * 60.0, options.every)
        finally:
            client.close()
        code = show.stop()
        log, stderr = show.log, show.stderr
    grown = {name: growth(looks, name) for name in ("show", "engine", "app")}
    bad = [*unwelcome(log), *stderr.splitlines()]
    fps = [float(found) for found in re.findall(r"health: .*\bapp ([0-9.]+) fps", log)]
    print(json.dumps({"app_fps_by_minute": fps, "median": statistics.median(fps) if fps else None}))
    print(json.dumps({"memory": grown, "exit_code": code, "unwelcome": bad[:20], "unwelcome_lines": len(bad)}))
    leaks = [
        name
        for name, each in grown.items()
        if each and each["share_per_hour"] > MOST_GROWTH_PER_HOUR and each["grown_mb"] > 2 * each["scatter_mb"]
    ]
    sys.exit(1 if bad or code or leaks else 0)


def _watch(show: RunningShow, client: ShowClient, seconds: float, every_s: float) -> list[dict[str, Any]]:
    begun_s = time.monotonic()
    looks: list[dict[str, Any]] = []
    while time.monotonic() - begun_s < seconds:
        time.sleep(max(0.0, begun_s + len(looks) * every_s - time.monotonic()))
        looks.append(look(show, client, begun_s))
        print(json.dumps(looks[-1]), flush=True)
    return looks


if __name__ == "__main__":
    told(main)
