"""What the show knows of its engine, as a value that reports change."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.engine.messages import (
    Asked,
    Ended,
    Failed,
    Notice,
    Ready,
    Report,
    Saved,
    SourceStatus,
    TakeClosed,
    TakeOpened,
)

Phase = Literal["starting", "dancing", "restarting", "stopping", "ended", "failed"]


@dataclass(frozen=True)
class EngineState:
    """`notice` is the last sentence for the status line, which came at host time `noticed_s`. `take` names the open
    take, `takes` the folders of those that are finished. `failure` says why the show had to end."""

    phase: Phase = "starting"
    source: str = ""
    source_status: str = ""
    dancer: str = ""
    experts: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    control: Control | None = None
    restarts: int = 0
    notice: str = ""
    noticed_s: float = 0.0
    take: str = ""
    take_since_s: float = 0.0
    takes: tuple[Path, ...] = ()
    saved: Saved | None = None
    failure: str = ""

    @property
    def over(self) -> bool:
        return self.phase in ("ended", "failed")

    @property
    def was_ready(self) -> bool:
        """An engine has danced before, so that it is worth starting another."""
        return bool(self.experts)

    def noticed(self, text: str, now_s: float) -> "EngineState":
        return replace(self, notice=text, noticed_s=now_s)

    def after(self, report: Report, now_s: float) -> "EngineState":
        """As it stands once `report` has come up at host time `now_s`."""
        match report:
            case Ready():
                return replace(
                    self,
                    phase="dancing",
                    source=report.source,
                    dancer=report.dancer,
                    experts=report.experts,
                    cues=report.cues,
                )
            case Notice():
                return self.noticed(report.text, now_s)
            case SourceStatus():
                return replace(self, source_status=report.text)
            case Asked():
                return replace(self, control=report.control)
            case TakeOpened():
                return replace(self, take=report.name, take_since_s=now_s)
            case TakeClosed():
                closed = replace(self, takes=(*self.takes, report.folder))
                return replace(closed, take="") if report.name == self.take else closed
            case Saved():
                return replace(self, saved=report)
            case Ended():
                return replace(self, phase="ended")
            case Failed():
                return self._failed(report, now_s)

    def _failed(self, report: Failed, now_s: float) -> "EngineState":
        """Before the first dance there is no show to save: the user is told at once."""
        if self.was_ready:
            return self.noticed(report.sentence, now_s)
        return replace(self, phase="failed", failure=report.sentence)
