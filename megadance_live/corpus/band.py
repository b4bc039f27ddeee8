"""Instruments of a General MIDI soundfont as the player of a song: notes into a MIDI file, rendered by fluidsynth."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from megadance_live.audio.dsp import F32
from megadance_live.audio.harmony import Note, pitch
from megadance_live.audio.patterns import Pattern, steps, steps_per_beat
from megadance_live.audio.sequencer import BeatGrid
from megadance_live.core.errors import DataError
from megadance_live.corpus.song import Song, pick

FLUIDSYNTH_RATE_HZ = 44_100
TICKS_PER_S = 19_200
_TICKS_PER_BEAT = 9_600
_TEMPO_US = 500_000
DRUM_CHANNEL = 9
_RENDER_TIMEOUT_S = 600

SOUNDFONT_FOLDERS = (Path("/usr/share/sounds/sf2"), Path("/usr/share/sounds/sf3"), Path("/usr/share/soundfonts"))

_NOT_GENERAL_MIDI = ("LV2", "_GS.")
"""Marks of soundfonts that hold drums alone, or only the extras of another."""

_CHANNELS: Mapping[str, int] = {"bass": 0, "chords": 1, "pad": 2, "lead": 3}
_USUAL: Mapping[str, float] = {"drums": 100, "bass": 92, "chords": 72, "pad": 52, "lead": 84}
DRUM_KEYS: Mapping[str, int] = {
    "kick": 36, "snare": 38, "clap": 39, "rim": 37, "hat": 42, "open": 46, "ride": 51, "shaker": 70, "tom_low": 45,
    "tom_mid": 47, "tom_high": 50, "conga": 63, "conga_slap": 62, "cowbell": 56, "clave": 75, "crash": 49,
}  # fmt: skip
_PROGRAMS: Mapping[str, tuple[int, ...]] = {
    "bass": (32, 33, 34, 35, 36, 37, 38, 39, 38, 33, 87),
    "chords": (0, 1, 2, 4, 5, 6, 7, 11, 16, 17, 18, 24, 25, 26, 27, 28, 29, 30, 30, 45, 48, 61, 62, 63, 80, 81, 90),
    "pad": (48, 49, 50, 51, 52, 88, 89, 91, 92, 94, 95, 19),
    "lead": (0, 11, 12, 13, 22, 40, 56, 57, 65, 66, 71, 73, 74, 75, 79, 80, 81, 82, 84, 85, 87, 29, 30, 105),
}
_DRUM_PROGRAMS = (0, 0, 8, 16, 24, 25, 32, 40)
_HEAVY = ("metal", "punk", "rock")
_LOUDNESS = {"x": 1.0, "o": 0.72, "-": 0.42}


@dataclass(frozen=True)
class Played:
    """A note of a channel; `velocity` 1..127."""

    channel: int
    key: int
    start_s: float
    end_s: float
    velocity: int


@dataclass(frozen=True)
class Cast:
    """Program and volume (0..127) by channel."""

    programs: Mapping[int, int]
    volumes: Mapping[int, int]


@dataclass(frozen=True)
class BandPlayer:
    """Collects notes; `save` writes them as MIDI, and corpus/sampler.py plays them from samples."""

    grid: BeatGrid
    rng: np.random.Generator
    swing: float
    humanise_s: float
    cast: Cast
    notes: list[Played] = field(default_factory=list)

    def drums(self, bar: int, pattern: Pattern, gains: dict[str, float], until_beat: float) -> None:
        for lane, text in pattern.items():
            per_beat = steps_per_beat(text)
            for step, letter in enumerate(self._bar_of(text, bar)):
                if letter in _LOUDNESS and step / per_beat < until_beat:
                    self.hit(lane, bar, step / per_beat, gains[lane] * _LOUDNESS[letter])

    def hit(self, lane: str, bar: int, beat: float, gain: float) -> None:
        at_s = self._when_s(bar, beat)
        velocity = _USUAL["drums"] * min(gain, 1.25) * (1 + 0.06 * float(self.rng.standard_normal()))
        self._note(DRUM_CHANNEL, DRUM_KEYS[lane], at_s, at_s + 0.1, velocity)

    def line(self, part: str, bar: int, text: str, pitches: dict[str, int], gain: float) -> None:
        for start_s, end_s, letter in self._notes(bar, text):
            self._note(_CHANNELS[part], pitches[letter], start_s, end_s, _USUAL[part] * gain)

    def chords(self, part: str, bar: int, text: str, voicing: tuple[int, ...], gain: float) -> None:
        for start_s, end_s, _ in self._notes(bar, text):
            for key in voicing:
                self._note(_CHANNELS[part], key, start_s, end_s, _USUAL[part] * gain)

    def melody(self, bar: int, phrase: Sequence[Note], key: int, scale: str, gain: float) -> None:
        for note in phrase:
            start_s = self._when_s(bar, note.step / 4)
            end_s = self._when_s(bar, (note.step + note.length) / 4)
            self._note(_CHANNELS["lead"], pitch(key, scale, note.degree), start_s, end_s, _USUAL["lead"] * gain)

    def save(self, path: Path) -> None:
        import mido

        events: list[tuple[int, int, list[int]]] = []  # tick, order (notes end before others begin), bytes
        for channel, program in self.cast.programs.items():
            events.append((0, -1, [0xC0 | channel, program]))
            events.append((0, -1, [0xB0 | channel, 7, self.cast.volumes[channel]]))
        for note in self.notes:
            start, end = (round(at_s * TICKS_PER_S) for at_s in (note.start_s, note.end_s))
            events.append((start, 1, [0x90 | note.channel, note.key, note.velocity]))
            events.append((end, 0, [0x80 | note.channel, note.key, 0]))
        track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=_TEMPO_US)])
        now = 0
        for tick, _, raw in sorted(events):
            track.append(mido.Message.from_bytes(raw, time=tick - now))
            now = tick
        mido.MidiFile(ticks_per_beat=_TICKS_PER_BEAT, tracks=[track]).save(path)

    def _note(self, channel: int, key: int, start_s: float, end_s: float, velocity: float) -> None:
        start_s += float(self.rng.normal(0, self.humanise_s))
        if start_s >= 0:
            loud, key = int(np.clip(velocity, 1, 127)), int(np.clip(key, 0, 127))
            self.notes.append(Played(channel, key, start_s, max(end_s, start_s + 0.03), loud))

    def _when_s(self, bar: int, beat: float) -> float:
        sixteenth = beat * 4
        if abs(sixteenth - round(sixteenth)) < 1e-6 and round(sixteenth) % 2 == 1:
            beat += self.swing / 4
        return self.grid.time_s(bar * self.grid.beats_per_bar + beat)

    def _bar_of(self, text: str, bar: int) -> str:
        line = steps(text, self.grid.beats_per_bar)
        length = steps_per_beat(text) * self.grid.beats_per_bar
        first = bar % max(1, len(line) // length) * length
        return line[first : first + length]

    def _notes(self, bar: int, text: str) -> list[tuple[float, float, str]]:
        """(start, end, letter) of each note of the bar; a note lasts its step and the `_` after it."""
        per_beat, line = steps_per_beat(text), self._bar_of(text, bar)
        found = []
        for step, letter in enumerate(line):
            if letter not in "._":
                held = len(line[step + 1 :]) - len(line[step + 1 :].lstrip("_"))
                start_s, end_s = (self._when_s(bar, at / per_beat) for at in (step, step + 1 + held))
                found.append((start_s, end_s, letter))
        return found


def band_player(song: Song, grid: BeatGrid, rng: np.random.Generator) -> BandPlayer:
    """Draws the instruments."""
    programs = {_CHANNELS[part]: pick(rng, options) for part, options in _PROGRAMS.items()}
    if song.name in _HEAVY and rng.random() < 0.8:
        programs[_CHANNELS["chords"]] = pick(rng, (29, 30))
    programs[DRUM_CHANNEL] = pick(rng, _DRUM_PROGRAMS)
    volumes = {channel: int(np.clip(rng.normal(100, 14), 40, 127)) for channel in programs}
    return BandPlayer(grid, rng, song.swing, song.family.humanise_s, Cast(programs, volumes))


def soundfonts() -> list[Path]:
    """The General MIDI soundfonts of this machine, the same file once."""
    found = {path.resolve() for folder in SOUNDFONT_FOLDERS if folder.is_dir() for path in folder.glob("*.sf[23]")}
    return sorted(path for path in found if not any(mark in path.name for mark in _NOT_GENERAL_MIDI))


def can_render() -> bool:
    """Whether fluidsynth and a soundfont are here."""
    return shutil.which("fluidsynth") is not None and bool(soundfonts())


def rendered(midi: Path, soundfont: Path, *, reverb: bool) -> F32:
    """A MIDI file through a soundfont: mono float32 [n] at 44.1 kHz. Raises DataError where fluidsynth fails."""
    import soundfile

    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.wav"
        options = ["-ni", "-q", "-g", "0.5", "-r", str(FLUIDSYNTH_RATE_HZ), "-O", "float", "-T", "wav", "-C", "0"]
        options += ["-R", "1" if reverb else "0"]
        command = ["fluidsynth", *options, "-F", str(made), str(soundfont), str(midi)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_RENDER_TIMEOUT_S)
            samples, _ = soundfile.read(made, dtype="float32", always_2d=True)
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            raise DataError(f"fluidsynth cannot render with {soundfont}; take that soundfont away.") from error
    mono: F32 = samples.mean(axis=1)
    return mono
