"""Prints the beats of a WAV file as librosa finds them, offline: dynamic programming over the whole (Ellis, 2007)."""

import sys
import time

import librosa

samples, rate_hz = librosa.load(sys.argv[1], sr=22_050)
began = time.process_time()
_, beats_s = librosa.beat.beat_track(y=samples, sr=rate_hz, units="time")
taken_s = time.process_time() - began
print(f"cost {taken_s:.3f}")
for beat_s in beats_s:
    print(f"{beat_s:.4f}")
