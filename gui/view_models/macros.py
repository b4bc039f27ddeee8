"""The macros: faders for how the dance is danced, mirror, seed and again."""

import random
from dataclasses import dataclass
from functools import partial
from typing import Literal

from gui.port import ShowPort
from gui.view_models.asked import Asked
from gui.view_models.musical_time import musical_time
from gui.view_models.thinned import Thinned
from megadance_live.control.vocabulary import CONTROL_FIELDS, VOCABULARY, parse
from megadance_live.core.control import Control
from megadance_live.core.errors import CueError
from megadance_live.remote.client import View

MacroName = Literal["energy", "dynamics", "accent", "looseness", "smooth", "crossfade", "latency"]
MACROS: dict[MacroName, str] = {
    "energy": "energy",
    "dynamics": "swell",
    "accent": "accent",
    "looseness": "loose",
    "smooth": "soft",
    "crossfade": "fade",
    "latency": "lead",
}
"""The faders in order, and what is written on them."""


@dataclass(frozen=True)
class MacroState:
    """In the unit of the command. `asked`: the show has not confirmed it yet."""

    name: MacroName
    value: float
    asked: bool = False


@dataclass(frozen=True)
class MacrosState:
    """`again`: the repeat of this bar has been asked for, is for the next bar, or is being danced. `ready` False: there
    is no show to tell. `trouble`: what is wrong with the seed that was typed."""

    faders: tuple[MacroState, ...]
    mirror: bool = False
    mirror_asked: bool = False
    seed: int = 0
    seed_asked: bool = False
    again: Literal["", "asked", "next", "now"] = ""
    ready: bool = False
    trouble: str = ""


class _Fader:
    """Follows the show, unless what the hand left has not been confirmed yet."""

    def __init__(self, name: MacroName, port: ShowPort) -> None:
        self._name: MacroName = name
        self._asked: Asked[float] = Asked()
        self._thinned: Thinned[float] = Thinned(partial(port.say, name))

    def turn(self, value: float, now_s: float) -> None:
        word = VOCABULARY[self._name]
        value = min(max(value, word.least), word.greatest)
        self._asked.ask(value, now_s)
        self._thinned.offer(value, now_s)

    def tick(self, now_s: float) -> None:
        self._thinned.tick(now_s)

    def release(self, now_s: float) -> None:
        self._thinned.flush(now_s)

    def state(self, control: Control, now_s: float) -> MacroState:
        shown = float(getattr(control, CONTROL_FIELDS[self._name]))
        value = self._asked.settle_on(now_s, shown)
        return MacroState(self._name, value, value != shown)


class MacrosModel:
    """`dice` throws new seeds."""

    def __init__(self, port: ShowPort, dice: random.Random | None = None) -> None:
        self._port = port
        self._dice = dice or random.Random()
        self._view = View()
        self._faders = {name: _Fader(name, port) for name in MACROS}
        self._mirror: Asked[bool] = Asked()
        self._seed: Asked[int] = Asked()
        self._again: Asked[tuple[int, ...]] = Asked()
        self._trouble = ""
        self.state = self._drawn()

    def update(self, view: View) -> None:
        self._view = view
        for fader in self._faders.values():
            fader.tick(view.now_s)
        self.state = self._drawn()

    def turn(self, name: MacroName, value: float) -> None:
        """To a value, by hand, wheel or key; one that is out of range becomes the nearest."""
        if self.state.ready:
            self._faders[name].turn(value, self._view.now_s)
            self.state = self._drawn()

    def release(self, name: MacroName) -> None:
        """The hand has let go: where it was last is said now."""
        self._faders[name].release(self._view.now_s)

    def mirror(self) -> None:
        """Turn it over."""
        if self.state.ready:
            wanted = not self.state.mirror
            self._mirror.ask(wanted, self._view.now_s)
            self._port.say("mirror", wanted)

    def enter_seed(self, text: str) -> bool:
        """A seed typed in. False: it is none, and the state says what is wrong."""
        try:
            command = parse("seed", text.strip(), ())
        except CueError as error:
            self._trouble = str(error)
            return False
        self._trouble = ""
        if self.state.ready and isinstance(command.value, int):
            self._say_seed(command.value)
        return True

    def forget_trouble(self) -> None:
        """The performer types again, or has left the field."""
        self._trouble = ""

    def new_seed(self) -> None:
        """Another improvisation; few figures, so that it can be called across a stage and typed again."""
        if self.state.ready:
            seed = self._dice.randrange(9999)
            self._say_seed(seed if seed < self.state.seed else seed + 1)

    def again(self) -> None:
        """The bar that is being danced once more."""
        if self.state.ready:
            self._again.ask(self._repeats, self._view.now_s)
            self._port.say("again")
            self.state = self._drawn()

    @property
    def _repeats(self) -> tuple[int, ...]:
        control = self._view.snapshot.engine.control
        return control.again_bars if control is not None else ()

    def _again_state(self) -> Literal["", "asked", "next", "now"]:
        # The show answers with a new list of bars.
        self._again.settle(self._view.now_s, done=self._repeats != self._again.value)
        now = musical_time(self._view)
        if now is not None and self._repeats:
            if now.bar - 1 in self._repeats:
                return "now"
            if max(self._repeats) >= now.bar:
                return "next"
        return "" if self._again.value is None else "asked"

    def _say_seed(self, seed: int) -> None:
        self._trouble = ""
        self._seed.ask(seed, self._view.now_s)
        self._port.say("seed", seed)

    def _drawn(self) -> MacrosState:
        view = self._view
        control = view.snapshot.engine.control
        shown = control if control is not None else Control(expert="")
        return MacrosState(
            faders=tuple(fader.state(shown, view.now_s) for fader in self._faders.values()),
            mirror=self._mirror.settle_on(view.now_s, shown.mirror),
            mirror_asked=self._mirror.value is not None,
            seed=self._seed.settle_on(view.now_s, shown.seed),
            seed_asked=self._seed.value is not None,
            again=self._again_state(),
            ready=control is not None and view.connected,
            trouble=self._trouble,
        )
