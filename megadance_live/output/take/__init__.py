"""Takes: what a show did, kept as SMPL motion, BVH and audio."""

from megadance_live.output.take.elsewhere import start_finishing
from megadance_live.output.take.export import export
from megadance_live.output.take.formats import ALL_FORMATS, USUAL_FORMATS, parse_formats
from megadance_live.output.take.recorder import TakeRecorder
from megadance_live.output.take.recover import RecoveredTake, recover

__all__ = [
    "ALL_FORMATS",
    "USUAL_FORMATS",
    "RecoveredTake",
    "TakeRecorder",
    "export",
    "parse_formats",
    "recover",
    "start_finishing",
]
