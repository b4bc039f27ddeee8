"""One command vocabulary: cue files, OSC in."""
