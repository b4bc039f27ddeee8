"""How well everything runs, as figures that each have a word beside them."""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import psutil

from megadance_live.core.motion import TOKEN_S
from megadance_live.remote.client import View

Level = Literal["off", "good", "warning", "bad"]

JUDGE_EVERY_S = 0.25
MEMORY_EVERY_S = 2.0
REMEMBERED_S = 60.0
"""A step that came late is a warning for so long."""
DEADLINE_MS = TOKEN_S * 1e3
ENOUGH_FPS = 20.0
LOG_EVERY_S = 60.0
"""The log keeps the figures, for who wants to know afterwards how a show went."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Figure:
    """One figure of the strip: its name, its value with a unit, and a word that judges it."""

    name: str
    value: str
    word: str
    level: Level
    help: str


def resident_bytes(pids: Sequence[int]) -> int:
    """Memory of those processes that still run."""
    total = 0
    for pid in pids:
        try:
            total += psutil.Process(pid).memory_info().rss
        except psutil.Error:
            continue
    return total


def memory_share() -> float:
    """How much of this machine's memory is in use, 0..1."""
    return float(psutil.virtual_memory().percent) / 100


class HealthModel:
    """`figures` are drawn. The window tells every frame of its panels by `drew`, and sets the rate of the stage (0: no
    stage is seen)."""

    def __init__(
        self,
        memory_of: Callable[[Sequence[int]], int] = resident_bytes,
        share: Callable[[], float] = memory_share,
    ) -> None:
        self.figures: tuple[Figure, ...] = ()
        self.stage_fps = 0.0
        self._judged_s = float("-inf")
        self._logged_s: float | None = None
        self._was_connected = False
        self._memory_of = memory_of
        self._share = share
        self._drawn_s: deque[float] = deque(maxlen=240)
        self._counts: dict[str, tuple[int, float]] = {}
        self._memory = (0, 0.0, 0.0)

    def drew(self, now_s: float) -> None:
        """A frame of the app is on the screen."""
        self._drawn_s.append(now_s)

    def update(self, view: View) -> None:
        """Four times a second: figures that change faster cannot be read."""
        if view.now_s - self._judged_s >= JUDGE_EVERY_S or view.connected != self._was_connected:
            self._judged_s, self._was_connected = view.now_s, view.connected
            self.figures = tuple(self._all(view))
            self._log(view)

    def _log(self, view: View) -> None:
        """Once per minute, from the first minute of a show on."""
        if not view.connected or self._logged_s is None:
            self._logged_s = view.now_s if view.connected else None
        elif view.now_s - self._logged_s >= LOG_EVERY_S:
            self._logged_s = view.now_s
            log.info("health: %s", ", ".join(f"{each.name} {each.value}" for each in self.figures))

    def _all(self, view: View) -> Iterator[Figure]:
        yield _audio(view)
        yield _step(view)
        status = view.status
        yield self._count(view, "late", status.late_steps, "steps of the dancer that were not ready in time")
        yield self._count(view, "overflows", status.overflows, "blocks of audio that nobody fetched in time")
        yield _sending(view)
        yield _rate(view)
        yield self._app(view.now_s)
        yield self._memory_of_all(view)
        if view.snapshot.engine.restarts:
            yield self._count(
                view, "restarts", view.snapshot.engine.restarts, "times that the engine was started again"
            )

    def _count(self, view: View, name: str, count: int, says: str) -> Figure:
        """Something that should not happen: a warning for a minute after it has."""
        before, since_s = self._counts.get(name, (count, -REMEMBERED_S))
        if count > before:
            since_s = view.now_s
        self._counts[name] = (count, since_s)
        fresh = view.now_s - since_s < REMEMBERED_S and view.connected
        return Figure(
            name, str(count), "RISING" if fresh else "OK", "warning" if fresh else "good", f"Since the start: {says}"
        )

    def _app(self, now_s: float) -> Figure:
        while self._drawn_s and now_s - self._drawn_s[0] > 2.0:
            self._drawn_s.popleft()
        times = self._drawn_s
        span_s = times[-1] - times[0] if times else 0.0
        fps = (len(times) - 1) / span_s if span_s > 1.0 else 0.0
        rates = [rate for rate in (fps, self.stage_fps) if rate and fps]
        level: Level = "off" if not rates else "good" if min(rates) >= ENOUGH_FPS else "warning"
        word = "NONE" if not rates else "OK" if min(rates) >= ENOUGH_FPS else "LOW"
        value = f"{self.stage_fps:.0f} fps" if self.stage_fps else f"{fps:.0f} fps"
        return Figure("app", value, word, level, "How often the stage of this window is drawn; receivers do not notice")

    def _memory_of_all(self, view: View) -> Figure:
        used, share, at_s = self._memory
        if view.now_s - at_s >= MEMORY_EVERY_S or not used:
            pids = {*view.snapshot.pids, os.getpid()}
            used, share = self._memory_of(sorted(pids)), self._share()
            self._memory = (used, share, view.now_s)
        level: Level = "bad" if share > 0.95 else "warning" if share > 0.88 else "good"
        word = {"bad": "FULL", "warning": "HIGH"}.get(level, "OK")
        return Figure(
            "memory", f"{used / 1e9:.2f} GB", word, level,
            f"Of the show, the engine and this app; of this machine's memory {share:.0%} are in use",
        )  # fmt: skip


