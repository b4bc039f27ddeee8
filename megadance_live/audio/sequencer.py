"""Plays text patterns, chords and melodies on a grid of beats into a mix."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from megadance_live.audio.drums import LANE_GAIN, LANE_PAN
from megadance_live.audio.dsp import F32
from megadance_live.audio.harmony import Note, pitch
from megadance_live.audio.mixer import Mix
from megadance_live.audio.patterns import Pattern, steps, steps_per_beat
from megadance_live.audio.voices import Voice, note

_LOUDNESS = {"x": 1.0, "o": 0.62, "-": 0.28}


@dataclass(frozen=True)
class BeatGrid:
    """The time of every beat, float64 [beats >= 2], rising; beat 0 is a downbeat. Runs on beyond both ends at the
    tempo found there."""

    times_s: npt.NDArray[np.float64]
    beats_per_bar: int = 4

    def __post_init__(self) -> None:
        if len(self.times_s) < 2 or not np.all(np.diff(self.times_s) > 0) or self.beats_per_bar < 1:
            raise ValueError("a beat grid needs two or more rising beat times and one or more beats to a bar")

    def time_s(self, beat: float) -> float:
        """Time of a fractional beat."""
        t = self.times_s
        k = min(max(int(np.floor(beat)), 0), len(t) - 2)
        return float(t[k] + (beat - k) * (t[k + 1] - t[k]))

    def beat_at(self, time_s: float) -> float:
        """The fractional beat at a time."""
        t = self.times_s
        k = min(max(int(np.searchsorted(t, time_s, "right")) - 1, 0), len(t) - 2)
        return float(k + (time_s - t[k]) / (t[k + 1] - t[k]))


@dataclass
class Sequencer:
    """Where and how loud each step of a bar falls: `swing` 0..0.6 delays every second quarter-beat step,
    `humanise_s` scatters starts, `rng` is drawn from in the order of playing."""

    mix: Mix
    grid: BeatGrid
    rng: np.random.Generator
    swing: float = 0.0
    humanise_s: float = 0.0
    _chords: dict[tuple[Voice, tuple[int, ...]], F32] = field(default_factory=dict)

    def when_s(self, bar: int, step: float, per_beat: int = 4) -> float:
        """Time of a step, on the grid, with swing."""
        beat = step / per_beat
        if per_beat == 4 and step % 2 == 1:
            beat += self.swing / per_beat
        return self.grid.time_s(bar * self.grid.beats_per_bar + beat)

    def loose(self) -> float:
        """A small random lateness or earliness, s."""
        return float(self.rng.normal(0, self.humanise_s)) if self.humanise_s else 0.0

    def drums(
        self,
        bar: int,
        pattern: Pattern,
        shots: Mapping[str, F32],
        *,
        gain: float = 1.0,
        lanes: Collection[str] | None = None,
        until_beat: float = np.inf,
        room: float = 0.06,
        duck: float = 0.0,
    ) -> None:
        """One bar of a drum pattern, of some lanes, up to `until_beat` of the bar. Kicks duck the music by `duck`."""
        for lane, text in pattern.items():
            if lanes is not None and lane not in lanes:
                continue
            per_beat = steps_per_beat(text)
            line = _bar_of(steps(text, self.grid.beats_per_bar), bar, per_beat * self.grid.beats_per_bar)
            for step, letter in enumerate(line):
                if letter in _LOUDNESS and step / per_beat < until_beat:
                    at_s = self.when_s(bar, step, per_beat)
                    self.hit(lane, shots, at_s + self.loose(), gain * _LOUDNESS[letter], room=room)
                    if duck and lane == "kick":
                        self.mix.duck(at_s, duck, 0.22)

    def hit(self, lane: str, shots: Mapping[str, F32], at_s: float, gain: float, *, room: float = 0.06) -> None:
        """One stroke, a little louder or softer each time; the kick stays dry."""
        level = gain * LANE_GAIN[lane] * float(1 + 0.08 * self.rng.standard_normal())
        wet = 0.0 if lane == "kick" else room
        self.mix.add(shots[lane], at_s, level, pan=LANE_PAN.get(lane, 0.0), drums=True, room=wet)

    def line(
        self,
        bar: int,
        text: str,
        pitches: Mapping[str, int],
        voice: Voice,
        *,
        gain: float,
        pan: float = 0.0,
        room: float = 0.0,
        echo: float = 0.0,
    ) -> None:
        """One bar of single notes: a bass line, a broken chord."""
        for start_s, end_s, letter in self._notes(bar, text):
            self.mix.add(
                note(voice, pitches[letter], self.mix.rate_hz), start_s + self.loose(), gain, pan=pan,
                length_s=max(end_s - start_s, 0.05), release_s=voice.release_s, room=room, echo=echo,
            )  # fmt: skip

    def chords(self, bar: int, text: str, voicing: tuple[int, ...], voice: Voice, *, gain: float, room: float) -> None:
        """One bar of whole chords, wide in stereo."""
        for start_s, end_s, _ in self._notes(bar, text):
            self.mix.add(
                self._chord(voice, voicing), start_s + self.loose(), gain,
                length_s=max(end_s - start_s, 0.05), release_s=voice.release_s, room=room,
            )  # fmt: skip

    def melody(
        self, bar: int, notes: Sequence[Note], key: int, scale: str, voice: Voice, *, gain: float, room: float,
        echo: float, pan: float = 0.0,
    ) -> None:  # fmt: skip
        """A phrase that begins in this bar; degree 0 is `key` (a MIDI note)."""
        for n in notes:
            start_s, end_s = self.when_s(bar, n.step), self.when_s(bar, n.step + n.length)
            self.mix.add(
                note(voice, pitch(key, scale, n.degree), self.mix.rate_hz), start_s + self.loose(), gain, pan=pan,
                length_s=max(end_s - start_s, 0.05), release_s=voice.release_s, room=room, echo=echo,
            )  # fmt: skip

    def _notes(self, bar: int, text: str) -> list[tuple[float, float, str]]:
        """(start, end, letter) of each note of the bar; a note lasts its step and the `_` after it."""
        per_beat = steps_per_beat(text)
        line = _bar_of(steps(text, self.grid.beats_per_bar), bar, per_beat * self.grid.beats_per_bar)
        found = []
        for step, letter in enumerate(line):
            if letter not in "._":
                held = len(line[step + 1 :]) - len(line[step + 1 :].lstrip("_"))
                found.append((self.when_s(bar, step, per_beat), self.when_s(bar, step + 1 + held, per_beat), letter))
        return found

    def _chord(self, voice: Voice, voicing: tuple[int, ...]) -> F32:
        """[2, n]: one take of each note to the left, another to the right."""
        if (voice, voicing) not in self._chords:
            left, right = (sum(note(voice, m, self.mix.rate_hz, take) for m in voicing) for take in (0, 1))
            both = np.stack([0.8 * left + 0.2 * right, 0.2 * left + 0.8 * right]).astype(np.float32)
            self._chords[voice, voicing] = both / np.float32(np.sqrt(len(voicing)))
        return self._chords[voice, voicing]


def _bar_of(line: str, bar: int, length: int) -> str:
    """The part of a one- or two-bar line that belongs to this bar."""
    bars = max(1, len(line) // length)
    first = (bar % bars) * length
    return line[first : first + length]
