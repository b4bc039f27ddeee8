"""How large the dance is for what the music does: small in a break, larger in a drop, and growing with a build.

No motion capture tells a dancer this: its clips come without their music's form, so the stage does what the data cannot
teach. What is heard is the form of the music (music/form.py), against its own running past.
"""

from megadance_live.core.music_frame import BREAK, BUILD, DROP, ENERGY_BAR, F32

_USUAL = 0.25
"""A bar may be this much quieter than the fullest one, and it is still the full dance: the usual coming and going."""
_CALM = 0.65
"""At full dynamics, by how much the dance is smaller where the drums or the low end are gone, or the bar is quiet."""
_DROP = 0.5
"""By how much it is larger on a drop."""
_BUILD = 0.2


def dynamic(energy: float, heard: F32, dynamics: float) -> float:
    """The energy to dance with, 0 to 2, where the performer asks for `energy`; `heard` [FEATURE_COUNT] is the latest
    music frame, `dynamics` 0 (always as asked) to 1."""
    gone, full = float(heard[BREAK]), float(heard[ENERGY_BAR])
    calm = max(max(gone, 1.0 - full) - _USUAL, 0.0) / (1.0 - _USUAL)
    gain = 1.0 + dynamics * (_DROP * float(heard[DROP]) + _BUILD * float(heard[BUILD]) - _CALM * calm)
    return min(max(energy * gain, 0.0), 2.0)
