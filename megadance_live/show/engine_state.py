"""What the show knows of its engine, as a value that reports change."""

from dataclasses import dataclass, fields, replace
from pathlib import Path

from megadance_live.engine.messages import (
    Asked,
    CuesChanged,
    Ended,
    Failed,
    Notice,
    Ready,
    Report,
    Saved,
    SourceChanged,
    SourceStatus,
    TakeClosed,
    TakeOpened,
    Wanted,
)
from megadance_live.remote.snapshot import EngineView


@dataclass(frozen=True)
class EngineState(EngineView):
    """What surfaces are told, and what the show alone needs: `takes` are the folders of those that are finished,
    `saved` is what a restarted engine goes on with. `failure` says why the show had to end. `source_began_s` is the
    host time of the source's first sample."""

    source_began_s: float | None = None
    takes: tuple[Path, ...] = ()
    saved: Saved | None = None

    @property
    def view(self) -> EngineView:
        """What surfaces are told."""
        return EngineView(**{field.name: getattr(self, field.name) for field in fields(EngineView)})

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
            case SourceChanged():
                return replace(self, source=report.name, source_spec=report.spec, source_began_s=report.began_s)
            case CuesChanged():
                return replace(self, cues=report.cues)
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
            case Wanted():
                return self

    def _failed(self, report: Failed, now_s: float) -> "EngineState":
        """Before the first dance there is no show to save: the user is told at once."""
        if self.was_ready:
            return self.noticed(report.sentence, now_s)
        return replace(self, phase="failed", failure=report.sentence)
