"""The line of words: what is wrong and what to do, or what was said last. Nothing ever asks for an answer."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from megadance_live.remote.client import View

Weight = Literal["bad", "warning", "notice", "old"]

FRESH_S = 8.0
"""A notice goes before everything else for so long; then it turns grey and waits behind troubles."""
TURN_S = 5.0
"""Several troubles take turns."""
KEPT = 200


@dataclass(frozen=True)
class Words:
    """`text` is shown now, `more` says how many others wait."""

    text: str = ""
    weight: Weight = "old"
    more: int = 0


class WordsModel:
    """`state` is the line; `said` is everything that was ever on it, newest last, with the time of day. `pinned`, while
    it is not "", stands on the line instead: what to do next."""

    def __init__(self) -> None:
        self.state = Words()
        self.pinned = ""
        self.said: deque[str] = deque(maxlen=KEPT)
        self.revision = 0
        self._standing: tuple[tuple[Weight, str], ...] = ()
        self._since_s = 0.0
        self._own = ""
        self._own_s = 0.0
        self._noticed = ("", 0.0)

    def say(self, text: str, now_s: float) -> None:
        """A sentence of the app's own."""
        self._own, self._own_s = text, now_s
        self._keep(text)

    def update(self, view: View) -> None:
        engine = view.snapshot.engine
        standing = tuple(_troubles(view))
        for weight, text in standing:
            if (weight, text) not in self._standing:
                self._keep(text)
        if standing != self._standing:
            self._standing, self._since_s = standing, view.now_s
        if engine.notice and (engine.notice, engine.noticed_s) != self._noticed:
            self._noticed = (engine.notice, engine.noticed_s)
            self._keep(engine.notice)
        self.state = self._line(view.now_s)

    def _line(self, now_s: float) -> Words:
        if self.pinned:
            return Words(self.pinned, "notice", len(self._standing))
        text, said_s = max(((self._own, self._own_s), self._noticed), key=lambda entry: entry[1])
        if text and now_s - said_s < FRESH_S:
            return Words(text, "notice", len(self._standing))
        if self._standing:
            turn = int((now_s - self._since_s) / TURN_S) % len(self._standing)
            weight, trouble = self._standing[turn]
            return Words(trouble, weight, len(self._standing) - 1)
        return Words(text, "old")

    def _keep(self, text: str) -> None:
        self.said.append(f"{datetime.now():%H:%M:%S}  {text}")
        self.revision += 1


def _troubles(view: View) -> Iterator[tuple[Weight, str]]:
    """What is the matter now, the worst first; each sentence once."""
    seen: set[str] = set()
    for weight, text in _found(view):
        if text and text not in seen:
            seen.add(text)
            yield weight, text


def _found(view: View) -> Iterator[tuple[Weight, str]]:
    snapshot = view.snapshot
    yield "bad", snapshot.engine.failure
    if not view.connected:
        return
    yield "bad", snapshot.engine.source_status
    yield "bad", snapshot.trouble
    if snapshot.pattern != "off":
        yield "warning", "A test pattern is sent instead of the dance; OUT ends it."
    for receiver in snapshot.receivers:
        if receiver.trouble:
            places = snapshot.preset.preset.output.receivers
            name = places[receiver.place].name if receiver.place < len(places) else ""
            yield "warning", f"{name or f'Receiver {receiver.place + 1}'}: {receiver.trouble}"
    for problem in snapshot.preset.problems:
        yield "warning", problem
    if snapshot.preset.preset.midi.bindings:
        yield "warning", snapshot.midi.trouble
    for export in snapshot.takes.exports:
        if export.trouble:
            yield "warning", f"{export.take}: {export.trouble}"
