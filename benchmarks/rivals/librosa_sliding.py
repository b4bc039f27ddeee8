"""Prints the beats of a WAV file as librosa's offline tracker foretells them: twice a second it hears the last eight
seconds, and the last beat and the median period that it finds there are continued."""

import sys
import time

import librosa
import numpy as np

WINDOW_S, EVERY_S = 8.0, 0.5

samples, rate_hz = librosa.load(sys.argv[1], sr=22_050)
began = time.process_time()
last_s = -1.0
for end_s in np.arange(2.0, len(samples) / rate_hz, EVERY_S):
    start_s = max(0.0, end_s - WINDOW_S)
    window = samples[round(start_s * rate_hz) : round(end_s * rate_hz)]
    _, found_s = librosa.beat.beat_track(y=window, sr=rate_hz, units="time")
    if len(found_s) < 4:
        continue
    period_s = float(np.median(np.diff(found_s)))
    beat_s = start_s + float(found_s[-1])
    while beat_s <= end_s + EVERY_S:
        if beat_s > max(end_s, last_s + 0.5 * period_s):
            print(f"{beat_s:.4f} 0 {end_s:.4f}")
            last_s = beat_s
        beat_s += period_s
print(f"cost {time.process_time() - began:.3f}")
