"""Plays notes as trackers and samplers do: one recording of an instrument, played faster or slower for other pitches.

The recordings are single notes of soundfont instruments, rendered once, and the strokes of sampled drum kits.
"""

import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from megadance_live.audio.dsp import F32, peak_normalised
from megadance_live.audio.mixer import Mix
from megadance_live.corpus.band import (
    DRUM_CHANNEL,
    DRUM_KEYS,
    FLUIDSYNTH_RATE_HZ,
    BandPlayer,
    Cast,
    Played,
    rendered,
    soundfonts,
)
from megadance_live.corpus.song import pick

DRUM_KITS = Path("/usr/share/hydrogen/data/drumkits")
_RECORDED_KEYS = (33, 45, 57, 69)
_NOTE_S = 2.5
_STROKE_S = 1.5
_STROKE_KEYS = range(27, 88)
_RELEASE_S = 0.04
_DRUMS_GAIN, _BASS_GAIN, _OTHER_GAIN = 0.7, 0.45, 0.2
_BASSES = range(32, 40)
_LANE_WORDS = (
    ("snap", "clap"), ("clap", "clap"), ("kick", "kick"), ("bassdrum", "kick"), ("bass drum", "kick"),
    ("thump", "kick"), ("djembe1 bass", "kick"), ("stick", "rim"), ("rimshot", "rim"), ("slap", "conga_slap"),
    ("snare", "snare"), ("floor", "tom_low"), ("tom low", "tom_low"), ("low tom", "tom_low"), ("tom mid", "tom_mid"),
    ("middle tom", "tom_mid"), ("tom", "tom_high"), ("crash", "crash"), ("ride", "ride"), ("cowbell", "cowbell"),
    ("clave", "clave"), ("woodblock", "clave"), ("maraca", "shaker"), ("tambourine", "shaker"), ("shaker", "shaker"),
    ("conga", "conga"), ("bongo", "conga"), ("tone", "conga"), ("open", "open"), (" op", "open"), ("ohh", "open"),
    ("hat", "hat"), ("hi-hat", "hat"), ("hh", "hat"),
)  # fmt: skip
"""Words in the names of sampled strokes, the first that fits counts, and the lane that they are."""


def sampled(notes: list[Played], cast: Cast, rng: np.random.Generator, rate_hz: int, seconds: float) -> F32:
    """What a band has played, each part with the sounds of another soundfont or kit: mono float32 [n]."""
    fonts = {channel: pick(rng, soundfonts()) for channel in cast.programs}
    kits = drum_kits()
    kit = strokes(pick(rng, kits), rate_hz) if kits and rng.random() < 0.6 else {}
    mix = Mix(seconds, rate_hz)
    wet = float(rng.uniform(0, 0.25))
    for note in notes:
        volume = cast.volumes[note.channel] / 100 * (note.velocity / 100) ** 1.5
        program, font = cast.programs[note.channel], fonts[note.channel]
        if note.channel == DRUM_CHANNEL:
            sound = kit.get(note.key)
            sound = drums(font, program, rate_hz).get(note.key) if sound is None else sound
            if sound is not None:
                mix.add(sound, note.start_s, _DRUMS_GAIN * volume, drums=True, room=0.3 * wet)
        else:
            volume *= _BASS_GAIN if program in _BASSES else _OTHER_GAIN
            length_s = note.end_s - note.start_s
            sound = pitched(font, program, note.key, rate_hz)
            mix.add(sound, note.start_s, volume, length_s=length_s, release_s=_RELEASE_S, room=wet)
    stereo = mix.render(
        room_s=float(rng.uniform(0.3, 2.0)),
        echo_s=0.25,
        low_db=float(rng.uniform(-5, 5)),
        high_hz=float(np.exp(rng.uniform(np.log(3_500), np.log(18_000)))),
        peak=float(rng.uniform(0.3, 0.95)),
    )
    mono: F32 = stereo.mean(axis=1)
    return mono


@lru_cache(maxsize=4_096)
def pitched(font: Path, program: int, key: int, rate_hz: int) -> F32:
    """[n] one note: the nearest recording at another speed."""
    recordings = _recordings(font, program, rate_hz)
    nearest = min(recordings, key=lambda recorded: abs(recorded - key))
    recording = recordings[nearest]
    speed = 2.0 ** ((key - nearest) / 12)
    at = np.arange(0, len(recording) - 1, speed)
    return np.interp(at, np.arange(len(recording)), recording).astype(np.float32)


