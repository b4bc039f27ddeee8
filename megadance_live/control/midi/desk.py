"""Controllers at the show: what they say becomes commands, and their lamps show how it stands."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from megadance_live.config.preset import MidiBinding, MidiSection
from megadance_live.control.midi.backend import Backend, open_backend
from megadance_live.control.midi.event import MidiEvent, MidiKey
from megadance_live.control.midi.lamps import changed, lamps
from megadance_live.control.midi.learn import Places, binding_of, taught
from megadance_live.control.midi.meaning import bound_to, is_range, moved, pressed, released
from megadance_live.control.midi.ports import Ports
from megadance_live.control.midi.standing import Standing
from megadance_live.control.midi.thinning import Allowance, Faders
from megadance_live.core.command import Command
from megadance_live.core.errors import CueError
from megadance_live.remote.snapshot import LearnTarget, MidiView

_log = logging.getLogger(__name__)

LOOK_S = 2.0
LAMPS_S = 0.04
FADERS_S = 0.01
LAMPS_AT_ONCE = 32
"""Sent in one go; the rest follow 0.04 s later. An old MIDI cable carries a thousand messages a second."""
HAND_OFF_S = 0.5
"""A fader that a hand has moved this long ago is not moved by us."""


class MidiDesk:
    """Any thread may call; everything is done by a thread of its own, in which `say` and `learned` are called, too.

    `standing` tells how the show stands now. Nothing that happens to a controller is an error: `view().trouble` says
    what is the matter.
    """

    def __init__(
        self,
        say: Callable[[Command], None],
        learned: Callable[[MidiSection], None],
        standing: Callable[[], Standing] = Standing,
        make_backend: Callable[[], Backend] = open_backend,
    ) -> None:
        """`learned` is told the section with each binding that has been learned."""
        self._say, self._learned, self._standing = say, learned, standing
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._ports = Ports(self._hear_later, make_backend)
        self._section = MidiSection(enabled=False)
        self._experts: tuple[str, ...] = ()
        self._view = MidiView()
        self._places = Places()
        self._faders = Faders()
        self._presses = Allowance()
        self._down: dict[MidiKey, tuple[MidiBinding, ...]] = {}
        self._sent: dict[MidiKey, int] = {}
        self._moved_s: dict[MidiKey, float] = {}
        self._refused = ""
        self._thread = threading.Thread(target=self._run, name="midi", daemon=True)

    def start(self) -> None:
        """Begin to look for controllers, once a section has been bound."""
        self._thread.start()

    def close(self) -> None:
        """Put the lamps out and let go of every controller."""
        if self._thread.is_alive():
            self._inbox.put(None)
            self._thread.join()

    def bind(self, section: MidiSection) -> None:
        """Work by this section from now on."""
        self._inbox.put(partial(self._bind, section))

    def introduce(self, experts: Sequence[str]) -> None:
        """The experts of the dancer, in its order."""
        self._inbox.put(partial(self._introduce, tuple(experts)))

    def learn(self, target: LearnTarget | None) -> None:
        """Bind the next message to `target`; None: learn no more."""
        self._inbox.put(partial(self._begin_to_learn, target))

    def view(self) -> MidiView:
        """How it stands."""
        return self._view

    def _hear_later(self, event: MidiEvent) -> None:
        """In a thread of the system's."""
        self._inbox.put(partial(self._hear, event))

    def _run(self) -> None:
        look_s = lamps_s = time.monotonic()
        do: Callable[[], None] | None = self._tell
        while do is not None:
            now_s = time.monotonic()
            self._safely(do)
            self._safely(partial(self._move_faders, now_s))
            if now_s >= look_s:
                self._safely(self._look)
                look_s = time.monotonic() + LOOK_S
            if now_s >= lamps_s:
                self._safely(partial(self._light, now_s))
                lamps_s = now_s + LAMPS_S
            next_s = min(lamps_s, look_s) if self._ports.outputs else look_s
            wait_s = FADERS_S if self._faders else max(0.001, next_s - time.monotonic())
            try:
                do = self._inbox.get(timeout=wait_s)
            except queue.Empty:
                do = self._nothing
        self._safely(self._darken)
        self._ports.close()

    def _safely(self, do: Callable[[], None]) -> None:
        """What we did not think of costs one message, not MIDI for the rest of the show."""
        try:
            do()
        except Exception as error:
            _log.exception("MIDI")
            self._refused = f"MIDI: something went wrong ({error!r}); please report it."
            self._tell()

    @staticmethod
    def _nothing() -> None:
        """Nobody has asked for anything."""

    def _bind(self, section: MidiSection) -> None:
        look = (section.enabled, section.ports, section.feedback) != (
            self._section.enabled,
            self._section.ports,
            self._section.feedback,
        )
        if not section.enabled or not section.feedback:
            self._darken()
        self._section = section
        self._refused = ""
        if look:
            self._look()
        else:
            self._tell()

    def _introduce(self, experts: tuple[str, ...]) -> None:
        self._experts = experts

    def _begin_to_learn(self, target: LearnTarget | None) -> None:
        self._places.begin()
        self._view = replace(self._view, learning=target, learned=None, replaced=0)

    def _look(self) -> None:
        before = set(self._ports.outputs)
        self._ports.look(self._section)
        for new in set(self._ports.outputs) ^ before:
            for key in [key for key in self._sent if key.port == new]:
                del self._sent[key]
        there = set(self._ports.inputs)
        for key in [key for key in self._down if key.port not in there]:
            self._let_go(key)  # nobody can let go of a pad that has been pulled out
        self._tell()

    def _tell(self) -> None:
        self._view = replace(
            self._view,
            available=self._ports.available,
            ports=self._ports.inputs,
            left_out=self._ports.left_out,
            trouble=self._ports.trouble or self._refused,
        )

    def _hear(self, event: MidiEvent) -> None:
        self._view = replace(self._view, last=event.words)
        meant = self._places.meant(event)
        if self._view.learning is not None:
            if meant:
                self._learn(self._view.learning, event.key)
            return
        bindings = bound_to(self._section.bindings, event.key)
        faders = [binding for binding in bindings if is_range(binding)]
        if faders and (event.value or event.key.kind != "note"):
            self._faders.move(event)
        if faders and event.key.kind == "control":
            self._sent[event.key] = event.value  # it stands where it has been put
            self._moved_s[event.key] = time.monotonic()
        else:
            self._sent.pop(event.key, None)  # many controllers light a pad, or put it out, when it is played
        buttons = tuple(binding for binding in bindings if not is_range(binding))
        if not event.pressed:
            self._let_go(event.key)
        elif buttons and event.key not in self._down and self._presses.take(time.monotonic()):
            if event.key.kind != "program":
                self._down[event.key] = buttons
            for binding in buttons:
                self._try(partial(pressed, binding, self._standing(), self._experts))

    def _learn(self, target: LearnTarget, key: MidiKey) -> None:
        try:
            binding = binding_of(target, key, len(self._experts))
        except CueError as error:
            self._refused = f"MIDI: {error}"
            self._begin_to_learn(None)
            self._tell()
        else:
            self._section, replaced = taught(self._section, binding)
            self._view = replace(self._view, learning=None, learned=binding, replaced=replaced)
            self._learned(self._section)

    def _move_faders(self, now_s: float) -> None:
        for event in self._faders.due(now_s):
            for binding in bound_to(self._section.bindings, event.key):
                if is_range(binding):
                    self._try(partial(moved, binding, event, self._experts))

    def _let_go(self, key: MidiKey) -> None:
        for binding in self._down.pop(key, ()):
            self._try(partial(released, binding))

    def _try(self, meaning: Callable[[], Command | None]) -> None:
        """Say what is meant, or why it means nothing."""
        try:
            command = meaning()
        except CueError as error:
            refused = f"MIDI: {error}"
        else:
            refused = ""
            if command is not None:
                self._say(command)
        if refused != self._refused:
            self._refused = refused
            self._tell()

    def _light(self, now_s: float) -> None:
        if not self._ports.outputs:
            return
        wanted = lamps(self._section.bindings, self._standing(), self._experts, self._ports.outputs)
        due = changed(wanted, self._sent)
        for key in [key for key in due if now_s - self._moved_s.get(key, -HAND_OFF_S) >= HAND_OFF_S][:LAMPS_AT_ONCE]:
            if not self._ports.send(key, due[key]):
                self._tell()
                break
            self._sent[key] = due[key]

    def _darken(self) -> None:
        for key in changed({}, self._sent):
            self._ports.send(key, 0)
        self._sent.clear()
