"""How takes are kept."""

from dataclasses import dataclass
from pathlib import Path

from megadance_live.config.preset import RecordSection


@dataclass(frozen=True)
class TakeSetup:
    """Where takes go and what a finished one holds."""

    folder: Path
    formats: tuple[str, ...] = ("amass", "aist", "bvh")

    @classmethod
    def of(cls, record: RecordSection) -> "TakeSetup":
        """As a preset says; a relative folder begins where the program was started."""
        return cls(Path(record.folder).expanduser().absolute(), tuple(record.formats))
