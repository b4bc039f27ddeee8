"""The 39 causal features of core/music_frame.py, thirty times a second, normalised against the running past.

The 35 of the dance literature (onset envelope, 20 MFCC, 12 chroma, onset peak, beat; as in EDGE's and FineDance's
baseline features) in causal form: each frame is the last 2,048 samples at 15,360 Hz, right-aligned. Nothing is ever
normalised against a whole file. Every level is taken relative to the running level of the music, so that music that
comes in quieter gives the same features. Averages start as plain means over what was heard so far (with constants
measured on typical music in their weight) and become exponential ones at their time constant.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import (
    CHROMA,
    FEATURE_COUNT,
    FEATURE_HOP,
    FEATURE_RATE_HZ,
    FRAME_RATE_HZ,
    HIGH,
    LOUDNESS,
    MFCC,
    ONSET,
    PEAK,
)
from megadance_live.core.stage import StageSpec
from megadance_live.music.resample import Resampler
from megadance_live.music.spectrum import (
    band_filters,
    chroma_filters,
    dct_matrix,
    mel_filters,
    periodic_hann,
)

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

WINDOW = 2_048
MELS = 128
MFCCS = 20
CHROMA_WINDOWS = ((16_384, 36, 48), (8_192, 48, 60), (4_096, 60, 108))
"""Samples in the window, and the notes (MIDI) that it resolves: C2 to B2, C3 to B3, C4 to B7."""
CHROMA_TAPS = 11
CHROMA_STEPS = (0.05, 0.1, 0.2, 0.4)
"""A pitch class gains one for each of these parts of the whole that it exceeds (Mueller & Ewert, CENS, ISMIR 2011)."""
HISTORY = CHROMA_WINDOWS[0][0]
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
    """`features` [39] of one hop; `silent` while the input has been below the noise gate for 1.5 s."""

    features: F32
    silent: bool


@dataclass(frozen=True)
class FeatureState:
    """What is remembered of the past. `sounding` counts the hops above the gate, on which the averages are fed."""

    history: F32  # [16384] newest last
    mel_db: F32  # [128] of the hop before
    chroma: F32  # [11, 12] quantised, newest last
    mfcc_mean: F64  # [20]
    mfcc_var: F64  # [20]
    sounding: int = 0
    quiet_hops: int = GATE_HOLD_HOPS
    silent: bool = True
    level_db: float = SILENCE_DB
    band_db: tuple[float, ...] = (SILENCE_DB,) * 3
    onset_power: float = ONSET_PRIOR_POWER
    onset_max: float = 1.0
    onsets: tuple[float, ...] = (0.0, 0.0, 0.0)


def _gain(heard: int, prior_hops: int, tau_hops: int) -> float:
    """Weight of a new value in an average: a mean at first (the prior counting `prior_hops`), then exponential."""
    return 1.0 / min(heard + prior_hops + 1, tau_hops)


def _db(power: F32) -> F32:
    decibels: F32 = (10 * np.log10(np.maximum(power, 10 ** (SILENCE_DB / 10)))).astype(np.float32)
    return decibels


def _trim(filters: F32) -> F32:
    """Without the bins above the highest note."""
    return filters[:, : int(np.flatnonzero(filters.any(axis=0))[-1]) + 1].copy()


class FeatureExtractor:
    """Stage: hops float32 [k, 512] at 15,360 Hz -> k HopFeatures; the BEAT column is left 0.

    Only the Resampler's output may go in (finite, within its limit).
    """

    spec = StageSpec(1, 0.0, float("inf"))

    def __init__(self) -> None:
        self._window = periodic_hann(WINDOW)
        self._mel = mel_filters(FEATURE_RATE_HZ, WINDOW, MELS)
        self._dct = dct_matrix(MELS, MFCCS)
        self._bands = band_filters(FEATURE_RATE_HZ, WINDOW, BANDS_HZ)
        self._chroma = [
            (periodic_hann(size), _trim(chroma_filters(FEATURE_RATE_HZ, size, low, high)))
            for size, low, high in CHROMA_WINDOWS
        ]
        taps = np.hanning(CHROMA_TAPS + 2)[1:-1]
        self._chroma_taps = (taps / taps.sum()).astype(np.float32)

    def initial_state(self) -> FeatureState:
        return FeatureState(
            history=np.zeros(HISTORY, np.float32),
            mel_db=np.full(MELS, SILENCE_DB, np.float32),
            chroma=np.zeros((CHROMA_TAPS, 12), np.float32),
            mfcc_mean=MFCC_PRIOR_MEAN,
            mfcc_var=MFCC_PRIOR_STD**2,
        )

    def step(self, hops: F32, state: FeatureState, /) -> tuple[list[HopFeatures], FeatureState]:
        out: list[HopFeatures] = []
        for hop in hops:
            features, state = self._hop(hop, state)
            out.append(features)
        return out, state

    def _hop(self, hop: F32, state: FeatureState) -> tuple[HopFeatures, FeatureState]:
        history = np.concatenate([state.history[FEATURE_HOP:], hop])
        hop_db = float(_db(np.var(hop, keepdims=True))[0])
        state = _gate(replace(state, history=history), hop_db)
        spectrum = self._power(history[-WINDOW:])
        mel_db = _db(self._mel @ spectrum)
        if state.silent:
            state = replace(state, mel_db=mel_db, chroma=np.zeros_like(state.chroma), onsets=(0.0, 0.0, 0.0))
            return HopFeatures(np.zeros(FEATURE_COUNT, np.float32), True), state

        features = np.zeros(FEATURE_COUNT, np.float32)
        features[LOUDNESS : HIGH + 1], state = self._levels(history, spectrum, hop_db, state)
        features[ONSET], features[PEAK], state = _onset(mel_db, hop_db, state)
        features[MFCC], state = self._timbre(mel_db, hop_db, state)
        features[CHROMA], state = self._pitch_classes(history, state)
        sounding = state.sounding + (hop_db > GATE_OPEN_DB)
        return HopFeatures(features, False), replace(state, mel_db=mel_db, sounding=sounding)

    def _power(self, window: F32) -> F32:
        """[1025] power spectrum without the window's mean, which would leak into the lowest bands."""
        magnitude = np.abs(np.fft.rfft((window - window.mean()) * self._window))
        power: F32 = magnitude**2
        return power

    def _levels(self, history: F32, spectrum: F32, hop_db: float, state: FeatureState) -> tuple[F32, FeatureState]:
        """[4] loudness, low, mid, high in 0..1, each relative to its own running level."""
        window_db = float(_db(np.var(history[-WINDOW:], keepdims=True))[0])
        now_db = (window_db, *(float(db) for db in _db(self._bands @ spectrum)))
        before_db = (state.level_db, *state.band_db)
        gain = _gain(state.sounding, 0, LEVEL_TAU_HOPS) if hop_db > GATE_OPEN_DB else 0.0
        after_db = [max(b + gain * (n - b), n - LEVEL_HEADROOM_DB) for b, n in zip(before_db, now_db, strict=True)]
        # A band in which nothing plays is not turned up until its hiss dances.
        band_db = tuple(max(db, after_db[0] - 40) for db in after_db[1:])
        lowest, highest = LEVEL_RANGE_DB
        relative_db = np.array(now_db) - np.array([after_db[0], *band_db])
        levels = np.clip((relative_db - lowest) / (highest - lowest), 0, 1)
        return levels.astype(np.float32), replace(state, level_db=after_db[0], band_db=band_db)

    def cepstrum(self, mel_db: F32, level_db: float) -> F64:
        """[20] MFCC of mel bands in dB relative to the running level, not yet normalised."""
        relative_db = np.maximum(mel_db - np.float32(level_db), np.float32(FLOOR_DB))
        mfcc: F64 = (self._dct @ relative_db).astype(np.float64)
        return mfcc

    def _timbre(self, mel_db: F32, hop_db: float, state: FeatureState) -> tuple[F32, FeatureState]:
        """[20] MFCC, each less its running mean over its running deviation."""
        mfcc = self.cepstrum(mel_db, state.level_db)
        mean, var = state.mfcc_mean, state.mfcc_var
        if hop_db > GATE_OPEN_DB:
            gain = _gain(state.sounding, MFCC_PRIOR_HOPS, MFCC_TAU_HOPS)
            deviation = mfcc - mean
            mean = mean + gain * deviation
            var = (1 - gain) * (var + gain * deviation**2)
        normal = (mfcc - mean) / np.sqrt(np.maximum(var, (0.1 * MFCC_PRIOR_STD) ** 2))
        state = replace(state, mfcc_mean=mean, mfcc_var=var)
        return np.clip(normal, -LIMIT, LIMIT).astype(np.float32), state

    def _pitch_classes(self, history: F32, state: FeatureState) -> tuple[F32, FeatureState]:
        """[12] CENS with a causal Hann of 11 frames, of unit length."""
        chroma = np.zeros(12, np.float32)
        for window, filters in self._chroma:
            spectrum = np.fft.rfft(history[-len(window) :] * window)[: filters.shape[1]]
            chroma += filters @ np.abs(spectrum)
        share = chroma / max(float(chroma.sum()), 1e-9)
        quantised = sum((share > step).astype(np.float32) for step in CHROMA_STEPS)
        recent = np.concatenate([state.chroma[1:], [quantised]]).astype(np.float32)
        smooth = self._chroma_taps @ recent
        length = float(np.sqrt(np.sum(smooth**2)))
        return smooth / max(length, 1e-6), replace(state, chroma=recent)


