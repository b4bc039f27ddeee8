"""Measure, over a folder of music, the constants with which the averages in music/features.py begin."""

import argparse
from pathlib import Path

import numpy as np
import soundfile

from megadance_live.music.features import FeatureExtractor
from megadance_live.music.resample import Resampler

SETTLE_HOPS = 150


def measure(path: Path, seconds: float) -> tuple[list[np.ndarray], list[float]]:
    """MFCC before normalisation, and running onset power, of the hops after the first five seconds."""
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True, frames=-1)
    resampler, extractor = Resampler(rate_hz), FeatureExtractor()
    hops, _ = resampler.step(samples[: int(seconds * rate_hz)], resampler.initial_state())
    state = extractor.initial_state()
    mfcc, onset_power = [], []
    for hop in hops:
        (heard,), state = extractor.step(hop[None], state)
        if not heard.silent and state.gate.sounding > SETTLE_HOPS:
            mfcc.append(extractor.cepstrum(state.mel_db, state.levels.level_db))
            onset_power.append(state.onsets.power)
    return mfcc, onset_power


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="sound files (WAV, FLAC, OGG, MP3)")
    parser.add_argument("--seconds", type=float, default=20.0, help="heard of each file")
    args = parser.parse_args()
    mfcc, onset_power = [], []
    paths = sorted(p for p in args.folder.iterdir() if p.suffix in {".wav", ".flac", ".ogg", ".mp3"})
    for path in paths:
        rows, powers = measure(path, args.seconds)
        mfcc.extend(rows)
        onset_power.extend(powers)
    print(f"{len(paths)} files, {len(mfcc)} hops")
    print("mean", np.array2string(np.mean(mfcc, axis=0), precision=1, separator=", "))
    print("std", np.array2string(np.std(mfcc, axis=0), precision=1, separator=", "))
    print(f"onset power: median {np.median(onset_power):.2f}")


if __name__ == "__main__":
    main()
