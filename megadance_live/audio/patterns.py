"""Rhythms as text: one character is one step, `|` stands between beats and is ignored.

Drums: `x` accent, `o` plain, `-` ghost. Bass and chords: `R` root (or the whole chord), `5` fifth, `8` octave,
`3` third, `7` seventh, `a` a step below the next root, `N` that root; `_` holds on, `.` rests. Four steps a
beat, or three in families that shuffle; a pattern lasts one or two bars of four beats.
"""

from collections.abc import Mapping
from types import MappingProxyType

Pattern = Mapping[str, str]

_DRUMS: dict[str, tuple[Pattern, ...]] = {
    "house": (
        {"kick": "x...|x...|x...|x...", "clap": "....|x...|....|x...", "open": "..o.|..o.|..o.|..o.",
         "hat": "o.-.|o.-.|o.-.|o.-."},
        {"kick": "x...|x...|x...|x..-", "clap": "....|x...|....|x...", "hat": "o-x-|o-x-|o-x-|o-x-",
         "rim": "...o|....|.o..|o..."},
        {"kick": "x...|x...|x...|x...", "snare": "....|x...|....|x..-", "open": "..x.|..x.|..x.|..x.",
         "shaker": "o-o-|o-o-|o-o-|o-o-", "conga": "...o|..o.|...o|.o.."},
        {"kick": "x...|x...|x...|x.o.", "clap": "....|x...|....|x...", "ride": "..x.|..x.|..x.|..x.",
         "shaker": "oooo|oooo|oooo|oooo"},
    ),
    "disco": (
        {"kick": "x...|x...|x...|x...", "snare": "....|x...|....|x...", "open": "..x.|..x.|..x.|..x.",
         "hat": "o.-.|o.-.|o.-.|o.-."},
        {"kick": "x...|x...|x...|x...", "snare": "....|x..-|..-.|x...", "hat": "o-o-|o-o-|o-o-|o-o-",
         "open": "..o.|..o.|..o.|..o.", "conga": "..oo|..o.|..oo|..o."},
        {"kick": "x...|x...|x...|x...", "clap": "....|x...|....|x...", "open": "..x.|..x.|..x.|..x.",
         "cowbell": "o...|o...|o.o.|o...", "shaker": "o-o-|o-o-|o-o-|o-o-"},
    ),
    "funk": (
        {"kick": "x.o.|...o|..x.|....", "snare": "....|x..-|.-..|x..-", "hat": "x.o.|x.o.|x.o.|x.o."},
        {"kick": "x...|..o.|..xo|....", "snare": "....|x.-.|-...|x.-.", "hat": "xoxo|xoxo|xoxo|xoxo"},
        {"kick": "x..o|....|x.o.|...o", "snare": "....|x...|....|x...", "hat": "o.o.|o.o.|o.o.|o.o.",
         "open": "....|....|....|..x.", "cowbell": "x...|x...|x...|x..."},
        {"kick": "x.x.|....|..o.|.o..", "snare": "....|x..-|.-.-|x...", "hat": "x.xo|x.xo|x.xo|x.xo",
         "conga": "...o|.o..|...o|.oo."},
    ),
    "electro": (
        {"kick": "x...|..x.|..x.|....", "snare": "....|x...|....|x...", "hat": "o.o.|o.oo|o.o.|o.oo",
         "cowbell": "..o.|..o.|...o|..o."},
        {"kick": "x..x|....|..x.|.x..", "clap": "....|x...|....|x...", "hat": "oooo|oooo|oooo|oooo"},
        {"kick": "x...|....|x.x.|....", "snare": "....|x...|....|x...", "clap": "....|x...|....|x.o.",
         "hat": "o.-.|o.-.|o.-.|o.-.", "tom_low": "....|..o.|....|....", "tom_high": "....|....|....|..o."},
    ),
    "boombap": (
        {"kick": "x...|....|.ox.|....", "snare": "....|x...|....|x...", "hat": "o.o.|o.o.|o.o.|o.o."},
        {"kick": "x.o.|...o|..x.|....", "snare": "....|x...|....|x..-", "hat": "o.o.|o.o.|o.oo|o.o."},
        {"kick": "x..o|....|x...|..o.", "snare": "....|x...|.-..|x...", "hat": "x.o.|x.o.|x.o.|x.o.",
         "open": "....|....|....|..o."},
        {"kick": "x...|...x|..x.|.o..", "snare": "....|x..-|....|x...", "hat": "o-o-|o-o-|o-o-|o-o-",
         "shaker": "..o.|..o.|..o.|..o."},
    ),
    "trap": (
        {"kick": "x...|..x.|....|..o.", "clap": "....|x...|....|x...", "hat": "o.o.|o.o.|o.oo|o.o."},
        {"kick": "x...|...x|....|.x..", "clap": "....|....|x...|....", "hat": "o.o.|o.o.|oooo|o.o.",
         "rim": "....|...o|....|..o."},
        {"kick": "x..x|....|..x.|....", "snare": "....|x...|....|x...", "hat": "oooo|o.o.|oooo|o.oo"},
        {"kick": "x...|....|x.x.|....", "clap": "....|x...|....|x...", "hat": "o.oo|o.oo|o.oo|oooo",
         "open": "....|....|....|..x."},
    ),
    "krump": (
        {"kick": "x..x|..x.|x..x|..x.", "clap": "....|x...|....|x...", "hat": "o.o.|o.o.|o.o.|o.o."},
        {"kick": "x...|x..x|x...|x.x.", "snare": "....|x...|....|x...", "tom_low": "..o.|....|..o.|..oo",
         "hat": "oooo|oooo|oooo|oooo"},
        {"kick": "x.x.|....|x.x.|....", "clap": "....|x...|....|x...", "snare": "....|x...|....|x.oo",
         "hat": "x...|x...|x...|x..."},
        {"kick": "x..x|....|x.xx|....", "snare": "....|x...|....|x...", "hat": "o.o.|o.o.|o.o.|o.o.",
         "crash": "x...|....|....|...."},
    ),
    "breaks": (
        {"kick": "x.x.|....|..xx|....", "snare": "....|x..-|.-..|x..-", "hat": "x.x.|x.x.|x.x.|x.x."},
        {"kick": "x.x.|....|..x.|.o..", "snare": "....|x..o|.-..|x...", "ride": "x.o.|x.o.|x.o.|x.o."},
        {"kick": "x..o|..o.|..x.|....", "snare": "....|x..-|-..-|x.-.", "hat": "xoxo|xoxo|xoxo|xoxo",
         "open": "....|....|....|..x."},
        {"kick": "x...|..x.|.ox.|....", "snare": "....|x...|....|x..o", "hat": "o.o.|o.o.|o.o.|o.o.",
         "conga": "o.oo|.oo.|o.oo|.oo.", "cowbell": "x...|o...|x...|o..."},
    ),
    "pop": (
        {"kick": "x...|....|x.o.|....", "snare": "....|x...|....|x...", "hat": "o.o.|o.o.|o.o.|o.o."},
        {"kick": "x...|..o.|x...|....", "clap": "....|x...|....|x...", "hat": "o-o-|o-o-|o-o-|o-o-",
         "rim": "....|..o.|....|.o.."},
        {"kick": "x...|...o|..x.|....", "snare": "....|x...|....|x...", "shaker": "o-o-|o-o-|o-o-|o-o-"},
        {"kick": "x...|x...|x...|x...", "clap": "....|x...|....|x...", "hat": "..o.|..o.|..o.|..o."},
    ),
    "swing": (
        {"kick": "o..|-..|o..|-..", "hat": "...|x..|...|x..", "ride": "x..|x.o|x..|x.o", "snare": "...|..-|...|-.."},
        {"kick": "x..|...|x..|..o", "rim": "...|x..|...|x..", "ride": "x..|x.o|x..|x.o"},
        {"kick": "x..|..o|x..|...", "snare": "...|x..|...|x.-", "hat": "o.o|o.o|o.o|o.o"},
    ),
    "ballad": (
        {"kick": "o...|....|....|....", "shaker": "-...|-...|-...|-..."},
        {"kick": "x...|....|..o.|....", "rim": "....|....|o...|....", "shaker": "o.-.|o.-.|o.-.|o.-."},
        {"tom_low": "o...|....|....|..-.", "rim": "....|o...|....|o..."},
        {"kick": "x...|....|o...|....", "snare": "....|-...|....|-...", "ride": "o...|o...|o...|o..."},
    ),
    "salsa": (
        {"clave": "x..x|..x.|....|....|..x.|x...|....|....", "conga": "..o.|...o|..o.|..oo|..o.|...o|..o.|..oo",
         "conga_slap": "....|x...|....|x...|....|x...|....|x...", "cowbell": "x...|x.o.|x...|x.o.|x...|x.o.|x...|x.o.",
         "kick": "....|..o.|....|o...|....|..o.|....|o..."},
        {"clave": "....|..x.|x...|....|x..x|..x.|....|....", "cowbell": "x.o.|x.o.|x.o.|x.o.|x.o.|x.o.|x.o.|x.o.",
         "conga": "....|..oo|....|..oo|....|..oo|....|..oo", "conga_slap": "..x.|....|..x.|....|..x.|....|..x.|....",
         "shaker": "x-o-|x-o-|x-o-|x-o-|x-o-|x-o-|x-o-|x-o-"},
        {"shaker": "x.o.|x.o.|x.o.|x.o.", "conga": "..o.|..oo|..o.|..oo", "conga_slap": "....|x...|....|x...",
         "rim": "x..x|..x.|..x.|x...", "kick": "x...|..o.|....|o..."},
    ),
    "waltz": (
        {"kick": "x...|....|....", "rim": "....|o...|o...", "shaker": "o.-.|o.-.|o.-."},
        {"kick": "x...|....|..-.", "snare": "....|o...|o...", "ride": "x...|x...|x.o."},
    ),
}  # fmt: skip

