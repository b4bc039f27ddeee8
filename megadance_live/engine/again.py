"""Dancing a bar once more: the tokens of the bar before, slot by slot.

An expert repeats only what it has danced itself. Where another expert has taken over since, it dances on as it likes.
"""

from megadance_live.core.motion import MotionTokens
from megadance_live.engine.dance import DancedToken, Slot


def repeated(place: Slot, danced: tuple[DancedToken, ...]) -> MotionTokens | None:
    """The tokens that the expert of `place` has danced there one bar earlier, None where it has not. Where the bars are
    cut into different numbers of slots, those that stood at the same part of the bar."""
    middle = (place.slot + 0.5) / place.slots
    for token in danced:
        was = token.place
        same_part = was.slot <= middle * was.slots < was.slot + 1
        if was.bar == place.bar - 1 and was.expert == place.expert and same_part:
            return token.tokens
    return None


def since_bar(bar: int, danced: tuple[DancedToken, ...]) -> tuple[DancedToken, ...]:
    """What was danced in `bar` and later."""
    return tuple(token for token in danced if token.place.bar >= bar)


def before_number(number: int, danced: tuple[DancedToken, ...]) -> tuple[DancedToken, ...]:
    """What was danced before the place of that number."""
    return tuple(token for token in danced if token.place.number < number)
