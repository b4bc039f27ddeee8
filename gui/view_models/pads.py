"""The pads: one arms an expert for the next boundary."""

from dataclasses import dataclass
from typing import Literal

from gui.keys import PAD_KEYS
from gui.palette import DIM, expert_colour
from gui.port import ShowPort
from gui.view_models.asked import Asked
from gui.view_models.learn import tag_of
from gui.view_models.musical_time import musical_time
from gui.view_models.pad_editor import PadEditor
from megadance_live.config.preset import MidiBinding, Pad
from megadance_live.core.control import Control
from megadance_live.remote.client import View

PadStatus = Literal["idle", "armed", "active", "missing"]
Wish = Literal["arm", "now", "cancel"]


@dataclass(frozen=True)
class PadState:
    """`key` and `midi` fire it. `wish` is what the performer has asked for and the show has not confirmed, "" for
    nothing. `missing`: the model has no such expert."""

    expert: str
    name: str
    colour: str
    key: str = ""
    midi: str = ""
    status: PadStatus = "idle"
    wish: Wish | Literal[""] = ""


@dataclass(frozen=True)
class PageState:
    """A tab: `holds` the active or the armed pad, where that is not on the page that is shown."""

    name: str
    shown: bool
    holds: Literal["", "active", "armed"] = ""


@dataclass(frozen=True)
class PadsState:
    """`lit` goes on and off in tempo, on with the beat. `countdown_beats` to the switch, None while nobody is armed
    or there is no clock. `mix` is how far the change from `mix_from` to `mix_to` (names) has gone, 1 when it is
    over. `active` dances, `armed` is to follow (names, "" for nobody). `ready` False: there is no show to tell.
    `trouble` names the experts that this model lacks, in a sentence."""

    pads: tuple[PadState, ...] = ()
    pages: tuple[PageState, ...] = ()
    lit: bool = True
    countdown_beats: int | None = None
    active: str = ""
    armed: str = ""
    mix: float = 1.0
    mix_from: str = ""
    mix_to: str = ""
    ready: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class _Wished:
    wish: Wish
    expert: str

    def granted(self, control: Control) -> bool:
        if self.wish == "cancel":
            return control.armed != self.expert
        if self.wish == "now":
            return control.expert == self.expert
        return self.expert in (control.armed, control.expert)