DRUMS: Mapping[str, tuple[Pattern, ...]] = MappingProxyType(_DRUMS)
"""Drum patterns by family, each a mapping from lane to steps."""

BASS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "long": ("R___|____|____|____", "R___|____|R___|____", "R___|____|__5_|____"),
        "root": ("R_..|R_..|R_..|R_..", "R.R.|R.R.|R.R.|R.R.", "R___|..R_|R___|..5_"),
        "offbeat": ("..R.|..R.|..R.|..R.", "..RR|..R.|..RR|..8.", ".RR.|.RR.|.RR.|.R8."),
        "octave": ("R.8.|R.8.|R.8.|R.8.", "R.8R|.R8.|R.8R|.R8.", "R.8.|R.8.|5.8.|R.aa"),
        "funk": ("R..R|..8.|.R..|7.8.", "R.R.|..7R|....|5.7a", "R..8|...R|..R.|8.7.", "R_.5|.7.R|.R..|..aa"),
        "boombap": ("R__.|..R.|.RR_|...5", "R_..|...R|..R_|..3.", "R___|..5.|R_..|..a."),
        "eight": ("R___|____|____|__R_", "R___|__R_|____|..R_", "R__R|____|..R_|__8."),
        "walk": ("R..|3..|5..|a..", "R..|5..|7..|a.a", "R..|5..|3..|a.."),
        "tumbao": ("....|..5_|____|N___", "R...|..5_|....|N_..", "R___|..5_|__.5|8_.."),
    }
)
"""Bass lines by habit."""

