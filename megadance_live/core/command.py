"""The one command vocabulary: a pad, an OSC message, a MIDI note and a line of a cue file all become a Command."""

from dataclasses import dataclass
from typing import Literal

CommandName = Literal[
    "tap",  # value None: a beat is now
    "resync",  # None: this instant is the first beat of a bar
    "nudge",  # ms, positive moves the beat later
    "bpm",  # tempo set by hand
    "bpm_mul",  # 0.5 or 2
    "bpm_low",  # least tempo of the music
    "bpm_high",  # greatest tempo of the music
    "lock",  # bool: tempo no longer follows the audio
    "metre",  # beats per bar
    "follow",  # None: tempo, bar line and metre are left to the audio again
    "latency",  # ms by which the dance is sent earlier
    "expert",  # name: arm for the next boundary
    "expert_now",  # name: at once
    "expert_cancel",  # None: disarm
    "quantize",  # bars: 0 at once, 0.25 a beat, 1, 2, 4, 8
    "crossfade",  # s over which a switch is smoothed
    "energy",  # 0..2, 1 as danced
    "dynamics",  # 0..1, how much the music's breaks and drops make the dance smaller and larger
    "accent",  # 0..1, how clearly the dance lands on the beat
    "looseness",  # sampling temperature, 0..2
    "smooth",  # s of optional smoothing
    "mirror",  # bool
    "seed",  # int
    "freeze",  # bool
    "blackout",  # bool
    "panic",  # None
    "record",  # bool
    "marker",  # text
    "retro",  # None: keep the last minute as a take
    "again",  # None: the next bar repeats this one
    "gain",  # dB of the input
    "source",  # demo, file:PATH or device:NAME
    "pattern",  # a test pose that checks a rig, or "off"
    "scene",  # name of a scene of the show
    "preset",  # name of a preset
]

CommandValue = float | int | bool | str | None


@dataclass(frozen=True)
class Command:
    """`at_s` is the stream time at which it takes effect; None: with the next block that is pushed."""

    name: CommandName
    value: CommandValue = None
    at_s: float | None = None
