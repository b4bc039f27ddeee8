"""Accompaniment grooves of the program `mma` over made-up chords, as MIDI whose beats are known."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.audio.harmony import PROGRESSIONS
from megadance_live.core.errors import DataError
from megadance_live.corpus.band import DRUM_CHANNEL, Cast, Played
from megadance_live.corpus.song import pick

F64 = npt.NDArray[np.float64]

LIBRARY = Path("/usr/share/mma/lib")
_TIMEOUT_S = 60
_DEFINED = re.compile(r"^\s*DefGroove\s+(\S+)", re.IGNORECASE | re.MULTILINE)
_PARTIAL = re.compile(r"(intro|end|fill|break)\w*$", re.IGNORECASE)
_KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MAJOR = ((0, ""), (2, "m"), (4, "m"), (5, ""), (7, "7"), (9, "m"), (11, "dim"))
_MINOR = ((0, "m"), (2, "m7b5"), (3, ""), (5, "m"), (7, "7"), (8, ""), (10, ""))
_KEPT_ASIDE = ("chacha", "tango", "jazz-54", "waltz", "vienesewaltz", "salsa", "bvfunk", "funk", "kfunk1", "kfunk2")
"""Files whose grooves are played in recordings that measure, and so are not learnt from."""
_SLOW = ("ballad", "bald", "slow", "hymn", "spiritual", "lullaby", "bolero", "blus", "blues")
_FAST = ("polka", "swing", "bebop", "jive", "quickstep", "bluegrass", "samba", "punk", "metal", "ska", "waltz")


@dataclass(frozen=True)
class Groove:
    """`name` with its library in front, as mma wants it."""

    name: str
    file: str


@dataclass(frozen=True)
class Accompaniment:
    """A MIDI file and its grid: times [n] of all beats from 0 on, and how many make a bar."""

    beats_s: F64
    beats_per_bar: int


@lru_cache(maxsize=1)
def grooves() -> tuple[Groove, ...]:
    """Every groove of the library that can go on by itself."""
    found = []
    for path in sorted(LIBRARY.rglob("*.mma")):
        if path.stem.lower() in _KEPT_ASIDE:
            continue
        library = "" if path.parent.name == "stdlib" else f"{path.parent.name}:"
        names = _DEFINED.findall(path.read_text(encoding="utf-8", errors="replace"))
        found += [Groove(library + name, path.stem) for name in names if not _PARTIAL.search(name)]
    return tuple(found)


def can_accompany() -> bool:
    """Whether mma and its library are here."""
    return shutil.which("mma") is not None and bool(grooves())


def accompany(groove: Groove, rng: np.random.Generator, seconds: float, midi: Path) -> Accompaniment:
    """Writes a MIDI file of at least `seconds`. Raises DataError where mma cannot play the groove, or where its beat is
    not sure."""
    low, high = _usual_bpm(groove)
    bpm = round(float(np.exp(rng.uniform(np.log(low), np.log(high)))), 1)
    bars = int(seconds * bpm / 60 / 3) + 4  # enough also in bars of three beats
    changes = _tempo_changes(rng, bpm, bars)
    lines = [f"Tempo {bpm}", f"Groove {groove.name}"]
    for bar, chords in enumerate(_chords(rng, bars)):
        lines += [f"Tempo {bpm * factor:.2f}" for at, factor in changes.items() if at == bar]
        lines.append(f"{bar + 1} {chords}")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "song.mma"
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = ["mma", "-w", "-m", str(bars + 10), "-f", str(midi), str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)
        except (OSError, subprocess.SubprocessError) as error:
            raise DataError(f"mma cannot play the groove {groove.name}.") from error
    return _grid(midi)


def notes_of(midi: Path) -> tuple[list[Played], Cast]:
    """The notes of a MIDI file at the times of its tempo map, and who plays them."""
    import mido

    programs, volumes = {DRUM_CHANNEL: 0}, dict.fromkeys(range(16), 100)
    notes: list[Played] = []
    sounding: dict[tuple[int, int], tuple[float, int]] = {}
    now_s = 0.0
    for message in mido.MidiFile(midi):
        now_s += message.time
        if message.type == "program_change":
            programs[message.channel] = message.program
        elif message.type == "control_change" and message.control == 7:
            volumes[message.channel] = message.value
        elif message.type in ("note_on", "note_off"):
            place = (message.channel, message.note)
            if place in sounding:
                start_s, velocity = sounding.pop(place)
                notes.append(Played(*place, start_s, max(now_s, start_s + 0.03), velocity))
            if message.type == "note_on" and message.velocity > 0:
                sounding[place] = (now_s, message.velocity)
    return notes, Cast({note.channel: 0 for note in notes} | programs, volumes)


def _usual_bpm(groove: Groove) -> tuple[float, float]:
    for words, bpm in ((_SLOW, (56.0, 112.0)), (_FAST, (100.0, 215.0))):
        if any(word in groove.file.lower() for word in words):
            return bpm
    return 72.0, 172.0


def _grid(midi: Path) -> Accompaniment:
    """From the file's tempo map and time signature. Raises DataError where the signature does not tell the beat."""
    import mido

    file = mido.MidiFile(midi)
    tempi: list[tuple[int, int]] = []
    signatures = set()
    last = 0
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            last = max(last, tick)
            if message.type == "set_tempo":
                tempi.append((tick, message.tempo))
            elif message.type == "time_signature":
                signatures.add((message.numerator, message.denominator))
    beats_per_bar = _SIGNATURES.get(next(iter(signatures))) if len(signatures) == 1 else None
    if beats_per_bar is None:
        raise DataError(f"{midi} does not say how its bars are counted.")
    ticks = np.arange(0, last + 1, file.ticks_per_beat)
    return Accompaniment(_seconds_at(ticks, sorted(tempi), file.ticks_per_beat), beats_per_bar)


