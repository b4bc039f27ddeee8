"""MIDI: controllers play the show, and show on their lamps how it stands."""
