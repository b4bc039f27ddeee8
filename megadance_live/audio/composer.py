"""Makes up a piece of music in the style of a dance genre on any grid of beats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from megadance_live.audio.drums import KITS, one_shots
from megadance_live.audio.dsp import F32, noise, peak_normalised, swept_lowpass
from megadance_live.audio.harmony import PROGRESSIONS, Chord, Note, bass_pitches, chord, motif, voicing_pitches
from megadance_live.audio.mixer import Mix
from megadance_live.audio.patterns import BASS, CHORD_RHYTHMS, DRUMS, Pattern, steps_per_beat
from megadance_live.audio.sequencer import BeatGrid, Sequencer
from megadance_live.audio.styles import STYLES, Style
from megadance_live.audio.voices import BASSES, CHORDS, LEADS, Voice

T = TypeVar("T")

_SKELETON = ("kick", "snare", "clap", "tom_low", "clave", "conga")
"""Lanes that still play when the drums are thinned out."""
_SHUFFLED = ("walk", "swing", "swing_held")
_EITHER = ("long",)


@dataclass(frozen=True)
class Song:
    """Everything that stays the same through one piece."""

    style: Style
    kit: str
    patterns: tuple[Pattern, ...]
    key: int
    scale: str
    chords: tuple[Chord, ...]
    bass: str | None
    bass_voice: Voice
    rhythm: str | None
    chord_voice: Voice
    pad_voice: Voice | None
    lead_voice: Voice
    motifs: tuple[tuple[Note, ...], ...]
    swing: float
    sidechain: float
    gains: tuple[float, float, float, float]  # drums, bass, chords, lead


@dataclass(frozen=True)
class Section:
    """A run of bars in which the same players play."""

    first_bar: int
    bars: int
    pattern: int
    drums: int  # 0 none, 1 skeleton, 2 all
    bass: bool
    chords: bool
    lead: bool
    ending: str  # "fill", "break", "rise" or ""


def compose(
    style: str,
    beat_times_s: npt.NDArray[np.floating[Any]],
    beats_per_bar: int,
    rng: np.random.Generator,
    rate_hz: int,
    duration_s: float,
) -> F32:
    """A piece in the style of a genre (`styles.STYLE_NAMES`): float32 [round(duration_s * rate_hz), 2].

    `beat_times_s` [beats >= 2] is the time of every beat, not necessarily even; beat 0 is a downbeat, and the music
    runs on in whole bars before the first and after the last. Another state of `rng` gives another piece; the same
    state gives the same samples. Raises ValueError for a grid that does not rise, KeyError for an unknown style.
    """
    grid = BeatGrid(np.asarray(beat_times_s, np.float64), beats_per_bar)
    names = tuple(STYLES)
    song = draw_song(STYLES[_pick(rng, names) if style == "freestyle" else style], rng, beats_per_bar)
    mix = Mix(duration_s, rate_hz)
    player = Sequencer(mix, grid, rng, swing=song.swing, humanise_s=song.style.humanise_s)
    first_bar = int(np.floor(grid.beat_at(0.0) / beats_per_bar))
    last_bar = int(np.ceil(grid.beat_at(duration_s) / beats_per_bar))
    for section in draw_sections(song, rng, first_bar, last_bar):
        _play(player, song, section)
    beat_s = float(np.median(np.diff(grid.times_s)))
    return mix.render(
        room_s=float(rng.uniform(0.4, 2.2)),
        echo_s=beat_s * float(_pick(rng, (0.5, 0.75, 1.0))),
        low_db=float(rng.uniform(-4, 4)),
        high_hz=float(np.exp(rng.uniform(np.log(4_000), np.log(18_000)))),
        peak=float(rng.uniform(0.25, 0.95)),
    )


def draw_song(style: Style, rng: np.random.Generator, beats_per_bar: int) -> Song:
    """Draw what stays the same: kit, key, chords, players, levels."""
    family = "waltz" if beats_per_bar == 3 and rng.random() < 0.7 else _pick(rng, style.drums)
    shuffled = any(steps_per_beat(line) == 3 for line in DRUMS[family][0].values())
    patterns = tuple(DRUMS[family][k] for k in rng.permutation(len(DRUMS[family]))[:2])
    scale, key = _pick(rng, style.scales), int(rng.integers(12))
    seventh, ninth = bool(rng.random() < 0.7), bool(rng.random() < 0.2)
    centre = int(rng.integers(57, 67))
    degrees = _pick(rng, PROGRESSIONS)
    chords = tuple(chord(key, scale, d, seventh=seventh, ninth=ninth, centre=centre) for d in degrees)
    bass = _pick(rng, tuple(h for h in style.bass if _fits(h, shuffled)))
    rhythm = _pick(rng, tuple(h for h in style.chords if _fits(h, shuffled)))
    density = float(rng.uniform(0.25, 0.7))
    phrase = 8 * beats_per_bar
    motifs = tuple(motif(rng, phrase, density, (0, 2, 4)) for _ in range(2))
    return Song(
        style=style,
        kit=_pick(rng, style.kits),
        patterns=patterns,
        key=key,
        scale=scale,
        chords=chords,
        bass=_pick(rng, BASS[bass]) if rng.random() < 0.95 else None,
        bass_voice=BASSES[_pick(rng, style.bass_voices)],
        rhythm=_pick(rng, CHORD_RHYTHMS[rhythm]) if rng.random() < 0.9 else None,
        chord_voice=CHORDS[_pick(rng, style.chord_voices)],
        pad_voice=CHORDS[_pick(rng, ("pad", "strings", "organ"))] if rng.random() < 0.35 else None,
        lead_voice=LEADS[_pick(rng, style.leads)],
        motifs=motifs,
        swing=0.0 if shuffled else float(rng.uniform(*style.swing)),
        sidechain=float(rng.uniform(*style.sidechain)),
        gains=(
            float(rng.uniform(0.7, 1.1)),
            float(rng.uniform(0.35, 0.6)),
            float(rng.uniform(0.15, 0.4)),
            float(rng.uniform(0.12, 0.3)),
        ),
    )


def _fits(habit: str, shuffled: bool) -> bool:
    """Whether a bass or chord habit goes with drums that shuffle, or do not."""
    return habit in _EITHER or (habit in _SHUFFLED) == shuffled


def draw_sections(song: Song, rng: np.random.Generator, first_bar: int, last_bar: int) -> list[Section]:
    """Sections of four or eight bars that cover the bars from `first_bar` up to `last_bar`; the first begins at a
    random place in its section, so that a short piece may start anywhere in the music."""
    sections = []
    bar = first_bar - int(rng.integers(0, 4))
    while bar < last_bar:
        bars = 4 if rng.random() < 0.6 else 8
        quiet = rng.random() < song.style.drumless_chance
        ending = ""
        if rng.random() < song.style.fill_chance:
            ending = _pick(rng, song.style.endings)
        sections.append(
            Section(
                first_bar=bar,
                bars=bars,
                pattern=int(rng.integers(len(song.patterns))),
                drums=0 if quiet else (1 if rng.random() < 0.2 else 2),
                bass=bool(rng.random() < (0.6 if quiet else 0.9)),
                chords=bool(quiet or rng.random() < 0.8),
                lead=bool(rng.random() < song.style.lead_chance),
                ending=ending,
            )
        )
        bar += bars
    return sections


def riser(length_s: float, rate_hz: int, seed: int = 21) -> F32:
    """Noise that opens up and swells, [n], peak 1."""
    n = round(length_s * rate_hz)
    swell = np.linspace(0, 1, n, dtype=np.float32) ** 2
    return peak_normalised(swept_lowpass(noise(n, seed), rate_hz, 300, 12_000) * swell)


def _play(player: Sequencer, song: Song, section: Section) -> None:
    shots = one_shots(KITS[song.kit], player.mix.rate_hz)
    drums_gain, bass_gain, chord_gain, lead_gain = song.gains
    beats = player.grid.beats_per_bar
    for k in range(section.bars):
        bar = section.first_bar + k
        last = k == section.bars - 1
        now, following = (song.chords[b % len(song.chords)] for b in (bar, bar + 1))
        if section.drums:
            player.drums(
                bar,
                song.patterns[section.pattern],
                shots,
                gain=drums_gain,
                lanes=_SKELETON if section.drums == 1 else None,
                until_beat=beats - _held_back(section, beats) if last else beats,
                duck=song.sidechain,
            )
            if k == 0 and song.style.fill_chance > 0.5:
                player.hit("crash", shots, player.when_s(bar, 0), drums_gain)
        if section.bass and song.bass:
            pitches = bass_pitches(now, following, song.key, song.scale)
            player.line(bar, song.bass, pitches, song.bass_voice, gain=bass_gain)
        if section.chords:
            _play_chords(player, song, bar, now, chord_gain)
        if section.lead and k % 2 == 0:
            phrase = song.motifs[(k // 2) % 4 == 3]
            player.melody(bar, phrase, 60 + song.key - 12, song.scale, song.lead_voice, gain=lead_gain, room=0.25,
                          echo=0.3, pan=0.2)  # fmt: skip
    _play_ending(player, song, section)


def _play_chords(player: Sequencer, song: Song, bar: int, now: Chord, gain: float) -> None:
    if song.pad_voice:
        player.chords(bar, "R___|____|____|____", now.voicing, song.pad_voice, gain=0.4 * gain, room=0.3)
    if song.rhythm and set(song.rhythm) & set("358"):
        player.line(bar, song.rhythm, voicing_pitches(now), song.chord_voice, gain=gain, room=0.2, echo=0.1)
    elif song.rhythm:
        player.chords(bar, song.rhythm, now.voicing, song.chord_voice, gain=gain, room=0.15)


def _held_back(section: Section, beats: int) -> float:
    """How many beats before the end of the section the pattern gives way."""
    return {"fill": 1.0, "break": float(min(2, beats)), "rise": 0.0}.get(section.ending, 0.0)


def _play_ending(player: Sequencer, song: Song, section: Section) -> None:
    """A fill on the last beat, or a riser over the last two bars."""
    bar, beats = section.first_bar + section.bars - 1, player.grid.beats_per_bar
    if section.ending == "fill" and section.drums:
        shots = one_shots(KITS[song.kit], player.mix.rate_hz)
        lanes = ("snare", "tom_high", "tom_mid", "tom_low")
        for step in range(4):
            if player.rng.random() < 0.8:
                lane = lanes[step] if player.rng.random() < 0.6 else "snare"
                at_s = player.when_s(bar, 4 * (beats - 1) + step)
                player.hit(lane, shots, at_s, song.gains[0] * float(player.rng.uniform(0.5, 1)))
    elif section.ending == "rise":
        start_s, end_s = player.when_s(bar - 1, 0), player.when_s(bar + 1, 0)
        player.mix.add(riser(end_s - start_s, player.mix.rate_hz), start_s, 0.3, room=0.2)


def _pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    return options[int(rng.integers(len(options)))]