CHORD_RHYTHMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "held": ("R___|____|____|____", "R___|____|R___|____"),
        "stabs": ("..R.|..R.|..R.|..R.", "R..R|..R.|..R.|....", ".R..|R..R|..R.|.R..", "R...|...R|....|..R."),
        "skank": ("..R.|..R.|..R.|..RR", "R.RR|.RR.|R.RR|.RR.", "....|R...|....|R.R."),
        "comp": ("R__.|..R_|____|..R.", "..R_|...R|____|....", "R___|...R|__..|R_.."),
        "arp": ("R.3.|5.8.|5.3.|R.3.", "R358|R358|R358|R358", "R..3|..5.|.8..|5.3."),
        "montuno": ("R.8R|.R.R|.8R.|R.8.", "R.R8|.R.R|.R8.|R.R."),
        "swing": ("R..|..R|...|..R", "..R|...|R..|...", "R..|..R|..R|..."),
        "swing_held": ("R__|___|___|___",),
    }
)
"""When chords sound, by habit; digits break them up."""


def steps(pattern: str, beats_per_bar: int) -> str:
    """The steps of a pattern, fitted to a bar of another length: cut, or begun again (two bars only in 4/4)."""
    beats = pattern.split("|")
    if beats_per_bar not in (4, len(beats)):
        beats = [beats[k % min(4, len(beats))] for k in range(beats_per_bar)]
    return "".join(beats)


def steps_per_beat(pattern: str) -> int:
    """3 in a shuffle, else 4."""
    return len(pattern.split("|")[0])
