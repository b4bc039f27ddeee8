"""Whole shows: which there are, which is open, opening another and saving."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gui.port import ShowPort
from megadance_live.config.folders import SUFFIX, is_path, own_file
from megadance_live.core.errors import ConfigError
from megadance_live.remote.client import View
from megadance_live.remote.requests import OpenPreset, SavePreset
from megadance_live.remote.snapshot import PresetView

PATIENCE_S = 10.0
"""A show that has not answered by then is not waited for any longer: disks can be slow."""
RESTORED = "This show was cut off the last time; it goes on as it was. SAVE keeps it."

Doing = Literal["", "opening", "saving"]


@dataclass(frozen=True)
class PresetsState:
    """`name` is the open one, `chosen` the one that OPEN is for. `asking`: OPEN was pressed and the open show has
    changes, so that one more press is needed. `naming`: a name is asked for, and `wish` is one that is free. `replaces`
    is the preset that the typed name would replace. `trouble` says what is wrong with that name. `standing` are
    sentences on the open show itself, `line` says what has just been done."""

    ready: bool = False
    name: str = ""
    title: str = ""
    changed: bool = False
    protected: bool = False
    names: tuple[str, ...] = ()
    chosen: str = ""
    asking: bool = False
    naming: bool = False
    wish: str = ""
    replaces: str = ""
    trouble: str = ""
    standing: tuple[str, ...] = ()
    doing: Doing = ""
    line: str = ""


@dataclass(frozen=True)
class _Wait:
    """For the show to answer. `then` is opened after that; `answered` is the count of before."""

    doing: Doing
    name: str
    until_s: float
    answered: int
    then: str = ""


class PresetsModel:
    """`say` puts a sentence on the line of words, which is seen on every page."""

    def __init__(self, port: ShowPort, say: Callable[[str, float], None] = lambda text, now_s: None) -> None:
        self._port = port
        self._say = say
        self._view = View()
        self._chosen = ""
        self._asking = False
        self._naming = False
        self._replaces = ""
        self._trouble = ""
        self._line = ""
        self._wait: _Wait | None = None
        self.state = PresetsState()

    def update(self, view: View) -> None:
        self._view = view
        if self._wait is not None:
            self._follow(self._wait)
        if self._asking and not self._preset.changed:
            self._asking = False
        self._draw()

    def choose(self, name: str) -> None:
        """A preset of the list, or the path of any other."""
        self._chosen, self._asking = name, False
        self._draw()

    def open(self) -> None:
        """Open what was chosen; where the open show has changes, only make ready to."""
        if not self._chosen or not self.state.ready:
            return
        if self._preset.changed:
            self._asking, self._naming = True, False
            self._draw()
        else:
            self._open(self._chosen)

    def open_anyway(self) -> None:
        """Leave the changes; the show keeps them beside its autosave."""
        if self._asking:
            self._open(self._chosen)

    def save_and_open(self) -> None:
        """Save first; if that cannot be done, nothing is opened."""
        if self._asking and not self._preset.protected:
            self._asking = False
            self._ask_to_save("", then=self._chosen)

    def stay(self) -> None:
        """Open nothing, save under no other name."""
        self._asking, self._naming, self._replaces, self._trouble, self._line = False, False, "", "", ""
        self._draw()

    def save(self) -> None:
        """Save as it was opened; a show that must not be written over is asked a name for."""
        if not self.state.ready:
            return
        if self._preset.protected:
            self.name_it()
            self._tell(f'"{called(self._preset.name)}" stays as it is: save under another name on the page SHOW.')
        else:
            self._ask_to_save("")

    def name_it(self) -> None:
        """Ask for a name."""
        self._naming, self._asking, self._replaces, self._trouble = True, False, "", ""
        self._draw()

    def save_as(self, name: str) -> bool:
        """Save under a name. False: it cannot be one, or it is that of another preset and has to be given once more."""
        name = name.strip().removesuffix(SUFFIX)
        self._trouble = _trouble_with(name) if self.state.ready else "There is no show to save."
        taken = name != self._preset.name and name in self._preset.names
        if not self._trouble and taken and self._replaces != name:
            self._replaces = name
            self._trouble = f'There is a preset "{name}" already: once more, and it is replaced.'
        elif not self._trouble:
            self._naming, self._replaces = False, ""
            self._ask_to_save(name)
        else:
            self._replaces = ""
        self._draw()
        return not self._naming

    def forget_trouble(self) -> None:
        """The performer types another name."""
        self._trouble = self._replaces = ""
        self._draw()

    @property
    def _preset(self) -> PresetView:
        return self._view.snapshot.preset

    def _open(self, name: str) -> None:
        self._asking = False
        self._wait_for("opening", name)
        self._port.ask(OpenPreset(name))

    def _ask_to_save(self, name: str, then: str = "") -> None:
        self._wait_for("saving", name or self._preset.name, then)
        self._port.ask(SavePreset(name))

    def _wait_for(self, doing: Doing, name: str, then: str = "") -> None:
        self._line = ""
        self._wait = _Wait(doing, name, self._view.now_s + PATIENCE_S, self._preset.answered, then)
        self._draw()

    def _follow(self, wait: _Wait) -> None:
        """Done, refused in a sentence, or not answered."""
        answered, name = self._preset.answered != wait.answered, called(wait.name)
        if not answered and self._view.now_s < wait.until_s:
            return
        self._wait = None
        trouble = self._preset.refusal if answered else "The show does not answer."
        if trouble:
            what = "opened" if wait.doing == "opening" else "saved"
            rest = f', and "{called(wait.then)}" is not opened' if wait.then else ""
            self._tell(f'"{name}" is not {what}{rest}. {trouble}')
        elif wait.then:
            self._open(wait.then)
        else:
            self._chosen = ""
            self._tell(f'"{name}" is {"open" if wait.doing == "opening" else "saved"}.')

    def _tell(self, line: str) -> None:
        self._line = line
        self._say(line, self._view.now_s)
        self._draw()

    def _draw(self) -> None:
        preset = self._preset
        self.state = PresetsState(
            ready=self._view.connected,
            name=called(preset.name),
            title=preset.preset.title,
            changed=preset.changed,
            protected=preset.protected,
            names=preset.names,
            chosen=self._chosen,
            asking=self._asking,
            naming=self._naming,
            wish=_free_name(preset),
            replaces=self._replaces,
            trouble=self._trouble,
            standing=_standing(preset),
            doing=self._wait.doing if self._wait is not None else "",
            line=self._line,
        )


def called(name: str) -> str:
    """A preset that lies elsewhere is called by its file, not by its whole path."""
    return Path(name).name.removesuffix(SUFFIX) if is_path(name) else name


def _trouble_with(name: str) -> str:
    if not name:
        return "Type a name for the show."
    if is_path(name):
        return f'"{name}" cannot be the name of a preset: type a name alone, without "/".'
    try:
        own_file(name)
    except ConfigError as error:
        return str(error)
    return ""


def _free_name(preset: PresetView) -> str:
    """The name that it has, where that can be written; else one with a number."""
    name = called(preset.name)
    if not preset.protected:
        return name
    number = 2
    while f"{name} {number}" in preset.names:
        number += 1
    return f"{name} {number}"


def _standing(preset: PresetView) -> tuple[str, ...]:
    """What the performer has to know about the open show."""
    said = [RESTORED] if preset.restored else []
    if preset.protected:
        why = "it holds what could not be used" if preset.problems else "it is an autosave"
        said.append(f'"{called(preset.name)}" is never written over, because {why}: SAVE AS keeps the show.')
    return (*said, *preset.problems)
