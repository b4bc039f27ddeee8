"""The app's colours, as #rrggbb, without Qt. No colour speaks alone: a word or a shape always stands beside it."""

BACKGROUND = "#121212"
SURFACE = "#1c1c1e"
RAISED = "#262629"
PRESSED = "#323236"
LINE = "#3a3a3e"
TEXT = "#d8d8d8"
DIM = "#9a9a9f"
FAINT = "#6a6a6e"
"""Text of what cannot be pressed now."""
INK = "#101010"
"""Text on a bright colour."""
ACCENT = "#4ea1f3"
GOOD = "#5bc46b"
WARNING = "#f2a33a"
BAD = "#ef5b50"
RECORD = "#ef4438"
FROZEN = "#7cc7e8"
BLACKOUT = "#a27df0"
GHOST = "#c9a4ff"

EXPERTS = (
    "#4ea1f3", "#f2a33a", "#5bc46b", "#e267b5", "#3fc6c6", "#e5d04a", "#a27df0", "#e86a58", "#a8d356", "#7f93ff",
    "#d59a6a", "#56c99a", "#d583e6", "#c9b037", "#59b7e8", "#f0839a", "#8fb06a", "#b79ae0", "#e0b48a", "#8aa6b8",
)  # fmt: skip


def expert_colour(index: int) -> str:
    """The colour of an expert that the preset gives none."""
    return EXPERTS[index % len(EXPERTS)]
