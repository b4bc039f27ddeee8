"""A take while it runs: a folder of three files that only grow, readable at any moment.

`poses.bin`   fixed-size records, one per pose that was delivered; the reader applies the rule of replacing
`events.jsonl` one event per line
`audio.f32`   raw samples
`take.meta`   what was known at the start

Nothing is held back, so that a killed process loses only what had not reached it. A torn last record or line is left
out by the reader, and so is a record whose checksum is wrong.
"""

import json
import os
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.output.take.append_file import AppendFile
from megadance_live.output.take.audio_spool import AUDIO_FILE, MAX_CHANNELS, AudioSpool, SpooledAudio
from megadance_live.output.take.files import LOCK_FILE, atomic
from megadance_live.output.take.track import PoseTrack, standing

SPOOL_VERSION = 1
META_FILE = "take.meta"
POSES_FILE = "poses.bin"
EVENTS_FILE = "events.jsonl"
SPOOL_FILES = (META_FILE, POSES_FILE, EVENTS_FILE, AUDIO_FILE, LOCK_FILE)

POSE_RECORD = np.dtype(
    [
        ("time_s", "<f8"),
        ("bars", "<f8"),
        ("root_m", "<f4", 3),
        ("quats", "<f4", (24, 4)),
        ("contacts", "<f4", 4),
        ("expert", "S64"),
        ("crc32", "<u4"),
    ]
)
_CHECKED = POSE_RECORD.itemsize - 4
_NAME_BYTES = 64
LONGEST_REPLACEMENT_S = 2.0
"""Poses are planned a fraction of a second ahead; one that would wipe out more than this is a clock that jumped."""


@dataclass(frozen=True)
class TakeInfo:
    """What is known when a take starts. `started` is a wall-clock stamp in the caller's words, if it is wanted."""

    formats: tuple[str, ...]
    seed: int | None = None
    model: str = ""
    source: str = ""
    started: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened at a stream time; `details` holds plain JSON values."""

    kind: str
    time_s: float
    details: dict[str, Any]


@dataclass(frozen=True)
class SpooledTake:
    """What a spool folder holds."""

    info: TakeInfo
    poses: PoseTrack
    events: tuple[Event, ...]
    audio: SpooledAudio | None


class TakeSpool:
    """Writes a take's spool. One thread at a time; every method raises OSError where the disk does not take it."""

    def __init__(self, partial: Path, info: TakeInfo) -> None:
        self._partial = partial
        with atomic(partial / META_FILE) as temporary:
            temporary.write_text(json.dumps({"spool": SPOOL_VERSION, **asdict(info)}), encoding="utf-8")
        self._poses = AppendFile(partial / POSES_FILE)
        self._events = AppendFile(partial / EVENTS_FILE)
        self._audio: AudioSpool | None = None
        self._newest_s = -np.inf
        self._refused: set[str] = set()

    def pose(self, frame: PoseFrame) -> None:
        """Store a pose. One that is not finite, or that would replace more than LONGEST_REPLACEMENT_S, is left out."""
        finite = np.isfinite(frame.root_m).all() and np.isfinite(frame.quats).all() and np.isfinite(frame.time_s)
        if not finite:
            self._note_once(frame.time_s, "poses that were not finite were left out")
        elif frame.time_s < self._newest_s - LONGEST_REPLACEMENT_S:
            self._note_once(
                self._newest_s, "the clock of the poses jumped back: poses until it caught up were left out"
            )
        else:
            self._newest_s = frame.time_s
            self._poses.append(_pack(frame))

    def audio(self, block: AudioBlock) -> None:
        """Store a block of audio at its stream time."""
        if self._audio is None:
            self._audio = AudioSpool(self._partial / AUDIO_FILE, block)
            self.event(
                Event(
                    "audio_start",
                    self._audio.start_s,
                    {"rate_hz": self._audio.rate_hz, "channels": self._audio.channels},
                )
            )
            if block.channels > self._audio.channels:
                self._note_once(block.time_s, f"of {block.channels} channels the first {self._audio.channels} are kept")
        for text in self._audio.write(block):
            self.event(Event("note", block.time_s, {"text": text}))

    def event(self, event: Event) -> None:
        """Store an event; details that are not plain JSON are stored as their text."""
        time_s = event.time_s if np.isfinite(event.time_s) else 0.0
        line = json.dumps({"kind": event.kind, "time_s": float(time_s), **event.details}, default=_plain)
        self._events.append(line.encode() + b"\n")

    @property
    def size(self) -> int:
        """Bytes stored."""
        return sum(file.size for file in (self._poses, self._events, self._audio) if file is not None)

    def _note_once(self, time_s: float, text: str) -> None:
        if text not in self._refused:
            self._refused.add(text)
            self.event(Event("note", time_s, {"text": text}))

    def sync(self) -> None:
        """Have the system write everything to the disk itself."""
        for file in (self._poses, self._events, self._audio):
            if file is not None:
                file.sync()

    def close(self) -> None:
        try:
            if self._audio is not None:
                self._audio.close()
        finally:
            self._poses.close()
            self._events.close()


