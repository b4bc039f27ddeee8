"""What the performer has asked for, as one immutable snapshot."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """`revision` counts every change. `expert` speaks now; `armed` speaks from bar position `armed_at_bars` on.
    `again_bars` are the bars, counted from 0, that repeat the one before them: those to come, and the one being danced.
    """

    expert: str
    armed: str | None = None
    armed_at_bars: float | None = None
    again_bars: tuple[int, ...] = ()
    quantize_bars: float = 1.0
    crossfade_s: float = 0.35
    energy: float = 1.0
    dynamics: float = 0.5
    accent: float = 0.5
    looseness: float = 1.0
    smooth_s: float = 0.0
    mirror: bool = False
    seed: int = 0
    freeze: bool = False
    blackout: bool = False
    latency_ms: float = 0.0
    gain_db: float = 0.0
    recording: bool = False
    revision: int = 0
