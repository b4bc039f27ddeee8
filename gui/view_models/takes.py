"""The takes of a show: recording them, what there is, and writing them in more formats."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import get_args

from gui.port import ShowPort
from gui.view_models.asked import Asked
from gui.view_models.disk import disk_warning, room_in_words
from gui.view_models.figures import count, length, size
from gui.view_models.safety import SafetyModel, SwitchState
from megadance_live.config.preset import TakeFormat
from megadance_live.control.vocabulary import TEXT_MAX
from megadance_live.remote.client import View
from megadance_live.remote.requests import ExportTake, LookForTakes, RecoverTakes
from megadance_live.remote.snapshot import ExportView, TakesView, TakeView

FORMATS: tuple[str, ...] = get_args(TakeFormat)
FORMAT_TITLES = {"amass": "AMASS", "aist": "AIST++", "bvh": "BVH", "edge": "EDGE", "glb": "glTF"}
FORMAT_HELP = {
    "amass": "SMPL add-ons and research code, .npz",
    "aist": "dance generation code, .pkl",
    "bvh": "Blender, MotionBuilder, Maya, Cinema 4D, .bvh",
    "edge": "code around EDGE, .edge.pkl",
    "glb": "Blender, Unreal, Unity, the web, .glb",
}


@dataclass(frozen=True)
class TakeRow:
    """`says` is length, size, markers and formats in words. `progress` 0..1 of the work on it, None while there is
    none, and `working` what that is; `trouble` says why the last work on it has failed."""

    name: str
    folder: Path
    started: str
    says: str
    finished: bool
    missing: tuple[str, ...]
    working: str = ""
    progress: float | None = None
    trouble: str = ""


@dataclass(frozen=True)
class TakesState:
    """`chosen` is the take that is to be written in the formats `wanted`. `cut_off` says, in words, how many takes wait
    to be recovered, and `recovering` that they no longer do. `line` says what has just been done."""

    rows: tuple[TakeRow, ...] = ()
    ready: bool = False
    record: SwitchState = field(default_factory=SwitchState)
    keeping: bool = False
    open_take: str = ""
    folder: Path = Path()
    room: str = ""
    warning: str = ""
    chosen: str = ""
    wanted: frozenset[str] = frozenset()
    cut_off: str = ""
    recovering: bool = False
    line: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The formats that the chosen take does not hold."""
        return next((row.missing for row in self.rows if row.name == self.chosen and row.finished), ())


