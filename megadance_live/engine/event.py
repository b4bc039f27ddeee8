"""What has happened in a Session."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    """`kind` is "switch" (another expert speaks: expert, bars), "clock" (its state has changed: state, bpm), "resync"
    (the bar lines have moved), "notice" (text), "marker" (text) or "record" (value), the last two asked for by a cue;
    `time_s` is stream time."""

    kind: str
    time_s: float
    details: dict[str, object] = field(default_factory=dict)