def _gate(state: FeatureState, hop_db: float) -> FeatureState:
    """Opens at once, closes 1.5 s after the level was last above the lower threshold."""
    if hop_db > GATE_OPEN_DB:
        return replace(state, quiet_hops=0, silent=False)
    if hop_db > GATE_CLOSE_DB:
        return replace(state, quiet_hops=0 if not state.silent else state.quiet_hops)
    quiet_hops = min(state.quiet_hops + 1, GATE_HOLD_HOPS)
    return replace(state, quiet_hops=quiet_hops, silent=state.silent or quiet_hops >= GATE_HOLD_HOPS)


def _onset(mel_db: F32, hop_db: float, state: FeatureState) -> tuple[float, float, FeatureState]:
    """Onset strength 0..3 and whether it is a peak (0 or 1).

    Mean rise over the mel bands (Boeck & Widmer's spectral flux, as librosa's onset_strength), over its running root
    mean square. A peak rises above its recent mean by 0.07 of a maximum that decays over 20 s.
    """
    floor_db = np.float32(state.level_db + FLOOR_DB)
    rise = np.maximum(mel_db, floor_db) - np.maximum(state.mel_db, floor_db)
    flux = min(float(np.maximum(rise, 0).mean()), ONSET_CAP_DB)
    power = state.onset_power
    if hop_db > GATE_OPEN_DB:
        power += _gain(state.sounding, ONSET_PRIOR_HOPS, ONSET_TAU_HOPS) * (flux**2 - power)
    onset = min(flux / max(power, 0.01) ** 0.5, LIMIT)
    greatest = max(state.onset_max * PEAK_DECAY, flux)
    mean = (sum(state.onsets) + flux) / (len(state.onsets) + 1)
    peak = flux > state.onsets[-1] and flux >= mean + PEAK_DELTA * max(greatest, 1.0)
    state = replace(state, onset_power=power, onset_max=greatest, onsets=(*state.onsets[1:], flux))
    return onset, float(peak), state


def extract(samples: F32, rate_hz: int) -> tuple[F32, npt.NDArray[np.bool_]]:
    """Features [frames, 39] and silence [frames] of a whole recording [n, channels], by the very steps of a stream.

    Raises AudioSourceError for a rate that is not supported.
    """
    resampler, extractor = Resampler(rate_hz), FeatureExtractor()
    ear, mind = resampler.initial_state(), extractor.initial_state()
    rows: list[HopFeatures] = []
    for start in range(0, len(samples), rate_hz):
        hops, ear = resampler.step(samples[start : start + rate_hz], ear)
        out, mind = extractor.step(hops, mind)
        rows.extend(out)
    features = np.array([row.features for row in rows], np.float32).reshape(-1, FEATURE_COUNT)
    return features, np.array([row.silent for row in rows], bool)