@lru_cache(maxsize=1_024)
def _recordings(font: Path, program: int, rate_hz: int) -> Mapping[int, F32]:
    cast = Cast({0: program}, {0: 110})
    notes = [
        Played(0, key, k * (_NOTE_S + 0.5), k * (_NOTE_S + 0.5) + _NOTE_S - 0.3, 105)
        for k, key in enumerate(_RECORDED_KEYS)
    ]
    samples = _performed(notes, cast, font, rate_hz)
    length, step = round(_NOTE_S * rate_hz), round((_NOTE_S + 0.5) * rate_hz)
    return {key: peak_normalised(samples[k * step : k * step + length].copy()) for k, key in enumerate(_RECORDED_KEYS)}


@lru_cache(maxsize=64)
def drums(font: Path, program: int, rate_hz: int) -> Mapping[int, F32]:
    """[n] the strokes of a soundfont's drum kit, by key."""
    cast = Cast({DRUM_CHANNEL: program}, {DRUM_CHANNEL: 110})
    notes = [
        Played(DRUM_CHANNEL, key, k * (_STROKE_S + 0.1), k * (_STROKE_S + 0.1) + 0.2, 110)
        for k, key in enumerate(_STROKE_KEYS)
    ]
    samples = _performed(notes, cast, font, rate_hz)
    length, step = round(_STROKE_S * rate_hz), round((_STROKE_S + 0.1) * rate_hz)
    return {key: samples[k * step : k * step + length] for k, key in enumerate(_STROKE_KEYS)}


def _performed(notes: list[Played], cast: Cast, font: Path, rate_hz: int) -> F32:
    import soxr

    from megadance_live.audio.sequencer import BeatGrid

    rng = np.random.default_rng(0)
    player = BandPlayer(BeatGrid(np.arange(2.0)), rng, 0.0, 0.0, cast, notes)
    with tempfile.TemporaryDirectory() as folder:
        midi = Path(folder) / "notes.mid"
        player.save(midi)
        samples = rendered(midi, font, reverb=False)
    moved: F32 = soxr.resample(samples, FLUIDSYNTH_RATE_HZ, rate_hz).astype(np.float32)
    return moved / np.float32(max(float(np.abs(moved).max(initial=0)), 1e-6))


@lru_cache(maxsize=1)
def drum_kits() -> tuple[Path, ...]:
    """The sampled drum kits of this machine that have a kick."""
    if not DRUM_KITS.is_dir():
        return ()
    found = (path.parent for path in sorted(DRUM_KITS.glob("*/drumkit.xml")))
    return tuple(folder for folder in found if "kick" in _files(folder))


@lru_cache(maxsize=64)
def strokes(kit: Path, rate_hz: int) -> Mapping[int, F32]:
    """By drum key, [n] each, peak 1."""
    import soundfile
    import soxr

    found = {}
    for lane, path in _files(kit).items():
        samples, recorded_hz = soundfile.read(path, dtype="float32", always_2d=True)
        mono = samples.mean(axis=1)[: round(_STROKE_S * recorded_hz)]
        found[DRUM_KEYS[lane]] = peak_normalised(_from_attack(soxr.resample(mono, recorded_hz, rate_hz)))
    return found


def _files(kit: Path) -> dict[str, Path]:
    """The recording of each lane that the kit has."""
    try:
        root = ET.parse(kit / "drumkit.xml").getroot()
    except (OSError, ET.ParseError):
        return {}
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    found: dict[str, Path] = {}
    for instrument in root.iter("instrument"):
        name = (instrument.findtext("name") or "").lower()
        lane = next((lane for word, lane in _LANE_WORDS if word in name), None)
        files = [kit / (element.text or "") for element in instrument.iter("filename")]
        if lane is not None and lane not in found and files and files[-1].is_file():
            found[lane] = files[-1]
    return found


def _from_attack(samples: F32) -> F32:
    """Without the silence before the stroke, so that it sounds on its beat."""
    loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max(initial=1e-9))
    return samples[max(0, int(loud[0]) - 8) :] if len(loud) else samples
