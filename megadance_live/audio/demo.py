"""The demo track: a house tune of 48 bars in D minor, composed here, that loops without a seam.

Intro 4 bars, groove 8, hook 8, break 4, build 4, drop 16, outro 4.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from megadance_live.audio.composer import riser
from megadance_live.audio.drums import KITS, one_shots
from megadance_live.audio.dsp import F32
from megadance_live.audio.harmony import Chord, Note, bass_pitches, voicing_pitches
from megadance_live.audio.mixer import Mix
from megadance_live.audio.sequencer import BeatGrid, Sequencer
from megadance_live.audio.voices import BASSES, CHORDS, LEADS, Voice

DEMO_BPM = 122.0
DEMO_BARS = 48
DEMO_BEATS_PER_BAR = 4
DEMO_RATE_HZ = 48_000
DEMO_VERSION = 1
"""Counts up with every change that can be heard, so that an old cached rendering is not played."""

_BEAT_S = 60.0 / DEMO_BPM
_KEY, _SCALE = 2, "minor"
_D4_OCTAVE = 50

_DM9 = Chord(38, (53, 57, 60, 64))
_BBMAJ9 = Chord(34, (53, 57, 60, 62))
_GM9 = Chord(31, (53, 57, 58, 62))
_AM7 = Chord(33, (55, 57, 60, 64))
_CADD9 = Chord(36, (52, 55, 60, 62))
_VERSE = (_DM9, _BBMAJ9, _GM9, _AM7)
_LIFT = (_BBMAJ9, _CADD9, _DM9, _AM7)

_BEAT = {"kick": "x...|x...|x...|x...", "hat": "..-.|..-.|..-.|..-o"}
_GROOVE = {"kick": "x...|x...|x...|x...", "clap": "....|x...|....|x...", "open": "..x.|..x.|..x.|..x.",
           "hat": "o.-.|o.-o|o.-.|o.-o"}  # fmt: skip
_LATIN = {"shaker": "o-x-|o-x-|o-x-|o-x-", "conga": "...o|..o.|.o.o|..oo", "conga_slap": "....|...x|....|....",
          "rim": "...x|....|..x.|...."}  # fmt: skip
_DROP = {**_GROOVE, "ride": "x.o.|x.o.|x.o.|x.o.", "snare": "....|x..-|.-..|x.--"}
_ROLLS = ("x...|x...|x...|x...", "x.o.|x.o.|x.o.|x.o.", "xoxo|xoxo|xoxo|xoxo", "xxxx|xxxx|xxxx|....")

_BASS_GROOVE = ("R..R|..R.|.R8.|.R7.", "R..R|..R.|..5.|7.8.")
_BASS_DROP = ("R.8R|.R8.|R.8R|.78.", "R.8R|.R8.|R.5.|7.aa")
_PAD = replace(CHORDS["pad"], length_s=60.0 / DEMO_BPM * 4 + 0.6)
_STABS = ("...R|..R.|...R|....", "...R|..R.|R..R|..R.")
_ARP = "R358|53R3|5853|R358"

_HOOK = tuple(
    Note(*n)
    for n in (
        (0, 2, 11), (3, 2, 9), (6, 2, 11), (8, 3, 13), (11, 2, 11), (14, 2, 9), (16, 3, 10), (19, 3, 9), (22, 6, 7),
        (32, 2, 11), (35, 2, 9), (38, 2, 11), (40, 3, 13), (43, 3, 14), (46, 2, 13), (48, 3, 11), (51, 3, 10),
        (54, 2, 9), (56, 2, 10), (58, 4, 8), (62, 2, 6),
    )
)  # fmt: skip
_ANSWER = tuple(Note(n.step, n.length, n.degree + 2) for n in _HOOK)


def demo_beats() -> npt.NDArray[np.float64]:
    """The time of every beat of one pass, s, [192]; beat 0 is a downbeat at 0.0."""
    return np.arange(DEMO_BARS * DEMO_BEATS_PER_BAR, dtype=np.float64) * _BEAT_S


def demo_frames(rate_hz: int) -> int:
    """Samples in one pass: 48 bars, to the nearest sample."""
    return round(DEMO_BARS * DEMO_BEATS_PER_BAR * _BEAT_S * rate_hz)


def render_demo(rate_hz: int = DEMO_RATE_HZ) -> F32:
    """One pass of the track: float32 [demo_frames(rate_hz), 2], on the 16-bit grid so that a lossless file of it is
    the same to the bit. What rings on past the end is wrapped around to the beginning."""
    mix = Mix(demo_frames(rate_hz) / rate_hz, rate_hz, loop=True)
    rng = np.random.default_rng(122)
    player = Sequencer(mix, BeatGrid(demo_beats()), rng, swing=0.14, humanise_s=0.001)
    _Arrangement(player).play()
    track = mix.render(room_s=1.6, echo_s=0.75 * _BEAT_S, low_db=-1.5, high_hz=18_000, peak=0.89)
    return (np.round(track * 32_767) / 32_768).astype(np.float32)


class _Arrangement:
    """Who plays in which bars."""

    def __init__(self, player: Sequencer) -> None:
        self._player = player
        self._shots = one_shots(KITS["electronic"], player.mix.rate_hz)

    def play(self) -> None:
        self._intro(range(4))
        self._groove(range(4, 12))
        self._groove(range(12, 20), hook=True)
        self._break(range(20, 24))
        self._build(range(24, 28))
        self._drop(range(28, 44))
        self._outro(range(44, 48))

    def _intro(self, bars: range) -> None:
        for bar in bars:
            self._player.drums(bar, _BEAT, self._shots, duck=0.6)
            self._pad(bar, _VERSE, 0.16)
            self._arp(bar, _VERSE, 0.07 + 0.035 * (bar - bars.start))
        self._rise(bars.stop - 1, 1, 0.16)
        self._fill(bars.stop - 1)

    def _groove(self, bars: range, *, hook: bool = False) -> None:
        for bar in bars:
            late = bar >= bars.start + 4 or hook
            last = bar == bars.stop - 1
            self._player.drums(bar, _GROOVE, self._shots, duck=0.6, until_beat=3 if last else 4)
            if late:
                self._player.drums(bar, _LATIN, self._shots, gain=0.8)
            self._bass(bar, _VERSE, _BASS_GROOVE[bar % 2], BASSES["saw"], 0.34)
            self._stabs(bar, _VERSE, 0.36)
            self._pad(bar, _VERSE, 0.1)
        for bar in bars[::4]:
            self._crash(bar)
            if hook:
                self._lead(bar, _HOOK, LEADS["pluck"], 0.34)
        self._fill(bars.stop - 1)

    def _break(self, bars: range) -> None:
        self._crash(bars.start)
        self._lead(bars.start, _HOOK, LEADS["vibes"], 0.22)
        for bar in bars:
            self._pad(bar, _LIFT, 0.26)
            self._arp(bar, _LIFT, 0.18)
            self._bass(bar, _LIFT, "R___|____|____|__5_", BASSES["sub"], 0.3)
            self._player.drums(bar, {"shaker": _LATIN["shaker"], "rim": "....|o...|....|o..."}, self._shots, gain=0.7)

    def _build(self, bars: range) -> None:
        for k, bar in enumerate(bars):
            self._player.drums(bar, {"snare": _ROLLS[k]}, self._shots, gain=0.35 + 0.15 * k, room=0.2)
            self._player.drums(
                bar, {"kick": "x...|x...|x...|x..."}, self._shots, duck=0.6, until_beat=3 if k == 3 else 4
            )
            self._pad(bar, _LIFT, 0.2 + 0.03 * k)
            self._arp(bar, _LIFT, 0.2 + 0.04 * k)
        self._rise(bars.start, len(bars), 0.4)
        self._player.hit("tom_low", self._shots, self._player.when_s(bars.stop - 1, 14), 0.9, room=0.4)

    def _drop(self, bars: range) -> None:
        for bar in bars:
            last_of_half = bar % 8 == 3
            self._player.drums(bar, _DROP, self._shots, duck=0.7, until_beat=3 if last_of_half else 4)
            self._player.drums(bar, _LATIN, self._shots, gain=0.9)
            self._bass(bar, _VERSE, _BASS_DROP[bar % 2], BASSES["saw"], 0.36)
            self._stabs(bar, _VERSE, 0.4)
            self._pad(bar, _VERSE, 0.14)
            if last_of_half:
                self._fill(bar)
        for bar in bars[::4]:
            self._crash(bar)
            self._lead(bar, _HOOK, LEADS["lead"], 0.22)
            self._lead(bar, _HOOK, LEADS["pluck"], 0.24, pan=-0.25)
        for bar in bars[8::4]:
            self._lead(bar, _ANSWER, LEADS["bell"], 0.13, pan=0.35)

    def _outro(self, bars: range) -> None:
        self._crash(bars.start)
        for bar in bars:
            self._player.drums(bar, _GROOVE if bar < bars.start + 2 else _BEAT, self._shots, duck=0.6)
            self._player.drums(bar, _LATIN, self._shots, gain=0.6)
            self._bass(
                bar, _VERSE, _BASS_GROOVE[0] if bar < bars.start + 2 else "R...|..R.|....|..R.", BASSES["sub"], 0.34
            )
            self._pad(bar, _VERSE, 0.14)
            self._arp(bar, _VERSE, 0.12)

    def _bass(self, bar: int, chords: tuple[Chord, ...], text: str, voice: Voice, gain: float) -> None:
        pitches = bass_pitches(chords[bar % 4], chords[(bar + 1) % 4], _KEY, _SCALE)
        self._player.line(bar, text, pitches, voice, gain=gain)

    def _stabs(self, bar: int, chords: tuple[Chord, ...], gain: float) -> None:
        self._player.chords(bar, _STABS[bar % 2], chords[bar % 4].voicing, CHORDS["stab"], gain=gain, room=0.25)

    def _pad(self, bar: int, chords: tuple[Chord, ...], gain: float) -> None:
        self._player.chords(bar, "R___|____|____|____", chords[bar % 4].voicing, _PAD, gain=gain, room=0.2)

    def _arp(self, bar: int, chords: tuple[Chord, ...], gain: float) -> None:
        pitches = {letter: midi + 12 for letter, midi in voicing_pitches(chords[bar % 4]).items()}
        pan = 0.4 if bar % 2 else -0.4
        self._player.line(bar, _ARP, pitches, LEADS["pluck"], gain=gain, pan=pan, room=0.2, echo=0.25)

    def _lead(self, bar: int, notes: tuple[Note, ...], voice: Voice, gain: float, *, pan: float = 0.0) -> None:
        self._player.melody(bar, notes, _D4_OCTAVE, _SCALE, voice, gain=gain, room=0.25, echo=0.35, pan=pan)

    def _crash(self, bar: int) -> None:
        self._player.hit("crash", self._shots, self._player.when_s(bar, 0), 0.8, room=0.2)

    def _fill(self, bar: int) -> None:
        for step, lane in zip((12, 13, 14, 15), ("snare", "tom_high", "tom_mid", "tom_low"), strict=True):
            self._player.hit(lane, self._shots, self._player.when_s(bar, step), 0.75, room=0.15)

    def _rise(self, bar: int, bars: int, gain: float) -> None:
        start_s, end_s = self._player.when_s(bar, 0), self._player.when_s(bar + bars, 0)
        self._player.mix.add(riser(end_s - start_s, self._player.mix.rate_hz), start_s, gain, room=0.3)
