"""Draws a song from a family: kit and players, sections, and small changes to every pattern."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np

from megadance_live.audio.drums import KITS, Kit
from megadance_live.audio.harmony import PROGRESSIONS, SCALES, Chord, Note, bass_pitches, chord, motif, voicing_pitches
from megadance_live.audio.patterns import BASS, CHORD_RHYTHMS, Pattern
from megadance_live.corpus.families import FAMILIES, Family

T = TypeVar("T")

_FILL_LANES = ("snare", "tom_high", "tom_mid", "tom_low")
_SKELETON = ("kick", "snare", "clap", "rim")


class Player(Protocol):
    """Who plays: a synthesiser (corpus/synth.py) or instruments (corpus/band.py). Parts are "bass", "chords", "pad" and
    "lead"; `gain` 1 is that part's usual loudness; `bar` counts from the first of the grid."""

    def drums(self, bar: int, pattern: Pattern, gains: dict[str, float], until_beat: float) -> None: ...

    def hit(self, lane: str, bar: int, beat: float, gain: float) -> None: ...

    def line(self, part: str, bar: int, text: str, pitches: dict[str, int], gain: float) -> None: ...

    def chords(self, part: str, bar: int, text: str, voicing: tuple[int, ...], gain: float) -> None: ...

    def melody(self, bar: int, phrase: Sequence[Note], key: int, scale: str, gain: float) -> None: ...


@dataclass(frozen=True)
class Song:
    """What stays the same through one piece."""

    name: str
    family: Family
    patterns: tuple[Pattern, ...]
    gains: dict[str, float]
    key: int
    scale: str
    chords: tuple[Chord, ...]
    bars_per_chord: int
    bass: str | None
    rhythm: str | None
    pad: bool
    motifs: tuple[tuple[Note, ...], ...]
    levels: dict[str, float]
    swing: float


def draw_song(rng: np.random.Generator) -> Song:
    """A song of a random family."""
    names = tuple(FAMILIES)
    weights = np.array([FAMILIES[name].weight for name in names])
    name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    family = FAMILIES[name]
    order = rng.permutation(len(family.drums))[:2]
    scale, key = pick(rng, tuple(SCALES)), int(rng.integers(12))
    centre = int(rng.integers(55, 70))
    seventh = bool(rng.random() < 0.5)
    degrees = pick(rng, PROGRESSIONS)
    steps = (6 if family.chords[0].startswith("swing") else 8) * family.beats_per_bar
    density = float(rng.uniform(0.25, 0.9))
    return Song(
        name=name,
        family=family,
        patterns=tuple(_changed(family.drums[k], rng) for k in order),
        gains=_lane_gains(rng),
        key=key,
        scale=scale,
        chords=tuple(chord(key, scale, d, seventh=seventh, centre=centre) for d in degrees),
        bars_per_chord=1 if rng.random() < 0.75 else 2,
        bass=pick(rng, BASS[pick(rng, family.bass)]) if rng.random() < 0.92 else None,
        rhythm=pick(rng, CHORD_RHYTHMS[pick(rng, family.chords)]) if rng.random() < 0.85 else None,
        pad=bool(rng.random() < 0.3),
        motifs=tuple(motif(rng, steps, density, (0, 2, 4)) for _ in range(2)),
        levels={part: float(np.exp(rng.normal(0, 0.35))) for part in ("drums", "bass", "chords", "pad", "lead")},
        swing=float(rng.uniform(*family.swing)),
    )


def perform(song: Song, player: Player, rng: np.random.Generator, bars: int) -> None:
    """Plays `bars` bars in sections of four or eight, in which some of the parts rest."""
    bar = -int(rng.integers(0, 4))
    while bar < bars:
        length = 4 if rng.random() < 0.6 else 8
        _section(song, player, rng, bar, length)
        bar += length


