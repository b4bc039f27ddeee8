"""The beat trackers by name; what they are is told in docs/beats.md."""

TRACKERS = ("megadance", "aubio", "manual")
DEFAULT_TRACKER = TRACKERS[0]
