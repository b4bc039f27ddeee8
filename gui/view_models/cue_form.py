"""A cue that is being written."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from gui.view_models.said import with_command
from megadance_live.config.preset import CueEntry, Said
from megadance_live.control.vocabulary import VOCABULARY
from megadance_live.core.command import CommandName
from megadance_live.core.errors import CueError

BAR_MAX = 1_000_000.0


@dataclass(frozen=True)
class CueForm:
    """`place` is that of the cue in the list, None for a new one. `bar` and `value` are as they were typed, `word` is
    the command that is written next. `trouble` says what is wrong, in a sentence."""

    place: int | None = None
    bar: str = "1"
    said: Said = field(default_factory=dict)
    word: CommandName = "expert"
    value: str = ""
    trouble: str = ""

    @property
    def takes_nothing(self) -> bool:
        """The command needs no value."""
        return VOCABULARY[self.word].kind == "none"

    @property
    def takes(self) -> str:
        """What may follow the command, in words."""
        return VOCABULARY[self.word].takes

    def put(self, **values: str) -> Self:
        """Another `bar`, `word` or `value`; another word begins without a value."""
        if "word" in values and values["word"] != self.word:
            values = {"value": "", **values}
        return replace(self, trouble="", **values)  # type: ignore[arg-type]

    def with_word(self, experts: Sequence[str], scenes: Sequence[str]) -> Self:
        """The command stands in the cue; with `trouble` where it cannot."""
        try:
            said = with_command(self.said, self.word, self.value, experts, scenes)
        except CueError as error:
            return replace(self, trouble=str(error))
        return replace(self, said=said, value="", trouble="")

    def without(self, name: str) -> Self:
        """That command is taken out."""
        return replace(self, said={other: value for other, value in self.said.items() if other != name}, trouble="")

    def checked(self) -> Self:
        """With `trouble` where it can be no cue."""
        trouble = ""
        if self.bar_number is None:
            trouble = f'"{self.bar}" is not a bar: type a number from 1 on; 5.5 is the middle of bar 5.'
        elif not self.said:
            trouble = "This cue says nothing: choose a command, give it a value and press ADD."
        return replace(self, trouble=trouble)

    @property
    def entry(self) -> CueEntry | None:
        """The cue, None while it cannot be one."""
        bar = self.bar_number
        return CueEntry(bar=bar, commands=self.said) if bar is not None and self.said else None

    @property
    def bar_number(self) -> float | None:
        try:
            bar = float(self.bar.strip().replace(",", "."))
        except ValueError:
            return None
        return bar if math.isfinite(bar) and 1 <= bar <= BAR_MAX else None


def bar_in_words(bar: float) -> str:
    """`17` or `24.5`."""
    return f"{bar:.3f}".rstrip("0").rstrip(".")
