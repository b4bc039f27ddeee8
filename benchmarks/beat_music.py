"""Made-up music to measure with: played by the project's synthesisers as the corpus is, from seeds that it never draws.

Every piece begins after a second of silence; drums, bass and chords play all the time.
"""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.beat_scores import Clip
from megadance_live.audio.drums import LANE_GAIN
from megadance_live.audio.harmony import bass_pitches
from megadance_live.audio.patterns import Pattern
from megadance_live.audio.sequencer import BeatGrid
from megadance_live.corpus.families import FAMILIES
from megadance_live.corpus.song import Song, draw_song, pick
from megadance_live.corpus.synth import SynthPlayer, mixed, synth_player

RATE_HZ = 48_000
SEED = 2026
START_S = 1.0
CLEAR = ("house", "techno", "trance", "disco", "electro", "breaks", "drum and bass", "hip hop", "pop", "rock", "funk",
         "reggaeton")  # fmt: skip
BREAK_BARS = 2
OFF_BEAT_HAT_DB = (1.0, 6.0)


@dataclass(frozen=True)
class Changing:
    """Music that begins, pauses for two bars and goes on, and jumps to another tempo at once."""

    clip: Clip
    back_s: float
    """When it goes on after the break."""
    jump_s: float
    silent: bool
    """Whether nothing sounds in the break; else chords alone do."""


def changing(n: int) -> Changing:
    """Piece `n`: some 16 s, the break, 12 s, 14 s at another tempo; the genre changes with n."""
    rng = np.random.default_rng([SEED, 1, n])
    song = _song(rng, CLEAR[n % len(CLEAR)])
    bpm = float(rng.uniform(*song.family.bpm))
    bar_s = 240 / bpm
    first, second, third = (max(2, round(length_s / bar_s)) for length_s in (16, 12, 14))
    faster = rng.random() < 0.5
    new_bpm = bpm * float(np.exp(rng.uniform(0.08, 0.25) * (1 if faster else -1)))
    before = first + BREAK_BARS + second
    gaps_s = np.repeat([60 / bpm, 60 / new_bpm], [4 * before, 4 * third])
    times_s = START_S + np.concatenate([[0.0], np.cumsum(gaps_s)])
    player = synth_player(song, BeatGrid(times_s, 4), rng, RATE_HZ, times_s[-1])
    silent = (n + n // len(CLEAR)) % 2 == 1
    for bar in range(before + third):
        if not first <= bar < first + BREAK_BARS:
            _play(song, player, bar)
        elif not silent:
            _chords(song, player, bar)
    beats_s = times_s[:-1]
    if silent:
        away = (np.arange(len(beats_s)) >= 4 * first) & (np.arange(len(beats_s)) < 4 * (first + BREAK_BARS))
        beats_s = beats_s[~away]
    back_s, jump_s = float(times_s[4 * (first + BREAK_BARS)]), float(times_s[4 * before])
    samples = _whole(mixed(player, rng), times_s[-1])
    clip = Clip(f"{song.name}, {bpm:.0f} to {new_bpm:.0f} bpm", samples, RATE_HZ, beats_s, beats_s[::4])
    return Changing(clip, back_s, jump_s, silent)


def off_beat_hat(n: int) -> Clip:
    """Piece `n`, 30 s: four on the floor, and between the beats an open hat whose strokes have 1 to 6 dB more energy
    than those of the kick."""
    rng = np.random.default_rng([SEED, 2, n])
    name, pattern = pick(rng, _with_off_beat_hat())
    song = replace(_song(rng, name), patterns=(pattern,))
    bpm = float(rng.uniform(*song.family.bpm))
    times_s = START_S + np.arange(0, 30 - START_S, 60 / bpm)
    player = synth_player(song, BeatGrid(times_s, 4), rng, RATE_HZ, 30.0)
    kick, hat = (LANE_GAIN[lane] ** 2 * float(np.sum(player.shots[lane] ** 2)) for lane in ("kick", "open"))
    louder_db = float(rng.uniform(*OFF_BEAT_HAT_DB))
    gains = {**song.gains, "kick": 0.7, "open": 0.7 * float(np.sqrt(kick / hat)) * 10 ** (louder_db / 20)}
    for bar in range(len(times_s) // 4):
        _play(replace(song, gains=gains), player, bar)
    beats_s = times_s[: len(times_s) // 4 * 4]
    return Clip(f"{name}, {bpm:.0f} bpm", _whole(mixed(player, rng), 30.0), RATE_HZ, beats_s, beats_s[::4])


def _with_off_beat_hat() -> tuple[tuple[str, Pattern], ...]:
    """Accents alone count, so that the gains say how loud the strokes are."""
    return tuple(
        (name, pattern)
        for name, family in FAMILIES.items()
        for pattern in family.drums
        if pattern.get("kick") == "x...|x...|x...|x..." and pattern.get("open") == "..x.|..x.|..x.|..x."
    )


def _song(rng: np.random.Generator, name: str) -> Song:
    """Of one family, with its pattern as it is written, and with bass and chords."""
    while True:
        song = draw_song(rng)
        if song.name == name and song.bass and song.rhythm:
            return replace(song, patterns=(pick(rng, song.family.drums),), gains=dict.fromkeys(LANE_GAIN, 1.0))


def _play(song: Song, player: SynthPlayer, bar: int) -> None:
    player.drums(bar, song.patterns[0], song.gains, 4.0)
    now, following = (song.chords[b % len(song.chords)] for b in (bar, bar + 1))
    if song.bass:
        player.line("bass", bar, song.bass, bass_pitches(now, following, song.key, song.scale), song.levels["bass"])
    _chords(song, player, bar)


def _chords(song: Song, player: SynthPlayer, bar: int) -> None:
    player.chords("chords", bar, "R___|____|____|____", song.chords[bar % len(song.chords)].voicing, 0.7)


def _whole(samples: np.ndarray, seconds: float) -> np.ndarray:
    return samples[: round(seconds * RATE_HZ), None]
