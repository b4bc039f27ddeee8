"""Scenes: everything that belongs to a moment of the show, under one pad."""

from dataclasses import dataclass
from itertools import count

from gui.palette import expert_colour
from gui.port import ShowPort
from gui.view_models.asked import Asked
from gui.view_models.pad_banks import written
from gui.view_models.revision import Revision
from gui.view_models.said import in_words
from megadance_live.config.live import capture_scene
from megadance_live.config.preset import Scene
from megadance_live.remote.client import View


@dataclass(frozen=True)
class SceneState:
    """`says` is what it holds, in words. `current`: given last. `asked`: given, and not confirmed yet."""

    name: str
    colour: str
    says: str
    current: bool = False
    asked: bool = False


@dataclass(frozen=True)
class ScenesState:
    """`chosen` is the place of the scene that is being edited, None for none. `trouble`: what is wrong with the name
    that was typed, in a sentence."""

    scenes: tuple[SceneState, ...] = ()
    editing: bool = False
    chosen: int | None = None
    can_undo: bool = False
    ready: bool = False
    trouble: str = ""


class ScenesModel:
    """Scenes are told by their place, counted from 0."""

    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self._view = View()
        self._given: Asked[str] = Asked()
        self._section: Revision[tuple[Scene, ...]] = Revision(port, "scenes", lambda preset: preset.scenes)
        self._editing = False
        self._chosen: int | None = None
        self._trouble = ""
        self.state = ScenesState()

    def update(self, view: View) -> None:
        self._view = view
        self._section.update(view)
        self._given.settle_on(view.now_s, view.snapshot.scene)
        self._draw()

    def press(self, place: int) -> None:
        """Give that scene; while editing, choose it."""
        if not 0 <= place < len(self._scenes):
            return
        if self._editing:
            self._chosen = place
            self._draw()
        elif self.state.ready:
            self._given.ask(self._scenes[place].name, self._view.now_s)
            self._port.say("scene", self._scenes[place].name)
            self._draw()

    def edit(self, on: bool) -> None:
        """While editing, scenes are chosen instead of given."""
        self._editing = on
        self._chosen = None
        self._trouble = ""
        self._draw()

    def capture(self) -> None:
        """A scene of how the show stands now, under a name that none has."""
        control = self._view.snapshot.engine.control
        if control is None:
            return
        taken = {scene.name for scene in self._scenes}
        name = next(name for name in (f"Scene {n}" for n in count(len(self._scenes) + 1)) if name not in taken)
        self._revise((*self._scenes, capture_scene(name, control)))

    def capture_again(self) -> None:
        """The chosen scene shall hold how the show stands now."""
        control = self._view.snapshot.engine.control
        if control is not None and self._chosen is not None:
            scene = self._scenes[self._chosen]
            self._change(capture_scene(scene.name, control, scene.colour))

    def rename(self, name: str) -> bool:
        """False: the chosen scene cannot be called that, and the state says why."""
        name = written(name)
        if self._chosen is None:
            return False
        others = {scene.name for place, scene in enumerate(self._scenes) if place != self._chosen}
        if not name:
            self._trouble = "A scene needs a name: type one."
        elif name in others:
            self._trouble = f'There is a scene "{name}" already: type another name.'
        else:
            self._trouble = ""
            self._change(self._scenes[self._chosen].model_copy(update={"name": name}))
        self._draw()
        return not self._trouble

    def forget_trouble(self) -> None:
        """The performer has left the field."""
        self._trouble = ""
        self._draw()

    def recolour(self, colour: str) -> None:
        """#rrggbb; "": chosen by the app."""
        if self._chosen is not None:
            self._change(self._scenes[self._chosen].model_copy(update={"colour": colour}))

    def move(self, place: int, to: int) -> None:
        """The scene at `place` is dropped on place `to`."""
        if place != to and 0 <= place < len(self._scenes) and 0 <= to < len(self._scenes):
            scenes = list(self._scenes)
            scenes.insert(to, scenes.pop(place))
            self._chosen = to
            self._revise(tuple(scenes))

    def remove(self) -> None:
        """The chosen scene goes."""
        if self._chosen is not None:
            place, self._chosen = self._chosen, None
            self._revise((*self._scenes[:place], *self._scenes[place + 1 :]))

    def undo(self) -> None:
        """Take back the last change."""
        self._chosen = None
        self._section.undo()
        self._draw()

    @property
    def _scenes(self) -> tuple[Scene, ...]:
        return self._section.value

    def _change(self, scene: Scene) -> None:
        place = self._chosen
        if place is not None:
            self._revise((*self._scenes[:place], scene, *self._scenes[place + 1 :]))

    def _revise(self, scenes: tuple[Scene, ...]) -> None:
        self._section.revise(scenes)
        self._draw()

    def _draw(self) -> None:
        view = self._view
        if self._chosen is not None and self._chosen >= len(self._scenes):
            self._chosen = None
        self.state = ScenesState(
            scenes=tuple(
                SceneState(
                    name=scene.name,
                    colour=scene.colour or expert_colour(place),
                    says=in_words(scene.commands),
                    current=scene.name == view.snapshot.scene,
                    asked=scene.name == self._given.value,
                )
                for place, scene in enumerate(self._scenes)
            ),
            editing=self._editing,
            chosen=self._chosen,
            can_undo=self._section.can_undo,
            ready=view.connected and view.snapshot.engine.control is not None,
            trouble=self._trouble,
        )