def _plain(value: object) -> Any:
    """numpy numbers as numbers, anything else as text."""
    return value.item() if isinstance(value, np.generic) else str(value)


def _pack(frame: PoseFrame) -> bytes:
    record = np.zeros((), POSE_RECORD)
    record["time_s"] = frame.time_s
    record["bars"] = frame.bars
    record["root_m"] = frame.root_m
    record["quats"] = frame.quats
    record["contacts"] = frame.contacts
    record["expert"] = frame.expert.encode()[:_NAME_BYTES]
    record["crc32"] = zlib.crc32(record.tobytes()[:_CHECKED])
    return record.tobytes()


def _read_poses(path: Path) -> PoseTrack:
    data = path.read_bytes() if path.exists() else b""
    size = POSE_RECORD.itemsize
    records = np.frombuffer(data[: len(data) // size * size], POSE_RECORD)
    whole = [zlib.crc32(data[k * size : k * size + _CHECKED]) == r for k, r in enumerate(records["crc32"])]
    records = records[np.array(whole, bool)]
    records = records[standing(records["time_s"])]
    return PoseTrack(
        records["time_s"].astype(np.float64),
        records["bars"].astype(np.float64),
        records["root_m"].astype(np.float64),
        records["quats"].astype(np.float64),
        tuple(bytes(name).decode(errors="ignore") for name in records["expert"]),
    )


def _read_events(path: Path) -> tuple[Event, ...]:
    """Lines that are not whole events are left out."""
    events = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            entry = json.loads(line)
            events.append(Event(str(entry.pop("kind")), float(entry.pop("time_s")), entry))
        except (ValueError, KeyError, AttributeError, TypeError):
            continue
    return tuple(events)


def _read_audio(path: Path, events: tuple[Event, ...]) -> SpooledAudio | None:
    start = next((event for event in events if event.kind == "audio_start"), None)
    if start is None or not path.exists():
        return None
    rate_hz, channels = start.details.get("rate_hz"), start.details.get("channels")
    if not (isinstance(rate_hz, int) and isinstance(channels, int) and rate_hz > 0 and 0 < channels <= MAX_CHANNELS):
        return None
    audio = SpooledAudio(path, start.time_s, rate_hz, channels)
    return audio if audio.frames else None


def read_info(path: Path) -> TakeInfo:
    """What was known when the take of this META_FILE started. Raises TakeError where it is not one that can be read."""
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
        version = meta.pop("spool")
        meta["formats"] = tuple(meta["formats"])
        if version == SPOOL_VERSION:
            return TakeInfo(**meta)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise TakeError(
            f"{path.parent} is not an interrupted take: its {META_FILE} is missing or broken; delete the folder."
        ) from error
    raise TakeError(
        f"{path.parent} was recorded by another version of MegaDance Live (spool {version}, this one reads "
        f"{SPOOL_VERSION}); recover it with that version."
    )


def spooled_length_s(partial: Path) -> float:
    """About how long an interrupted take is, from its first and last pose. Raises OSError."""
    size = POSE_RECORD.itemsize
    with (partial / POSES_FILE).open("rb") as file:
        count = file.seek(0, os.SEEK_END) // size
        times_s = []
        for index in (0, count - 1) if count else ():
            file.seek(index * size)
            times_s.append(float(np.frombuffer(file.read(size), POSE_RECORD)["time_s"][0]))
    length_s = times_s[1] - times_s[0] if times_s else 0.0
    return length_s if 0 < length_s < np.inf else 0.0


def read_spool(partial: Path) -> SpooledTake:
    """What a spool folder holds, whether it was closed or cut off. Raises TakeError where it is not one."""
    info = read_info(partial / META_FILE)
    events = _read_events(partial / EVENTS_FILE)
    return SpooledTake(info, _read_poses(partial / POSES_FILE), events, _read_audio(partial / AUDIO_FILE, events))