def _audio(view: View) -> Figure:
    says = "Age of the newest sample that the engine has heard"
    heard_s = view.status.heard_s
    if not heard_s or not view.connected:
        return Figure("audio", "- ms", "NONE", "off", says)
    age_ms = max((view.now_s - heard_s) * 1e3, 0.0)
    level: Level = "bad" if age_ms > 1000 else "warning" if age_ms > 250 else "good"
    value = f"{age_ms:.0f} ms" if age_ms < 10_000 else f"{age_ms / 1e3:.0f} s"
    return Figure("audio", value, {"bad": "LOST", "warning": "OLD"}.get(level, "OK"), level, says)


def _step(view: View) -> Figure:
    says = f"A step of the dancer in the median and the 99th percentile; it has {DEADLINE_MS:.0f} ms"
    median, worst = view.status.step_ms, view.status.step_p99_ms
    if not worst or not view.connected:
        return Figure("step", "- ms", "NONE", "off", says)
    level: Level = "bad" if worst > DEADLINE_MS else "warning" if worst > 0.75 * DEADLINE_MS else "good"
    word = {"bad": "LATE", "warning": "HIGH"}.get(level, "OK")
    return Figure("step", f"{median:.0f} | {worst:.0f} ms", word, level, says)


def _sending(view: View) -> Figure:
    says = "How late frames leave, 99th percentile of the worst receiver"
    late = [receiver.late_p99_ms for receiver in view.snapshot.receivers if receiver.open and view.connected]
    if not late:
        return Figure("sent", "- ms", "NOBODY", "off", says)
    worst = max(late)
    level: Level = "bad" if worst > 8 else "warning" if worst > 3 else "good"
    return Figure("sent", f"{worst:.1f} ms late", {"bad": "LATE", "warning": "HIGH"}.get(level, "OK"), level, says)


def _rate(view: View) -> Figure:
    says = "Frames per second that the slowest receiver, measured by what it wants, really gets"
    wanted = view.snapshot.preset.preset.output.receivers
    rates = [
        (receiver.rate_hz, wanted[receiver.place].destination.rate_hz)
        for receiver in view.snapshot.receivers
        if receiver.open and view.connected and receiver.place < len(wanted)
    ]
    if not rates:
        return Figure("out", "- fps", "NOBODY", "off", says)
    rate, want = min(rates, key=lambda pair: pair[0] / pair[1])
    low = rate < 0.95 * want
    return Figure("out", f"{rate:.0f} of {want} fps", "LOW" if low else "OK", "warning" if low else "good", says)
