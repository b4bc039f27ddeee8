"""Kinds of music as drum patterns with their usual tempo; the notation is that of audio/patterns.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from megadance_live.audio.patterns import DRUMS, Pattern

_FOUR = "x...|x...|x...|x..."
_OFF = "..x.|..x.|..x.|..x."
_BACK = "....|x...|....|x..."
_EIGHTHS = "o.o.|o.o.|o.o.|o.o."
_SIXTEENTHS = "o-o-|o-o-|o-o-|o-o-"


@dataclass(frozen=True)
class Family:
    """`bpm` is the tempo at which its beat is felt; `weight` how often it is drawn. Names in `bass` and `chords` are
    habits of audio/patterns.py. `timbre` "band" is played by instruments more often than by synthesisers."""

    bpm: tuple[float, float]
    drums: tuple[Pattern, ...]
    bass: tuple[str, ...] = ("root", "long", "octave", "eight")
    chords: tuple[str, ...] = ("held", "stabs", "comp", "arp")
    beats_per_bar: int = 4
    weight: float = 1.0
    swing: tuple[float, float] = (0.0, 0.05)
    sidechain: float = 0.0
    humanise_s: float = 0.002
    timbre: str = "synth"


_WALK, _SWUNG = ("walk",), ("swing", "swing_held")

FAMILIES: Mapping[str, Family] = {
    "house": Family((108, 134), DRUMS["house"], ("offbeat", "root", "octave", "funk"), weight=2.0, swing=(0, 0.25),
                    sidechain=0.5),
    "techno": Family((122, 150), (
        {"kick": _FOUR, "open": _OFF},
        {"kick": _FOUR, "open": _OFF, "hat": _SIXTEENTHS, "clap": _BACK},
        {"kick": _FOUR, "rim": "...x|..x.|.x..|x..o", "hat": "..o.|..o.|..o.|..oo"},
        {"kick": _FOUR, "ride": _OFF, "shaker": "oooo|oooo|oooo|oooo", "tom_low": "...o|..o.|...o|.o.."},
        {"kick": "x...|x...|x...|x.x.", "clap": "....|x...|....|x..o", "open": _OFF, "hat": "oooo|oooo|oooo|oooo"},
        {"kick": "x..x|..x.|x..x|..x.", "open": _OFF, "hat": _SIXTEENTHS},
    ), ("offbeat", "root", "octave"), ("stabs", "arp", "held"), weight=2.5, sidechain=0.5),
    "trance": Family((128, 146), (
        {"kick": _FOUR, "open": _OFF, "clap": _BACK},
        {"kick": _FOUR, "open": _OFF, "hat": _SIXTEENTHS, "snare": "....|x...|....|x..."},
        {"kick": _FOUR, "hat": "..x.|..x.|..x.|..x.", "ride": _EIGHTHS},
    ), ("offbeat", "root"), ("arp", "held", "arp"), weight=2.0, sidechain=0.5),
    "hardcore": Family((150, 205), (
        {"kick": _FOUR, "open": _OFF},
        {"kick": _FOUR, "open": _OFF, "clap": _BACK, "crash": "x...|....|....|...."},
        {"kick": "x...|x...|x...|x.xx", "snare": _BACK, "hat": _EIGHTHS},
    ), ("offbeat", "root", "octave"), ("arp", "stabs", "held"), weight=1.5, sidechain=0.3),
    "drum and bass": Family((156, 186), (
        {"kick": "x...|....|..x.|....", "snare": _BACK, "hat": _EIGHTHS},
        {"kick": "x...|...x|..x.|....", "snare": "....|x..-|.-..|x...", "hat": "o-o-|o-oo|o-o-|o-oo"},
        {"kick": "x.x.|....|..x.|....", "snare": "....|x..o|.o..|x...", "ride": _EIGHTHS},
        {"kick": "x.x.|....|..xx|....", "snare": "....|x..o|.o..|x..o", "hat": "xoxo|xoxo|xoxo|xoxo"},
    ), ("long", "eight", "boombap"), ("held", "stabs", "arp"), weight=1.8, swing=(0, 0.12)),
    "half-time": Family((130, 152), (
        {"kick": "x...|..x.|....|..o.", "snare": "....|....|x...|....", "hat": _EIGHTHS},
        {"kick": "x...|....|....|.x..", "clap": "....|....|x...|....", "hat": "o.o.|o.oo|oooo|o.o."},
        {"kick": "x..x|....|...x|....", "snare": "....|....|x...|....", "hat": "o..o|..o.|o..o|..o."},
    ), ("long", "eight"), ("held", "stabs", "arp"), weight=1.2),
    "trap": Family((66, 100), DRUMS["trap"] + DRUMS["krump"], ("eight", "long"), ("held", "arp", "stabs"), weight=0.8),
    "hip hop": Family((76, 112), DRUMS["boombap"], ("boombap", "long", "funk"), ("comp", "held", "stabs"), weight=1.2,
                      swing=(0.05, 0.4), humanise_s=0.005),
    "reggaeton": Family((86, 106), (
        {"kick": _FOUR, "snare": "...x|..x.|...x|..x.", "hat": _EIGHTHS},
        {"kick": "x...|x...|x...|x...", "rim": "...x|..x.|...x|..x.", "shaker": "oooo|oooo|oooo|oooo"},
        {"kick": "x..o|..x.|x..o|..x.", "clap": "...x|..x.|...x|..x."},
    ), ("root", "tumbao", "eight"), ("stabs", "held", "arp")),
    "reggae": Family((62, 96), (
        {"kick": "....|....|x...|....", "rim": "....|....|x...|....", "hat": _EIGHTHS},
        {"kick": "x...|....|x...|....", "snare": _BACK, "hat": "o.oo|o.oo|o.oo|o.oo"},
        {"kick": _FOUR, "rim": "....|....|x...|...o", "hat": _OFF},
    ), ("eight", "boombap"), ("skank", "stabs"), weight=0.8, swing=(0, 0.3), timbre="band"),
    "disco": Family((104, 132), DRUMS["disco"], ("octave", "funk"), ("stabs", "skank", "held"), weight=1.2),
    "funk": Family((88, 124), DRUMS["funk"], ("funk", "octave"), ("skank", "stabs", "comp"), weight=1.2,
                   swing=(0, 0.2), humanise_s=0.004, timbre="band"),
    "electro": Family((100, 140), DRUMS["electro"], ("octave", "root", "funk"), ("arp", "stabs"), weight=1.2),
    "breaks": Family((96, 142), DRUMS["breaks"], ("funk", "octave", "long"), weight=1.2, swing=(0, 0.2)),
    "pop": Family((78, 138), DRUMS["pop"], weight=1.6, timbre="band"),
    "rock": Family((88, 168), (
        {"kick": "x...|....|x.o.|....", "snare": _BACK, "hat": _EIGHTHS},
        {"kick": "x.x.|....|x.x.|....", "snare": _BACK, "ride": _EIGHTHS},
        {"kick": "x...|..x.|..x.|....", "snare": _BACK, "open": "x...|x...|x...|x...", "hat": _EIGHTHS},
        {"kick": "x..x|....|x...|..x.", "snare": _BACK, "crash": "x...|x...|x...|x..."},
        {"kick": "x.o.|..x.|x.o.|....", "snare": "....|x...|....|x.oo", "hat": _EIGHTHS},
    ), ("root", "root", "octave"), ("held", "stabs", "comp"), weight=2.0, humanise_s=0.005, timbre="band"),
    "metal": Family((120, 200), (
        {"kick": "xxxx|xxxx|xxxx|xxxx", "snare": _BACK, "crash": _EIGHTHS},
        {"kick": "x.xx|x.xx|x.xx|x.xx", "snare": _BACK, "hat": "x...|x...|x...|x..."},
        {"kick": "x...|x...|x...|x...", "snare": "..x.|..x.|..x.|..x.", "ride": "x...|x...|x...|x..."},
        {"kick": "x.x.|x.x.|x.x.|x.x.", "snare": "....|....|x...|....", "crash": "x...|x...|x...|x..."},
        {"kick": "x..x|..x.|x..x|..x.", "snare": _BACK, "hat": _EIGHTHS},
    ), ("root", "root"), ("held", "stabs", "arp"), weight=2.0, humanise_s=0.004, timbre="band"),
    "punk": Family((140, 205), (
        {"kick": "x...|....|x...|....", "snare": "....|x...|....|x...", "hat": _EIGHTHS},
        {"kick": "x.x.|..x.|x.x.|..x.", "snare": _BACK, "crash": "x...|x...|x...|x..."},
    ), ("root",), ("held", "stabs"), humanise_s=0.006, timbre="band"),
    "game": Family((100, 176), (
        {"kick": "x...|....|x...|....", "snare": _BACK, "hat": _EIGHTHS},
        {"kick": "x...|x...|x...|x...", "snare": _BACK, "hat": _OFF},
        {"kick": "x..x|..x.|x...|....", "snare": "....|x..o|....|x.o.", "hat": "oooo|oooo|oooo|oooo"},
        {"hat": "x.o.|x.o.|x.o.|x.o.", "kick": "x...|..x.|x...|..x."},
        {"snare": "x.oo|x.oo|x.oo|xxoo", "kick": "x...|x...|x...|x..."},
    ), ("octave", "root", "funk", "long"), ("arp", "arp", "stabs", "held"), weight=2.0),
    "kick alone": Family((60, 180), (
        {"kick": _FOUR},
        {"kick": "x...|....|x...|...."},
        {"hat": _EIGHTHS, "kick": "x...|....|....|...."},
        {"clap": _BACK},
        {"shaker": "o-o-|o-o-|o-o-|o-o-"},
    ), weight=0.8),
    "no drums": Family((70, 160), ({},), ("root", "octave", "boombap", "long"), ("arp", "stabs", "skank"), weight=1.2,
                       timbre="band"),
    "latin": Family((84, 124), DRUMS["salsa"], ("tumbao",), ("montuno",), weight=0.8, timbre="band"),
    "bossa": Family((100, 160), (
        {"kick": "x..o|x..o|x..o|x..o", "rim": "x..x|..x.|..x.|.x..", "shaker": "oooo|oooo|oooo|oooo"},
        {"kick": "x..o|x..o|x..o|x..o", "rim": "..x.|..x.|.x..|x..x", "hat": _EIGHTHS},
    ), ("tumbao", "eight"), ("comp", "stabs"), weight=0.5, timbre="band"),
    "samba": Family((92, 130), (
        {"kick": "-..o|x..o|-..o|x..o", "shaker": "x-ox|x-ox|x-ox|x-ox", "tom_low": "....|x...|....|x..."},
    ), ("tumbao", "root"), ("skank", "comp"), weight=0.4, timbre="band"),
    "ska": Family((120, 180), (
        {"kick": "x...|....|x...|....", "snare": _BACK, "hat": _OFF},
    ), ("eight", "root"), ("stabs",), weight=0.5, timbre="band"),
    "polka": Family((100, 150), (
        {"kick": "x...|x...|x...|x...", "snare": "..x.|..x.|..x.|..x."},
        {"tom_low": "x...|x...|x...|x...", "hat": "..x.|..x.|..x.|..x."},
    ), ("root",), ("stabs",), beats_per_bar=4, weight=0.5, timbre="band"),
    "march": Family((92, 132), (
        {"kick": "x...|x...|x...|x...", "snare": "x.oo|x...|x.oo|xooo", "crash": "x...|....|x...|...."},
    ), ("root",), ("stabs", "held"), weight=0.4, timbre="band"),
    "ballad": Family((56, 92), DRUMS["ballad"] + DRUMS["pop"], ("long", "eight"), ("arp", "held"), weight=0.7,
                     timbre="band"),
    "swing": Family((96, 210), DRUMS["swing"], _WALK, _SWUNG, weight=0.7, humanise_s=0.006, timbre="band"),
    "shuffle": Family((80, 150), (
        {"kick": "x..|...|x..|..o", "snare": "...|x..|...|x..", "hat": "x.o|x.o|x.o|x.o"},
        {"kick": "x..|x..|x..|x..", "clap": "...|x..|...|x..", "hat": "..o|..o|..o|..o"},
        {"kick": "x.o|..o|x..|..o", "snare": "...|x..|...|x..", "ride": "x.o|x.o|x.o|x.o"},
    ), _WALK, _SWUNG, weight=0.8, timbre="band"),
    "triplets": Family((56, 140), (
        {"kick": "x..|...|x..|...", "snare": "...|x..|...|x..", "hat": "ooo|ooo|ooo|ooo"},
        {"kick": "x..|..x|x..|...", "rim": "...|x..|...|x..", "ride": "ooo|ooo|ooo|ooo"},
        {"kick": "x..|x..|x..|x..", "hat": "ooo|ooo|ooo|ooo"},
    ), _WALK, _SWUNG, weight=0.7, timbre="band"),
    "six-eight": Family((60, 120), (
        {"kick": "x..|...", "snare": "...|x..", "hat": "ooo|ooo"},
        {"kick": "x..|..o", "rim": "...|x..", "shaker": "o-o|o-o"},
    ), _WALK, _SWUNG, beats_per_bar=2, weight=0.4, timbre="band"),
    "waltz": Family((80, 200), (*DRUMS["waltz"], {"kick": "x...|....|....", "hat": "....|x...|x..."}),
                    ("root", "long"), ("stabs", "held", "arp"), beats_per_bar=3, weight=0.9, timbre="band"),
    "three-four rock": Family((90, 170), (
        {"kick": "x...|....|..x.", "snare": "....|....|x...", "hat": "o.o.|o.o.|o.o."},
        {"kick": "x...|x...|x...", "open": "..x.|..x.|..x.", "clap": "....|....|x..."},
    ), ("root",), ("arp", "held"), beats_per_bar=3, weight=0.5),
    "five-four": Family((100, 190), (
        {"kick": "x...|..x.|....|x...|....", "snare": "....|....|x...|....|x...", "hat": "o.o.|o.o.|o.o.|o.o.|o.o."},
        {"kick": "x...|....|..x.|x...|....", "ride": "x...|x.o.|x...|x...|x.o.", "rim": "....|x...|....|....|x..."},
        {"kick": "x...|x...|x...|x...|x...", "clap": "....|x...|....|x...|x...", "open": "..x.|..x.|..x.|..x.|..x."},
    ), ("root", "long"), ("stabs", "held", "arp"), beats_per_bar=5, weight=0.5),
    "seven-four": Family((110, 210), (
        {"kick": "x...|....|x...|....|x...|....|....", "snare": "....|x...|....|x...|....|x...|x...",
         "hat": "o.o.|o.o.|o.o.|o.o.|o.o.|o.o.|o.o."},
        {"kick": "x...|....|x...|....|x...|....|....", "hat": "x...|o...|x...|o...|x...|o...|o..."},
    ), ("root", "long"), ("stabs", "held"), beats_per_bar=7, weight=0.4),
}  # fmt: skip
"""By name; every rhythm, bass line and chord habit named here exists in audio/patterns.py."""
