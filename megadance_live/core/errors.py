"""The error tree. Every message is one sentence that says what to do; the command line prints it and exits 1.

MegaDanceError
├── AudioSourceError     a source cannot be opened or read
├── DestinationError     a host does not resolve, a port is in use
├── CueError             a cue file or a command is not understood
├── ConfigError          a preset or setting is not understood
├── WeightsError         model weights are missing or of another version
├── TakeError            a take cannot be written or recovered
├── RemoteError          a running show cannot be reached
├── MidiError            MIDI is not there, or a port cannot be used
└── DataError            training data cannot be used
"""


class MegaDanceError(Exception):
    """Base of everything that a user can mend."""


class AudioSourceError(MegaDanceError):
    """A source of audio cannot be opened or read."""


class DestinationError(MegaDanceError):
    """A network destination cannot be used."""


class CueError(MegaDanceError):
    """A cue file or a command is not understood."""


class ConfigError(MegaDanceError):
    """A preset or a setting is not understood."""


class WeightsError(MegaDanceError):
    """Model weights are missing, broken or of another version."""


class TakeError(MegaDanceError):
    """A take cannot be written or recovered."""


class RemoteError(MegaDanceError):
    """A running show cannot be reached."""


class MidiError(MegaDanceError):
    """MIDI is not there, or a port cannot be used."""


class DataError(MegaDanceError):
    """Training data cannot be used."""
