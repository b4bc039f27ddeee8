"""The JSON beside a take: everything about it that its other files cannot say.

All times are seconds from the take's first instant, which is the first sample of the audio and frame 0 of every motion
file. Bars and beats count from 1. A tempo entry tells the bar position at its time and the tempo from there on; it may
lie before the take (negative time). Events that are none of beat, tempo, marker and note stand under `events`.
"""

import json
from pathlib import Path
from typing import Any

from megadance_live.core.skeleton import JOINT_NAMES, REST_PELVIS_M
from megadance_live.output.take.files import atomic
from megadance_live.output.take.spool import Event, SpooledTake
from megadance_live.output.take.track import PoseTrack

SCHEMA = "megadance-live/take"
SCHEMA_VERSION = 1
SUFFIX = ".json"
_DIGITS = 6  # microseconds


def _expert_switches(poses: PoseTrack, start_s: float) -> list[dict[str, Any]]:
    """The first pose of each stretch danced by one expert; the first entry is who began."""
    switches: list[dict[str, Any]] = []
    for time_s, bars, expert in zip(poses.time_s, poses.bars, poses.experts, strict=True):
        if not switches or expert != switches[-1]["expert"]:
            switches.append(
                {"time_s": round(time_s - start_s, _DIGITS), "bars": round(float(bars), _DIGITS), "expert": expert}
            )
    return switches


def _timed(events: list[Event], start_s: float) -> list[dict[str, Any]]:
    return [{"time_s": round(e.time_s - start_s, _DIGITS), **e.details} for e in events]


def describe(
    name: str,
    take: SpooledTake,
    start_s: float,
    duration_s: float,
    motion: dict[str, dict[str, Any]],
    files: list[Path],
) -> dict[str, Any]:
    """The sidecar as plain values. `motion` maps a format to its file, fps and frames; `files` are listed with their
    sizes."""
    kinds: dict[str, list[Event]] = {"tempo": [], "beat": [], "marker": [], "note": [], "other": []}
    for event in take.events:
        if event.kind != "audio_start":
            kinds.get(event.kind, kinds["other"]).append(event)
    beats = [e for e in kinds["beat"] if 0 <= e.time_s - start_s < duration_s]
    audio = take.audio
    return {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "name": name,
        "started": take.info.started or None,
        "time_zero": "the first sample of the audio and frame 0 of every motion file",
        "stream_start_s": round(start_s, _DIGITS),
        "duration_s": round(duration_s, _DIGITS),
        "source": take.info.source,
        "seed": take.info.seed,
        "model": take.info.model,
        "audio": audio and {"rate_hz": audio.rate_hz, "channels": audio.channels, "frames": audio.frames},
        "motion": motion,
        "skeleton": {"joints": list(JOINT_NAMES), "rest_pelvis_m": [round(float(v), 6) for v in REST_PELVIS_M]},
        "tempo_map": _timed(kinds["tempo"], start_s),
        "beats": _timed(beats, start_s),
        "expert_switches": _expert_switches(take.poses, start_s),
        "markers": _timed(kinds["marker"], start_s),
        "events": [
            {"kind": e.kind, **entry} for e, entry in zip(kinds["other"], _timed(kinds["other"], start_s), strict=True)
        ],
        "notes": _timed(kinds["note"], start_s),
        "files": [{"name": path.name, "bytes": path.stat().st_size} for path in files],
    }


def write_sidecar(path: Path, description: dict[str, Any]) -> None:
    """Write the JSON in one go; raises OSError."""
    with atomic(path) as temporary:
        text = json.dumps(description, indent=1, ensure_ascii=False, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
