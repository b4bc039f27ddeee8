"""The engine's numbers, put together for the status board."""

from dataclasses import replace

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.control import Control
from megadance_live.core.music_frame import MusicFrame
from megadance_live.engine.stream_time import StreamTime
from megadance_live.remote.board import Status


def status_of(
    time: StreamTime, clock: BarClock, music: MusicFrame | None, control: Control, experts: tuple[str, ...]
) -> Status:
    """The status in host time; counters and flags of the source are left at their defaults."""
    low, mid, high = (0.0, 0.0, 0.0) if music is None else music.levels
    kick, snare, hat = (0.0, 0.0, 0.0) if music is None else music.strokes
    build, drop, breakdown = (0.0, 0.0, 0.0) if music is None else music.form
    return Status(
        clock=replace(clock, time_s=time.to_host_s(clock.time_s)),
        level=0.0 if music is None else music.loudness,
        low=low,
        mid=mid,
        high=high,
        onset=0.0 if music is None else music.onset,
        kick=kick,
        snare=snare,
        hat=hat,
        build=build,
        drop=drop,
        breakdown=breakdown,
        expert=number_of(control.expert, experts),
        armed=number_of(control.armed, experts),
        armed_at_bars=control.armed_at_bars or 0.0,
        crossfade_s=control.crossfade_s,
        latency_ms=control.latency_ms,
        frozen=control.freeze,
        blackout=control.blackout,
    )


def number_of(expert: str | None, experts: tuple[str, ...]) -> int:
    """Its place among the experts, -1 for none."""
    return experts.index(expert) if expert in experts else -1
