"""What one hop sounds like: the causal features of core/music_frame.py that need no bar clock, thirty times a second.

The 35 of the dance literature (onset envelope, 20 MFCC, 12 chroma, onset peak, beat; as in EDGE's and FineDance's
baseline features) in causal form: each frame is the last 2,048 samples at 15,360 Hz, right-aligned. Nothing is ever
normalised against a whole file. Every level is taken relative to the running level of the music, so that music that
comes in quieter gives the same features. Averages start as plain means over what was heard so far (with constants
measured on typical music in their weight) and become exponential ones at their time constant.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import (
    CHROMA,
    FEATURE_COUNT,
    FEATURE_HOP,
    FEATURE_RATE_HZ,
    FRAME_RATE_HZ,
    HAT,
    HIGH,
    KICK,
    LOUDNESS,
    MFCC,
    ONSET,
    PEAK,
)
from megadance_live.core.stage import StageSpec
from megadance_live.music.drums import Drums, DrumState
from megadance_live.music.pitch_classes import SHORT, PitchClasses, PitchState
from megadance_live.music.resample import Resampler
from megadance_live.music.spectrum import band_filters, dct_matrix, mean, mel_filters, periodic_hann

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

WINDOW = 2_048
MELS = 128
MFCCS = 20
BANDS_HZ = (20.0, 180.0, 2_000.0, 7_680.0)

GATE_OPEN_DB = -66.0
GATE_CLOSE_DB = -72.0
GATE_HOLD_HOPS = int(1.5 * FRAME_RATE_HZ)
"""Longer than the pause between two beats: a lone kick drum is music."""
SILENCE_DB = -140.0

LEVEL_TAU_HOPS = 15 * FRAME_RATE_HZ
LEVEL_HEADROOM_DB = 14.0
"""The running level is never further than this below the present: it follows a sudden rise at once."""
FLOOR_DB = -85.0
"""Mel bands further than this below the running level count as equally quiet."""
ONSET_CAP_DB = 15.0
ONSET_TAU_HOPS = 8 * FRAME_RATE_HZ
ONSET_PRIOR_HOPS = 1 * FRAME_RATE_HZ
ONSET_PRIOR_POWER = 8.0  # measured with the constants below
PEAK_DECAY = float(np.exp(-1.0 / (20 * FRAME_RATE_HZ)))
PEAK_DELTA = 0.07
MFCC_TAU_HOPS = 25 * FRAME_RATE_HZ
MFCC_PRIOR_HOPS = 5 * FRAME_RATE_HZ
LIMIT = 3.0
LEVEL_RANGE_DB = (-24.0, 12.0)
"""What 0 and 1 mean in loudness and band levels, relative to the running level."""

# Mean and standard deviation over 83 clips of music, rendered and recorded (benchmarks/mfcc_prior.py).
MFCC_PRIOR_MEAN: F64 = np.array(
    [-523.6, 83.9, 11.0, 33.0, 3.1, 14.7, -1.6, 9.1, -4.6, 6.5, -4.8, 5.2, -4.2, 4.5, -5.1, 4.1, -4.7, 2.2, -4.6, 2.9]
)
MFCC_PRIOR_STD: F64 = np.array(
    [99.4, 42.2, 32.7, 20.9, 17.9, 14.6, 13.8, 12.2, 11.6, 11.8, 11.1, 10.9, 12.0, 9.9, 9.5, 9.3, 9.9, 9.8, 9.8, 9.2]
)


@dataclass(frozen=True)
class HopFeatures:
    """`features` [FEATURE_COUNT] of one hop; `silent` while the input has been below the noise gate for 1.5 s;
    `levels_db` of the last 133 ms: all, low, mid and high."""

    features: F32
    silent: bool
    levels_db: tuple[float, ...] = (SILENCE_DB,) * 4


@dataclass(frozen=True)
class Gate:
    """`sounding` counts the hops above the gate, on which the averages are fed."""

    sounding: int = 0
    quiet_hops: int = GATE_HOLD_HOPS
    silent: bool = True


@dataclass(frozen=True)
class Levels:
    """The running levels."""

    level_db: float = SILENCE_DB
    band_db: tuple[float, ...] = (SILENCE_DB,) * 3


@dataclass(frozen=True)
class Onsets:
    """The running power of onset strength, its maximum, and its last values."""

    power: float = ONSET_PRIOR_POWER
    greatest: float = 1.0
    recent: tuple[float, ...] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Timbre:
    """Running mean and variance [20] of the MFCC."""

    mean: F64
    var: F64


@dataclass(frozen=True)
class FeatureState:
    """What is remembered of the past."""

    history: F32  # [4096] newest last
    mel_db: F32  # [128] of the hop before
    timbre: Timbre
    pitches: PitchState
    drums: DrumState
    gate: Gate = Gate()
    levels: Levels = Levels()
    onsets: Onsets = Onsets()


def _gain(heard: int, prior_hops: int, tau_hops: int) -> float:
    """Weight of a new value in an average: a mean at first (the prior counting `prior_hops`), then exponential."""
    return 1.0 / min(heard + prior_hops + 1, tau_hops)


def _db(power: F32) -> F32:
    decibels: F32 = (10 * np.log10(np.maximum(power, 10 ** (SILENCE_DB / 10)))).astype(np.float32)
    return decibels


def _level_db(centred: F32) -> float:
    """Of samples without their mean."""
    return 10 * math.log10(max(float(centred @ centred) / len(centred), 10 ** (SILENCE_DB / 10)))


class FeatureExtractor:
    """Stage: hops float32 [k, 512] at 15,360 Hz -> k HopFeatures; the columns that need a clock are left 0.

    Only the Resampler's output may go in (finite, within its limit).
    """

    spec = StageSpec(1, 0.0, float("inf"))

    def __init__(self) -> None:
        self._window = periodic_hann(WINDOW)
        self._mel = mel_filters(FEATURE_RATE_HZ, WINDOW, MELS)
        self._dct = dct_matrix(MELS, MFCCS)
        self._bands = band_filters(FEATURE_RATE_HZ, WINDOW, BANDS_HZ)
        self._pitches = PitchClasses()
        self._drums = Drums()

    def initial_state(self) -> FeatureState:
        return FeatureState(
            history=np.zeros(SHORT, np.float32),
            mel_db=np.full(MELS, SILENCE_DB, np.float32),
            timbre=Timbre(MFCC_PRIOR_MEAN, MFCC_PRIOR_STD**2),
            pitches=self._pitches.initial_state(),
            drums=self._drums.initial_state(),
        )

    def step(self, hops: F32, state: FeatureState, /) -> tuple[list[HopFeatures], FeatureState]:
        out: list[HopFeatures] = []
        for hop in hops:
            features, state = self._hop(hop, state)
            out.append(features)
        return out, state

    def _hop(self, hop: F32, state: FeatureState) -> tuple[HopFeatures, FeatureState]:
        if _rests(hop, state):
            return HopFeatures(np.zeros(FEATURE_COUNT, np.float32), True), state
        history = np.concatenate([state.history[FEATURE_HOP:], hop])
        hop_db = _level_db(hop - mean(hop))
        gate = _gated(state.gate, hop_db)
        window = history[-WINDOW:]
        window = window - mean(window)  # else it would leak into the lowest bands
        spectrum = np.fft.rfft(window * self._window)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        mel_db = _db(self._mel @ power)
        if gate.silent:
            onsets = replace(state.onsets, recent=(0.0, 0.0, 0.0))
            pitches = self._pitches.rested(hop, state.pitches)
            drums = self._drums.rested(state.drums)
            silence = HopFeatures(np.zeros(FEATURE_COUNT, np.float32), True)
            return silence, replace(
                state, history=history, mel_db=mel_db, pitches=pitches, drums=drums, gate=gate, onsets=onsets
            )
        loud = hop_db > GATE_OPEN_DB
        heard = gate.sounding
        features = np.zeros(FEATURE_COUNT, np.float32)
        now_db = (_level_db(window), *(float(db) for db in _db(self._bands @ power)))
        features[LOUDNESS : HIGH + 1], levels = _levels(now_db, _gain(heard, 0, LEVEL_TAU_HOPS) * loud, state.levels)
        gain = _gain(heard, ONSET_PRIOR_HOPS, ONSET_TAU_HOPS) * loud
        rise_db = _rise_db(mel_db, state.mel_db, levels.level_db + FLOOR_DB)
        features[ONSET], features[PEAK], onsets = _onset(rise_db, gain, state.onsets)
        gain = _gain(heard, MFCC_PRIOR_HOPS, MFCC_TAU_HOPS) * loud
        features[MFCC], timbre = _normalised(self.cepstrum(mel_db, levels.level_db), gain, state.timbre)
        features[KICK : HAT + 1], drums = self._drums.step(history, levels.level_db, state.drums)
        features[CHROMA], pitches = self._pitches.step(hop, history, state.pitches)
        gate = Gate(heard + loud, gate.quiet_hops, gate.silent)
        after = FeatureState(history, mel_db, timbre, pitches, drums, gate, levels, onsets)
        return HopFeatures(features, False, now_db), after

    def cepstrum(self, mel_db: F32, level_db: float) -> F64:
        """[20] MFCC of mel bands in dB relative to the running level, not yet normalised."""
        relative_db = np.maximum(mel_db - np.float32(level_db), np.float32(FLOOR_DB))
        mfcc: F64 = (self._dct @ relative_db).astype(np.float64)
        return mfcc


def _levels(now_db: tuple[float, ...], gain: float, levels: Levels) -> tuple[list[float], Levels]:
    """[4] loudness, low, mid, high in 0..1, each relative to its own running level."""
    before_db = (levels.level_db, *levels.band_db)
    after_db = [max(b + gain * (n - b), n - LEVEL_HEADROOM_DB) for b, n in zip(before_db, now_db, strict=True)]
    # A band in which nothing plays is not turned up until its hiss dances.
    running_db = (after_db[0], *(max(db, after_db[0] - 40) for db in after_db[1:]))
    lowest, highest = LEVEL_RANGE_DB
    relative = [(n - r - lowest) / (highest - lowest) for n, r in zip(now_db, running_db, strict=True)]
    return [min(max(level, 0.0), 1.0) for level in relative], Levels(running_db[0], running_db[1:])


def _normalised(mfcc: F64, gain: float, timbre: Timbre) -> tuple[F64, Timbre]:
    """[20] MFCC, each less its running mean over its running deviation."""
    if gain:
        deviation = mfcc - timbre.mean
        timbre = Timbre(timbre.mean + gain * deviation, (1 - gain) * (timbre.var + gain * deviation**2))
    normal = (mfcc - timbre.mean) / np.sqrt(np.maximum(timbre.var, (0.1 * MFCC_PRIOR_STD) ** 2))
    clipped: F64 = np.minimum(np.maximum(normal, -LIMIT), LIMIT)
    return clipped, timbre


def _rests(hop: F32, state: FeatureState) -> bool:
    """Whether nothing has sounded for so long that nothing is left to remember: such hops cost nothing."""
    return state.gate.silent and not (hop.any() or state.history.any() or state.pitches.long.any())


def _gated(gate: Gate, hop_db: float) -> Gate:
    """Opens at once, closes 1.5 s after the level was last above the lower threshold."""
    if hop_db > GATE_OPEN_DB:
        return Gate(gate.sounding, 0, False)
    if hop_db > GATE_CLOSE_DB:
        return Gate(gate.sounding, gate.quiet_hops if gate.silent else 0, gate.silent)
    quiet_hops = min(gate.quiet_hops + 1, GATE_HOLD_HOPS)
    return Gate(gate.sounding, quiet_hops, gate.silent or quiet_hops >= GATE_HOLD_HOPS)


def _rise_db(mel_db: F32, before_db: F32, floor_db: float) -> float:
    """Mean rise over the mel bands (Boeck & Widmer's spectral flux, as librosa's onset_strength)."""
    floor = np.float32(floor_db)
    rise = np.maximum(mel_db, floor) - np.maximum(before_db, floor)
    return min(float(mean(np.maximum(rise, np.float32(0)))), ONSET_CAP_DB)


def _onset(rise_db: float, gain: float, onsets: Onsets) -> tuple[float, float, Onsets]:
    """Onset strength 0..3, the rise over its running root mean square, and whether it is a peak (0 or 1): it rises
    above its recent mean by 0.07 of a maximum that decays over 20 s."""
    power = onsets.power + gain * (rise_db**2 - onsets.power)
    onset = min(rise_db / max(power, 0.01) ** 0.5, LIMIT)
    greatest = max(onsets.greatest * PEAK_DECAY, rise_db)
    usual = (sum(onsets.recent) + rise_db) / (len(onsets.recent) + 1)
    peak = rise_db > onsets.recent[-1] and rise_db >= usual + PEAK_DELTA * max(greatest, 1.0)
    return onset, float(peak), Onsets(power, greatest, (*onsets.recent[1:], rise_db))


def hops_of(samples: F32, rate_hz: int) -> Iterator[HopFeatures]:
    """Of a whole recording [n, channels], by the very steps of a stream.

    Raises AudioSourceError for a rate that is not supported.
    """
    resampler, extractor = Resampler(rate_hz), FeatureExtractor()
    ear, mind = resampler.initial_state(), extractor.initial_state()
    for start in range(0, len(samples), rate_hz):
        hops, ear = resampler.step(samples[start : start + rate_hz], ear)
        out, mind = extractor.step(hops, mind)
        yield from out


def extract(samples: F32, rate_hz: int) -> tuple[F32, npt.NDArray[np.bool_]]:
    """Features [frames, FEATURE_COUNT] without a clock, and silence [frames], of a whole recording [n, channels].

    Raises AudioSourceError for a rate that is not supported.
    """
    rows = list(hops_of(samples, rate_hz))
    features = np.array([row.features for row in rows], np.float32).reshape(-1, FEATURE_COUNT)
    return features, np.array([row.silent for row in rows], bool)
