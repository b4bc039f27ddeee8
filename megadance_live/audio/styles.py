"""What the music of each dance genre is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType


@dataclass(frozen=True)
class Style:
    """Habits to draw from. Names refer to drums.KITS, patterns.*, voices.* and harmony.SCALES; ranges are uniform."""

    drums: tuple[str, ...]
    kits: tuple[str, ...]
    bass: tuple[str, ...]
    bass_voices: tuple[str, ...]
    chords: tuple[str, ...]
    chord_voices: tuple[str, ...]
    leads: tuple[str, ...]
    scales: tuple[str, ...] = ("minor", "dorian")
    swing: tuple[float, float] = (0.0, 0.1)
    sidechain: tuple[float, float] = (0.0, 0.2)
    lead_chance: float = 0.5
    drumless_chance: float = 0.1
    fill_chance: float = 0.7
    endings: tuple[str, ...] = ("fill", "fill", "fill", "break")
    humanise_s: float = 0.003


_HOUSE = Style(
    drums=("house",), kits=("electronic", "electronic", "eight", "hard"),
    bass=("offbeat", "root", "octave", "funk"), bass_voices=("sub", "saw", "square", "fm"),
    chords=("stabs", "comp", "held", "arp"), chord_voices=("stab", "rhodes", "organ", "piano", "pad"),
    leads=("pluck", "vibes", "lead", "bell"), scales=("minor", "dorian", "minor", "mixolydian"),
    swing=(0.0, 0.25), sidechain=(0.2, 0.65), endings=("fill", "fill", "break", "rise"), humanise_s=0.0015,
)  # fmt: skip
_FUNK = Style(
    drums=("funk",), kits=("acoustic", "acoustic", "latin"), bass=("funk", "octave", "root"),
    bass_voices=("finger", "slap", "square"), chords=("skank", "stabs", "comp"),
    chord_voices=("clav", "guitar", "rhodes", "organ", "brass"), leads=("trumpet", "square", "flute"),
    scales=("dorian", "mixolydian", "minor"), swing=(0.0, 0.2), humanise_s=0.004,
)  # fmt: skip
_HIPHOP = Style(
    drums=("boombap",), kits=("lofi", "acoustic", "electronic"), bass=("boombap", "long", "funk"),
    bass_voices=("sub", "upright", "finger"), chords=("comp", "held", "stabs", "arp"),
    chord_voices=("rhodes", "piano", "strings", "guitar"), leads=("flute", "vibes", "bell", "trumpet"),
    swing=(0.1, 0.45), lead_chance=0.4, humanise_s=0.004,
)  # fmt: skip
_BALLET = Style(
    drums=("ballad",), kits=("acoustic", "lofi"), bass=("long",), bass_voices=("upright", "sub"),
    chords=("arp", "held", "arp", "comp"), chord_voices=("piano", "strings", "rhodes", "pad"),
    leads=("flute", "whistle", "vibes"), scales=("major", "minor", "harmonic"), sidechain=(0.0, 0.0),
    lead_chance=0.6, drumless_chance=0.5, fill_chance=0.3, humanise_s=0.007,
)  # fmt: skip

STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "popping": replace(
            _FUNK, drums=("electro", "funk", "electro"), kits=("eight", "electronic", "acoustic"),
            bass_voices=("square", "fm", "slap", "saw"), chord_voices=("clav", "stab", "rhodes", "brass"),
            leads=("square", "lead", "bell"), humanise_s=0.0015,
        ),
        "locking": _FUNK,
        "house": _HOUSE,
        "krump": replace(
            _HIPHOP, drums=("krump", "krump", "trap"), kits=("hard", "eight", "electronic"), bass=("eight", "root"),
            bass_voices=("growl", "sub", "saw"), chord_voices=("strings", "brass", "stab", "pad"),
            leads=("lead", "square", "bell"), scales=("minor", "phrygian", "harmonic"), swing=(0.0, 0.1),
        ),
        "breaking": replace(
            _FUNK, drums=("breaks", "breaks", "funk"), kits=("acoustic", "acoustic", "lofi", "latin"),
            leads=("trumpet", "flute", "square"), swing=(0.0, 0.25),
        ),
        "waacking": replace(
            _HOUSE, drums=("disco",), kits=("acoustic", "electronic", "latin"), bass=("octave", "octave", "funk"),
            bass_voices=("finger", "slap", "saw"), chords=("stabs", "skank", "held"),
            chord_voices=("strings", "guitar", "piano", "brass", "clav"), leads=("trumpet", "flute", "lead"),
            swing=(0.0, 0.1), sidechain=(0.0, 0.2),
        ),
        "la_hiphop": replace(
            _HIPHOP, drums=("trap", "boombap", "trap"), kits=("eight", "electronic", "hard"),
            bass=("eight", "boombap"), bass_voices=("sub", "growl", "fm"),
            chord_voices=("rhodes", "pad", "bells", "guitar", "strings"), leads=("bell", "pluck", "flute", "square"),
            swing=(0.0, 0.25),
        ),
        "middle_hiphop": _HIPHOP,
        "street_jazz": replace(
            _HOUSE, drums=("pop", "boombap", "pop"), kits=("electronic", "acoustic", "eight"),
            bass=("root", "long", "boombap"), chords=("comp", "held", "arp", "stabs"),
            chord_voices=("rhodes", "piano", "pad", "guitar"), scales=("minor", "major", "dorian"),
            sidechain=(0.0, 0.4), swing=(0.0, 0.3),
        ),
        "ballet_jazz": replace(
            _BALLET, drums=("swing", "pop", "swing"), kits=("acoustic",), bass=("walk", "long"),
            bass_voices=("upright",), chords=("swing", "swing_held", "comp"), chord_voices=("piano", "rhodes"),
            leads=("trumpet", "vibes", "flute"), drumless_chance=0.2, scales=("major", "dorian", "mixolydian"),
        ),
        "ballet_modern": _BALLET,
        "salsa": Style(
            drums=("salsa",), kits=("latin",), bass=("tumbao",), bass_voices=("upright", "finger"),
            chords=("montuno",), chord_voices=("piano", "piano", "organ"), leads=("trumpet", "trumpet", "flute"),
            scales=("minor", "major", "harmonic", "dorian"), sidechain=(0.0, 0.0), drumless_chance=0.05,
            lead_chance=0.6, humanise_s=0.004,
        ),
    }
)  # fmt: skip
"""By genre; `freestyle` is any of them."""

STYLE_NAMES: tuple[str, ...] = (*STYLES, "freestyle")
