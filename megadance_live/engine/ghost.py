"""The ghost of an armed expert: what it would dance now, for the performer to see before it speaks.

A second dance, begun where the first stood, goes on beside it on the same bar grid; the first knows nothing of it.
"""

from dataclasses import dataclass, replace

from megadance_live.core.control import Control
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.choreography import Choreography
from megadance_live.engine.dance import Dance, Moment
from megadance_live.engine.schedule import SAME_PLACE_BARS


@dataclass(frozen=True)
class Ghost:
    """`expert` would speak now, and will from bar position `until_bars` on."""

    expert: str
    until_bars: float
    dance: Dance


def wanted(control: Control) -> bool:
    """Whether another expert than the one that speaks is armed."""
    return control.armed is not None and control.armed != control.expert


def begun(control: Control, dance: Dance) -> Ghost:
    """The ghost of the armed expert, from where `dance` stands. Once the dancer has composed a token with the expert
    armed this costs least: its memory is made then, and the ghost takes it over."""
    assert control.armed is not None
    assert control.armed_at_bars is not None
    return Ghost(control.armed, control.armed_at_bars, replace(dance, marks=()))


def followed(control: Control, ghost: Ghost | None) -> Ghost | None:
    """The ghost after what the performer has asked for: None where its expert is not armed any more."""
    if ghost is None or control.armed_at_bars is None or control.armed != ghost.expert or not wanted(control):
        return None
    return replace(ghost, until_bars=control.armed_at_bars)


def advanced(choreography: Choreography, moment: Moment, ghost: Ghost) -> tuple[list[PoseFrame], Ghost]:
    """The poses of the ghost that are due at this hop: only what its expert dances, and only up to where it speaks. It
    dances on while the dance is frozen."""
    control = replace(moment.control, expert=ghost.expert, armed=None, armed_at_bars=None, again_bars=(), freeze=False)
    poses, dance = choreography.advance(replace(moment, control=control), ghost.dance)
    until_bars = ghost.until_bars - SAME_PLACE_BARS
    own = [pose for pose in poses if pose.expert == ghost.expert and pose.bars < until_bars]
    return own, replace(ghost, dance=dance)