def _section(song: Song, player: Player, rng: np.random.Generator, first: int, length: int) -> None:
    beats = song.family.beats_per_bar
    drumless = rng.random() < 0.1
    thin = rng.random() < 0.15
    gains = {lane: gain for lane, gain in song.gains.items() if not thin or lane in _SKELETON}
    pattern = song.patterns[int(rng.integers(len(song.patterns)))]
    pattern = {lane: text for lane, text in pattern.items() if lane in gains}
    plays = {part: bool(rng.random() < (0.9 if drumless else 0.8)) for part in ("bass", "chords", "lead")}
    ending = pick(rng, ("", "", "fill", "fill", "break"))
    held_back = {"": 0.0, "fill": 1.0, "break": float(min(2, beats))}[ending]
    for k in range(length):
        bar, last = first + k, k == length - 1
        now, following = (song.chords[(b // song.bars_per_chord) % len(song.chords)] for b in (bar, bar + 1))
        if not drumless:
            player.drums(bar, pattern, gains, beats - held_back if last else float(beats))
        if k == 0 and rng.random() < 0.5:
            player.hit("crash", bar, 0.0, song.levels["drums"])
        if plays["bass"] and song.bass:
            player.line("bass", bar, song.bass, bass_pitches(now, following, song.key, song.scale), song.levels["bass"])
        if plays["chords"]:
            _chords(song, player, bar, now)
        if plays["lead"] and k % 2 == 0:
            player.melody(bar, song.motifs[(k // 2) % 4 == 3], 48 + song.key, song.scale, song.levels["lead"])
        if last and ending == "fill" and not drumless:
            _fill(song, player, rng, bar, beats)


def _chords(song: Song, player: Player, bar: int, now: Chord) -> None:
    if song.pad:
        player.chords("pad", bar, "R___|____|____|____", now.voicing, song.levels["pad"])
    if song.rhythm and set(song.rhythm) & set("358"):
        player.line("chords", bar, song.rhythm, voicing_pitches(now), song.levels["chords"])
    elif song.rhythm:
        player.chords("chords", bar, song.rhythm, now.voicing, song.levels["chords"])


def _fill(song: Song, player: Player, rng: np.random.Generator, bar: int, beats: int) -> None:
    steps = 3 if song.family.chords[0].startswith("swing") else 4
    for step in range(steps):
        if rng.random() < 0.8:
            lane = pick(rng, _FILL_LANES) if rng.random() < 0.6 else "snare"
            player.hit(lane, bar, beats - 1 + step / steps, song.levels["drums"] * float(rng.uniform(0.5, 1)))


def _changed(pattern: Pattern, rng: np.random.Generator) -> Pattern:
    """With some strokes left out, some added softly, and sometimes a whole lane away."""
    drop, add = rng.uniform(0, 0.12), rng.uniform(0, 0.06)

    def stroke(letter: str) -> str:
        if letter == "|":
            return letter
        if letter == ".":
            return "-" if rng.random() < add else "."
        return "." if rng.random() < drop else letter

    kept = {lane: text for lane, text in pattern.items() if len(pattern) < 3 or rng.random() > 0.12}
    return {lane: "".join(stroke(letter) for letter in text) for lane, text in kept.items()}


def _lane_gains(rng: np.random.Generator) -> dict[str, float]:
    """How loud each lane is; the open hat, the ride and the shaker are sometimes louder than the kick."""
    lanes = ("kick", "snare", "clap", "rim", "hat", "open", "ride", "shaker", "tom_low", "tom_mid", "tom_high", "conga",
             "conga_slap", "cowbell", "clave", "crash")  # fmt: skip
    spread = rng.uniform(0.1, 0.6)
    gains = {lane: float(np.exp(rng.normal(0, spread))) for lane in lanes}
    if rng.random() < 0.25:
        gains[pick(rng, ("open", "hat", "ride", "shaker"))] *= float(rng.uniform(1.5, 4))
        gains["kick"] *= float(rng.uniform(0.3, 1))
    return gains


def drawn_kit(rng: np.random.Generator) -> Kit:
    """One of the kits, detuned, longer or shorter, duller or harder."""
    kit = KITS[pick(rng, tuple(KITS))]
    longer, higher = (float(np.exp(rng.normal(0, 0.25))) for _ in range(2))
    return replace(
        kit,
        kick_hz=float(np.clip(kit.kick_hz * np.exp(rng.normal(0, 0.15)), 35, 90)),
        kick_sweep_hz=kit.kick_sweep_hz * float(np.exp(rng.normal(0, 0.3))),
        kick_s=kit.kick_s * longer,
        kick_click=kit.kick_click * float(np.exp(rng.normal(0, 0.5))),
        snare_s=kit.snare_s * longer,
        snare_body=float(np.clip(kit.snare_body * np.exp(rng.normal(0, 0.3)), 0.1, 1)),
        hat_hz=float(np.clip(kit.hat_hz * np.exp(rng.normal(0, 0.25)), 2_500, 9_000)),
        hat_s=kit.hat_s * float(np.exp(rng.normal(0, 0.3))),
        open_s=kit.open_s * float(np.exp(rng.normal(0, 0.3))),
        tune=kit.tune * higher,
        drive=kit.drive * float(np.exp(rng.normal(0, 0.3))),
    )


def pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    """One of the options, each as likely."""
    return options[int(rng.integers(len(options)))]
