"""The status of a show in one line."""

from megadance_live.show.show import ShowStatus

NOTICE_S = 12.0
"""How long a notice is shown."""
_PHASES = {"starting": "starting", "restarting": "engine restarting", "stopping": "finishing"}


def status_line(status: ShowStatus) -> str:
    """Source, tempo, place in the music, expert (the armed one in brackets), frames per second, late steps,
    destinations, take; then what is the matter, if anything."""
    parts = [
        status.engine.source or "no audio yet",
        *_music(status),
        _expert(status),
        _rates(status),
        f"late {status.status.late_steps}",
        _destinations(status),
        *_take(status),
        *_matters(status),
    ]
    return "  ".join(part for part in parts if part)


def _music(status: ShowStatus) -> list[str]:
    clock = status.clock
    if clock is None:
        return [_PHASES.get(status.engine.phase, "")]
    bars = clock.bars_at(status.now_s)
    place = f"{int(bars // 1) + 1}.{clock.beat_in_bar_at(status.now_s)}"
    state = "" if clock.state == "locked" else f" ({clock.state})"
    return [f"{clock.tempo_bpm:.1f} bpm{state}", place]


def _expert(status: ShowStatus) -> str:
    control = status.engine.control
    if control is None:
        return ""
    return control.expert + (f" [{control.armed}]" if control.armed else "")


def _rates(status: ShowStatus) -> str:
    rates = [f"{report.rate_hz:.0f}" for report in status.sending]
    return "/".join(dict.fromkeys(rates)) + " fps" if rates else ""


def _destinations(status: ShowStatus) -> str:
    """Each by layout and address, or what is the matter with it."""
    return " ".join(
        f"({report.trouble})" if report.trouble else f"{report.destination.layout}:{report.destination.address}"
        for report in status.sending
    )


def _take(status: ShowStatus) -> list[str]:
    engine = status.engine
    if not engine.take:
        return []
    minutes, seconds = divmod(int(status.now_s - engine.take_since_s), 60)
    return [f"{engine.take} {minutes}:{seconds:02d}"]


def _matters(status: ShowStatus) -> list[str]:
    engine = status.engine
    fresh = engine.notice and status.now_s - engine.noticed_s < NOTICE_S
    overflows = f"{status.status.overflows} audio overflows" if status.status.overflows else ""
    matters = [engine.source_status, overflows, status.trouble, engine.notice if fresh else ""]
    return [f"! {matter}" for matter in dict.fromkeys(matters) if matter]
