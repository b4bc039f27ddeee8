"""Optional smoothing: less detail for a stated delay."""

from dataclasses import dataclass

from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.motion.local_frame import LocalFrame
from megadance_live.motion.rotations import nlerp

MAX_SMOOTH_S = 1.0
SLEW_S_PER_FRAME = 0.5 / FRAME_RATE_HZ
"""The delay grows or shrinks by half a second per second: a turned knob bends time a little, and never jumps."""


@dataclass(frozen=True)
class SmoothState:
    """Outputs of the two poles and the delay in force."""

    first: LocalFrame
    second: LocalFrame
    delay_s: float


def smooth(frame: LocalFrame, smooth_s: float, state: SmoothState | None) -> tuple[LocalFrame, SmoothState]:
    """Two equal one-pole filters over rotations, root and contacts, which together delay slow motion by `smooth_s`
    (each holds it back by (1 - k) / k frames, k its gain); at 0 the frame itself comes back."""
    target = min(max(smooth_s, 0.0), MAX_SMOOTH_S)
    if state is None:
        return frame, SmoothState(frame, frame, target)
    delay_s = state.delay_s + min(max(target - state.delay_s, -SLEW_S_PER_FRAME), SLEW_S_PER_FRAME)
    if delay_s == 0.0:
        return frame, SmoothState(frame, frame, 0.0)
    gain = 1.0 / (1.0 + delay_s * FRAME_RATE_HZ / 2)
    first = _between(state.first, frame, gain)
    second = _between(state.second, first, gain)
    return second, SmoothState(first, second, delay_s)


def _between(a: LocalFrame, b: LocalFrame, share: float) -> LocalFrame:
    return LocalFrame(
        nlerp(a.quats, b.quats, share),
        a.root + share * (b.root - a.root),
        a.contacts + share * (b.contacts - a.contacts),
    )
