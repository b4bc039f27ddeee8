"""The document of the show that is performed: what it says, what of it cannot be used here, and where it is kept."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from megadance_live.config.folders import own_file, preset_names
from megadance_live.config.live import KEPT, TEMPO_WORDS, kept_value, tempo_after, with_control
from megadance_live.config.load import NOTE, Opened, open_preset
from megadance_live.config.mistakes import sentence
from megadance_live.config.preset import Preset
from megadance_live.config.save import save_preset, to_toml
from megadance_live.control.cue_file import commands_of, cues_of
from megadance_live.control.vocabulary import expert_named, parse, word_of
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.errors import ConfigError, CueError
from megadance_live.remote.snapshot import PresetView
from megadance_live.show.autosave import UNSAVED, Autosave
from megadance_live.show.missing import missing

AUTOSAVE_HEAD = "# Kept by MegaDance Live while a show runs, in case that it is cut off (docs/presets.md).\n"


class Document:
    """The truth about the preset that is performed. Every method may be called from any thread.

    Requests that cannot be followed change nothing, return False and stand as one sentence in the problems of `view`,
    until one can be followed. `restored` is what an autosave held, in place of what was opened.
    """

    def __init__(
        self,
        opened: Opened,
        *,
        restored: Preset | None = None,
        notes: Sequence[str] = (),
        autosave: Autosave | None = None,
    ) -> None:
        self._opened = opened
        self._preset = opened.preset if restored is None else restored
        self._restored = restored is not None
        self._notes = tuple(notes)
        self._refusal = ""
        self._answered = 0
        self._turned = False
        self._before = self._preset
        self._experts: tuple[str, ...] | None = None
        self._devices: tuple[str, ...] | None = None
        self._names = preset_names()
        self._autosave = autosave
        self._control: Callable[[], Control | None] = lambda: None
        self._kept: tuple[tuple[Preset, str, bool], str] | None = None
        self._trouble = ""
        self._changing = threading.RLock()
        self._filing = threading.Lock()
        self._view = self._look()

    @property
    def preset(self) -> Preset:
        return self._preset

    def view(self) -> PresetView:
        """How it stands: the same value as long as nothing changes."""
        if self._autosave is not None and self._autosave.trouble != self._trouble:
            with self._changing:
                self._view = self._look()
        return self._view

    def revise(self, field: str, value: Any) -> bool:
        """Replace one field of the preset, for instance "pads"."""
        with self._changing:
            if field not in Preset.model_fields or field == "schema_version":
                return self._refuse(f'A preset has no part "{field}" that could be changed.')
            try:
                revised = Preset.model_validate({**dict(self._preset), field: value})
            except ValidationError as error:
                return self._refuse(f"Not changed: {sentence(error.errors()[0])}")
            return self._become(revised)

    def heard(self, command: Command) -> None:
        """The performer has said something; what a preset holds as well is remembered."""
        with self._changing:
            if command.name == "source":
                self._follow("audio", source=command.value)
            elif command.name in TEMPO_WORDS:
                self._follow("tempo", **tempo_after(command, self._preset.tempo))
            elif command.name in KEPT and not self._turned and command.value != kept_value(self._preset, command.name):
                self._turned = True
                self._view = self._look()

    def open(self, name: str) -> bool:
        """Perform another preset, by name or path. `commands` then says what brings a running engine to it."""
        with self._filing:
            try:
                opened = open_preset(name)
            except ConfigError as error:
                return self._refuse(str(error), answered=True)
            names = preset_names()
            if self._autosave is not None and self._view.changed:
                self._autosave.leave(UNSAVED, self._autosave_text())
            with self._changing:
                self._before = self._preset
                self._opened, self._names = opened, names
                self._restored, self._turned, self._notes = False, False, ()
                return self._become(opened.preset, answered=True)

    def save(self, name: str = "", control: Control | None = None) -> bool:
        """Write it under a name or path ("": as it was opened), with what was turned live."""
        with self._filing:
            with self._changing:
                preset, opened = self._preset, self._opened
                turned, self._turned = self._turned, False
            kept = preset if control is None else with_control(preset, control)
            try:
                path = own_file(name or opened.name)
                if path != opened.path and kept.title == opened.preset.title:
                    kept = kept.model_copy(update={"title": path.stem})
                saved = save_preset(kept, name, opened)
            except ConfigError as error:
                self._turned = turned or self._turned
                return self._refuse(str(error), answered=True)
            names = preset_names()
            with self._changing:
                self._opened, self._names = saved, names
                self._restored, self._notes = False, ()
                return self._become(kept if self._preset is preset else self._preset, answered=True)

    def know(self, experts: Sequence[str] | None = None, devices: Sequence[str] | None = None) -> None:
        """Learn which experts the model has and which audio inputs ("host API: name") there are."""
        with self._changing:
            self._experts = self._experts if experts is None else tuple(experts)
            self._devices = self._devices if devices is None else tuple(devices)
            self._view = self._look()

    def missing(self) -> tuple[str, ...]:
        """What the document names and this machine does not have, as far as is known: one sentence for each."""
        return missing(self._preset, self._experts, self._devices)

    def scene(self, name: str) -> tuple[Command, ...]:
        """What a scene says; an expert that the model does not have is left out.

        Raises CueError, one sentence, if there is no such scene.
        """
        scenes = self._preset.scenes
        for scene in scenes:
            if scene.name.casefold() == name.strip().casefold():
                return commands_of(self._known(scene.commands), self._experts or ())
        has = f"use one of: {', '.join(scene.name for scene in scenes)}" if scenes else "this show has none"
        raise CueError(f'There is no scene "{name}"; {has}.')

    def cues(self) -> tuple[Cue, ...]:
        """The cue list, earliest first, empty where it is not to be followed; experts that the model does not have are
        left out."""
        section = self._preset.cues
        said = [(entry.bar, self._known(entry.commands)) for entry in section.entries if section.enabled]
        table: dict[str, object] = {"cue": [{"bar": bar, **commands} for bar, commands in said if commands]}
        return cues_of(table, self._experts or (), "the cue list")

    def commands(self) -> tuple[Command, ...]:
        """What brings a running engine from the document that was open before to this one."""
        preset, before = self._preset, self._before
        said = [*preset.commands(before.tempo), parse("seed", preset.dance.seed, ())]
        if preset.audio.source != before.audio.source:
            said.append(Command("source", preset.audio.source))
        if preset.dance.expert is not None:
            said += commands_of(self._known({"expert": preset.dance.expert}), self._experts or ())
        return tuple(said)

    def keep(self, control: Callable[[], Control | None]) -> None:
        """Begin to write the autosave, with what is turned live; `control` is called in a thread of its own."""
        self._control = control
        if self._autosave is not None:
            self._autosave.start(self._autosave_text)

    def close(self) -> None:
        """The show ends as it should."""
        if self._autosave is not None:
            self._autosave.close()

    def _follow(self, section: str, **values: Any) -> None:
        """What is senseless the engine refuses, too."""
        try:
            revised = Preset.model_validate(
                {**dict(self._preset), section: {**dict(getattr(self._preset, section)), **values}}
            )
        except ValidationError:
            return
        if revised != self._preset:
            self._become(revised)

    def _become(self, preset: Preset, *, answered: bool = False) -> bool:
        """`answered`: that was a request to open or save."""
        self._preset, self._refusal = preset, ""
        self._answered += answered
        self._view = self._look()
        return True

    def _refuse(self, reason: str, *, answered: bool = False) -> bool:
        with self._changing:
            self._refusal = reason
            self._answered += answered
            self._view = self._look()
        return False

    def _look(self) -> PresetView:
        self._trouble = self._autosave.trouble if self._autosave is not None else ""
        problems = (self._refusal, *self._notes, *self._opened.problems, *self.missing(), self._trouble)
        return PresetView(
            preset=self._preset,
            name=self._opened.name,
            changed=self._turned or self._preset != self._opened.preset,
            names=self._names,
            problems=tuple(problem for problem in problems if problem),
            protected=self._opened.protected,
            restored=self._restored,
            answered=self._answered,
            refusal=self._refusal,
        )

    def _known(self, said: dict[str, Any]) -> dict[str, Any]:
        """Without the experts that the model does not have."""
        return {name: value for name, value in said.items() if word_of(name).kind != "expert" or self._has(value)}

    def _has(self, expert: object) -> bool:
        try:
            expert_named(expert, self._experts or ())
        except CueError:
            return False
        return True

    def _autosave_text(self) -> str:
        """Made anew only where something has changed: it takes milliseconds, in the process that sends."""
        with self._changing:
            preset, name, changed = self._preset, self._opened.name, self._view.changed
        control = self._control()
        kept = (preset if control is None else with_control(preset, control), name, changed)
        if self._kept is not None and self._kept[0] == kept:
            return self._kept[1]
        text = to_toml(kept[0], AUTOSAVE_HEAD, {NOTE: {"name": name, "changed": changed}})
        self._kept = (kept, text)
        return text