_SIGNATURES: Mapping[tuple[int, int], int] = {(4, 4): 4, (3, 4): 3, (5, 4): 5, (2, 4): 2, (12, 8): 4, (7, 4): 7}
"""Beats to a bar where a beat of mma is the beat that is felt; in 12/8, mma counts four."""


def _seconds_at(ticks: npt.NDArray[np.int64], tempi: list[tuple[int, int]], ticks_per_beat: int) -> F64:
    if not tempi or tempi[0][0] > 0:
        tempi = [(0, 500_000), *tempi]
    starts = np.array([tick for tick, _ in tempi], np.float64)
    per_tick = np.array([tempo for _, tempo in tempi], np.float64) / 1e6 / ticks_per_beat
    at_s = np.concatenate([[0.0], np.cumsum(np.diff(starts) * per_tick[:-1])])
    k = np.searchsorted(starts, ticks, side="right") - 1
    seconds: F64 = at_s[k] + (ticks - starts[k]) * per_tick[k]
    return seconds


def _chords(rng: np.random.Generator, bars: int) -> list[str]:
    """A chord for every bar, now and then two."""
    key = int(rng.integers(12))
    scale = _MAJOR if rng.random() < 0.5 else _MINOR
    degrees = pick(rng, PROGRESSIONS)
    if rng.random() < 0.3:
        degrees = (*degrees, *pick(rng, PROGRESSIONS))

    def name(degree: int) -> str:
        step, quality = scale[degree % 7]
        return _KEYS[(key + step) % 12] + quality

    busy = rng.random() < 0.25
    return [
        f"{name(degrees[bar % len(degrees)])} / {name(degrees[(bar + 1) % len(degrees)])}"
        if busy and bar % 4 == 3
        else name(degrees[bar % len(degrees)])
        for bar in range(bars)
    ]


def _tempo_changes(rng: np.random.Generator, bpm: float, bars: int) -> dict[int, float]:
    """Factors of the tempo from certain bars on: mostly none; a jump, a ramp, or the wavering of players."""
    chance = rng.random()
    if chance < 0.7:
        return {}
    if chance < 0.8:
        return {int(bars * rng.uniform(0.15, 0.5)): float(np.clip(np.exp(rng.normal(0, 0.2)), 55 / bpm, 220 / bpm))}
    if chance < 0.9:
        start, step = int(bars * rng.uniform(0, 0.3)), float(rng.uniform(-0.02, 0.02))
        return {start + k: 1 + step * k for k in range(10)}
    return {bar: float(1 + rng.normal(0, 0.008)) for bar in range(1, bars)}