class PadsModel:
    """Pads are told by their place on the page that is shown, counted from 0."""

    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self._view = View()
        self._wished: Asked[_Wished] = Asked()
        self._bindings: tuple[MidiBinding, ...] = ()
        self._tags: dict[str, str] = {}
        self.editor = PadEditor(port)
        self.state = PadsState()

    def update(self, view: View) -> None:
        self._view = view
        self.editor.update(view)
        control = view.snapshot.engine.control
        if self._wished.value is not None:
            self._wished.settle(view.now_s, done=control is not None and self._wished.value.granted(control))
        self._note_bindings(view.snapshot.preset.preset.midi.bindings)
        self._draw()

    def press(self, place: int) -> None:
        """Arm that pad's expert, or disarm it if it is armed. Without quantisation it speaks at once. The active pad
        disarms whoever is armed. While editing, the pad is chosen."""
        if self.editor.state.editing:
            self.editor.choose(place)
            return
        expert, control = self._playable(place), self._control
        if expert is None or control is None:
            return
        waiting = self._waiting(control)
        if expert == waiting:
            self.cancel()
        elif expert == control.expert:
            if waiting is not None:
                self.cancel()
        elif control.quantize_bars <= 0:
            self._wish("now", expert)
        else:
            self._wish("arm", expert)

    def press_now(self, place: int) -> None:
        """Let that pad's expert speak at once, whatever the quantisation."""
        expert, control = self._playable(place), self._control
        if expert is None or control is None or self.editor.state.editing:
            return
        if expert != control.expert:
            self._wish("now", expert)
        elif self._waiting(control) is not None:
            self.cancel()

    def cancel(self) -> None:
        """Disarm. The show is told even where it seems that nobody is armed: a cue may just have armed one."""
        control = self._control
        if control is None or not self._view.connected:
            return
        waiting = self._waiting(control)
        self._wished.drop()
        if waiting is not None:
            self._wished.ask(_Wished("cancel", waiting), self._view.now_s)
        self._port.say("expert_cancel")
        self._draw()

    def turn_to(self, page: int) -> None:
        self.editor.turn_to(page)
        self._draw()

    def turn(self, pages: int) -> None:
        """So many pages on (negative: back); from the last one, on to the first."""
        self.turn_to((self.editor.page + pages) % len(self.editor.pages))

    @property
    def _control(self) -> Control | None:
        return self._view.snapshot.engine.control

    def _waiting(self, control: Control) -> str | None:
        """Who is armed as far as the performer knows: a wish counts before it is granted."""
        wished = self._wished.value
        if wished is None:
            return control.armed
        return None if wished.wish == "cancel" else wished.expert

    def _playable(self, place: int) -> str | None:
        """The expert of a pad that can be played."""
        pads = self.editor.pages[self.editor.page].pads
        if not self._view.connected or not 0 <= place < len(pads):
            return None
        expert = pads[place].expert
        return expert if expert in self._view.snapshot.engine.experts else None

    def _wish(self, wish: Wish, expert: str) -> None:
        self._wished.ask(_Wished(wish, expert), self._view.now_s)
        self._port.say("expert_now" if wish == "now" else "expert", expert)
        self._draw()

    def _note_bindings(self, bindings: tuple[MidiBinding, ...]) -> None:
        if bindings is self._bindings:
            return
        self._bindings = bindings
        self._tags = {}
        for binding in bindings:
            if binding.command in ("expert", "expert_now") and isinstance(binding.value, str):
                tag = tag_of(binding)
                self._tags[binding.value] = f"{self._tags[binding.value]} {tag}" if binding.value in self._tags else tag

    def _draw(self) -> None:
        view, editor = self._view, self.editor
        experts = view.snapshot.engine.experts
        now = musical_time(view)
        control = self._control
        music = view.frame.music if view.frame is not None else None
        countdown = None
        if now is not None and control is not None and control.armed is not None and control.armed_at_bars is not None:
            countdown = now.beats_until(control.armed_at_bars)
        pads = tuple(self._pad(place, pad, experts) for place, pad in enumerate(editor.pages[editor.page].pads))
        mixing = music is not None and music.mix < 1 and music.expert >= 0
        self.state = PadsState(
            pads=pads,
            pages=self._pages(control),
            lit=now is None or now.beat_phase < 0.5,
            countdown_beats=countdown,
            active=plain_name(control.expert) if control is not None else "",
            armed=plain_name(control.armed) if control is not None and control.armed is not None else "",
            mix=round(music.mix, 2) if music is not None and mixing else 1.0,
            mix_from=_name(experts, music.previous_expert) if music is not None and mixing else "",
            mix_to=_name(experts, music.expert) if music is not None and mixing else "",
            ready=control is not None and view.connected,
            trouble=self._trouble(experts),
        )

    def _pad(self, place: int, pad: Pad, experts: tuple[str, ...]) -> PadState:
        known = pad.expert in experts
        wished = self._wished.value
        return PadState(
            expert=pad.expert,
            name=pad.name or plain_name(pad.expert),
            colour=pad.colour or (expert_colour(experts.index(pad.expert)) if known else DIM),
            key=PAD_KEYS[place],
            midi=self._tags.get(pad.expert, ""),
            status=self._status(pad.expert) if known or not experts else "missing",
            wish=wished.wish if wished is not None and wished.expert == pad.expert else "",
        )

    def _status(self, expert: str) -> PadStatus:
        control = self._control
        if control is None:
            return "idle"
        if expert == control.armed:
            return "armed"
        return "active" if expert == control.expert else "idle"

    def _pages(self, control: Control | None) -> tuple[PageState, ...]:
        pages = []
        for number, page in enumerate(self.editor.pages):
            shown = number == self.editor.page
            here = {pad.expert for pad in page.pads}
            holds: Literal["", "active", "armed"] = ""
            if control is not None and not shown:
                holds = "armed" if control.armed in here else "active" if control.expert in here else ""
            pages.append(PageState(page.name, shown, holds))
        return tuple(pages)

    def _trouble(self, experts: tuple[str, ...]) -> str:
        if not experts:
            return ""
        absent = dict.fromkeys(p.expert for bank in self.editor.banks for p in bank.pads if p.expert not in experts)
        if not absent:
            return ""
        named = ", ".join(plain_name(expert) for expert in absent)
        return f"This dancer does not know {named}: edit the pads, or open a model that does."


def plain_name(expert: str) -> str:
    """An expert's name as people write it."""
    return expert.replace("_", " ")


def _name(experts: tuple[str, ...], index: int) -> str:
    return plain_name(experts[index]) if 0 <= index < len(experts) else ""