class TakesModel:
    """Recording is the safety model's, because its button is always on the screen."""

    def __init__(self, port: ShowPort, safety: SafetyModel) -> None:
        self._port = port
        self._safety = safety
        self._view = View()
        self._keeping: Asked[bool] = Asked()
        self._recovering: Asked[bool] = Asked()
        self._kept_before: tuple[object, ...] = ()
        self._chosen = ""
        self._wanted: frozenset[str] = frozenset()
        self._line = ""
        self._seen: TakesView | None = None
        self._rows: tuple[TakeRow, ...] = ()
        self._room = ""
        self.state = TakesState()

    def update(self, view: View) -> None:
        self._view = view
        self._keeping.settle(view.now_s, done=self._kept_before != _takes_said(view))
        work_begun = any(not export.formats and not export.done for export in view.snapshot.takes.exports)
        self._recovering.settle(view.now_s, done=work_begun)
        self._draw()

    def look(self) -> None:
        """The page is opened: read the folder again."""
        self._port.ask(LookForTakes())

    def record(self) -> None:
        """Begin or finish a take."""
        self._safety.record()

    def keep_last_minute(self) -> None:
        """What has already happened becomes a take."""
        self._kept_before = _takes_said(self._view)
        self._keeping.ask(True, self._view.now_s)
        self._safety.keep_last_minute()
        self._draw()

    def mark(self, text: str) -> bool:
        """Put a mark with that name into the take, a numbered one for "". False: nothing is being recorded."""
        if not self.state.open_take:
            self._line = "Nothing is being recorded: press REC first, then a marker can be put into the take."
        elif named := " ".join(text.split())[:TEXT_MAX]:
            self._port.say("marker", named)
            self._line = f'Marker "{named}" was put into {self.state.open_take}.'
        else:
            self._safety.mark()
            self._line = f"A marker was put into {self.state.open_take}."
        self._draw()
        return bool(self.state.open_take)

    def choose(self, name: str) -> None:
        """Choose formats for that take; chosen again: no longer."""
        self._chosen = "" if name == self._chosen else name
        self._draw()
        self._wanted = frozenset(self.state.missing[:1]) if len(self.state.missing) == 1 else frozenset()
        self._draw()

    def want(self, name: str) -> None:
        """That format, too, or no longer."""
        self._wanted = self._wanted ^ {name}
        self._draw()

    def export(self) -> None:
        """Write the chosen take in the wanted formats, in the background."""
        wanted = tuple(name for name in self.state.missing if name in self._wanted)
        if wanted:
            self._port.ask(ExportTake(self._chosen, wanted))
            self._line = f"{self._chosen} is being written as {_titles(wanted)}; the show goes on meanwhile."
            self._chosen, self._wanted = "", frozenset()
            self._draw()

    def recover(self) -> None:
        """Finish every take that was cut off."""
        self._recovering.ask(True, self._view.now_s)
        self._port.ask(RecoverTakes())
        self._draw()

    def say(self, line: str) -> None:
        """What has become of something that only the window can do."""
        self._line = line
        self._draw()

    def _draw(self) -> None:
        view, takes = self._view, self._view.snapshot.takes
        if takes is not self._seen:
            self._seen = takes
            self._rows = tuple(_row(take, takes.exports) for take in takes.takes)
            self._room = room_in_words(takes.free_bytes, takes.takes)
        rows = self._rows
        if self._chosen not in {row.name for row in rows if row.finished and row.missing}:
            self._chosen = ""
        missing = next((row.missing for row in rows if row.name == self._chosen), ())
        self._wanted &= set(missing)
        working = any(row.working and not row.finished for row in rows)
        self.state = TakesState(
            rows=rows,
            ready=view.connected,
            record=self._safety.state.record,
            keeping=self._keeping.value is not None,
            open_take=view.snapshot.engine.take,
            folder=takes.folder,
            room=self._room,
            warning=disk_warning(takes.free_bytes),
            chosen=self._chosen,
            wanted=self._wanted,
            cut_off=_cut_off(rows),
            recovering=working or self._recovering.value is not None,
            line=self._line,
        )


def _takes_said(view: View) -> tuple[object, ...]:
    """Changes when a take has come, or the show has said something about one."""
    return view.snapshot.engine.noticed_s, tuple(take.name for take in view.snapshot.takes.takes)


def _row(take: TakeView, exports: tuple[ExportView, ...]) -> TakeRow:
    mine = [export for export in exports if export.take == take.name]
    running = next((export for export in mine if not export.done), None)
    last = mine[-1] if mine else None
    under_way = {name for export in mine if not export.done for name in export.formats}
    parts = [length(take.length_s), size(take.size_bytes)]
    if take.markers:
        parts.append(count(take.markers, "marker", "markers"))
    parts.append(_titles(take.formats) if take.finished else "CUT OFF, can be recovered")
    return TakeRow(
        name=take.name,
        folder=take.folder,
        started=_when(take.started),
        says=" · ".join(part for part in parts if part),
        finished=take.finished,
        missing=tuple(name for name in FORMATS if name not in take.formats and name not in under_way)
        if take.finished
        else (),
        working=_working(running) if running is not None else "",
        progress=running.progress if running is not None else None,
        trouble=last.trouble if last is not None and last.done else "",
    )


def _working(export: ExportView) -> str:
    if not export.formats:
        return "being recovered"
    doing = f"writing {_titles(export.formats)}"
    return f"{doing} · {export.progress * 100:.0f} %" if export.progress > 0 else f"{doing} · waiting"


def _titles(formats: tuple[str, ...]) -> str:
    return ", ".join(FORMAT_TITLES.get(name, name) for name in formats)


def _when(started: str) -> str:
    """A wall-clock stamp as people say it, here."""
    try:
        when = datetime.fromisoformat(started).astimezone()
    except (ValueError, OverflowError, OSError):
        return started
    return f"{when.day} {when:%b %H:%M}"


def _cut_off(rows: tuple[TakeRow, ...]) -> str:
    number = sum(not row.finished for row in rows)
    return f"{count(number, 'take was', 'takes were')} cut off before the end." if number else ""
