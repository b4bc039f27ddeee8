"""What has happened in a Session."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    """`kind` is "switch" (another expert speaks: expert, bars), "clock" (its state has changed: state, bpm), "resync"
    (the bar lines have moved), "notice" (text), "marker" (value), "record" (value), "retro" (the last minute is to
    become a take), "again" (bar: which repeats the one before it, counted from 1), "source" (value: another source of
    music is asked for) or "wanted" (command, value: the show is to answer it); `time_s` is stream time."""

    kind: str
    time_s: float
    details: dict[str, object] = field(default_factory=dict)
