"""Puts what an evaluation found into the model card."""

from dataclasses import dataclass
from pathlib import Path

from megadance_live.core.errors import DataError
from models.evaluation.results import Evaluation
from models.evaluation.tables import estimates_of, markdown

_SECTION = "## Measured\n"


@dataclass(frozen=True)
class Card:
    """A model card: what stands before its section "Measured", and what after it."""

    path: Path
    before: str
    after: str


def read_card(folder: Path) -> Card:
    """That of a model folder. Raises DataError where there is none, or none that tells what was measured."""
    path = folder / "README.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    before, head, rest = text.partition(_SECTION)
    if not head:
        raise DataError(f'{path} has no section "Measured"; export the model again, or leave --card out.')
    _, following, after = rest.partition("\n## ")
    return Card(path, before, following + after)


def write_card(found: Evaluation, card: Card) -> Path:
    """Replaces the section by the tables of `found`. Raises OSError."""
    tables = markdown(found, estimates_of(found)).split("\n", 1)[1].replace("\n## ", "\n### ").strip()
    text = f"{card.before}{_SECTION}By `megadance-live evaluate --card`.\n\n{tables}\n{card.after}"
    card.path.write_text(text, encoding="utf-8")
    return card.path
