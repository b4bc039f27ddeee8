"""Where the dance goes: the list of receivers, how each is served, and the changes that a performer makes to it."""

from dataclasses import dataclass
from typing import Literal

from gui.port import ShowPort
from gui.view_models.asked import Asked
from gui.view_models.figures import count, octets
from gui.view_models.monitor import MonitorModel
from gui.view_models.receiver_form import NAME_MAX, ReceiverForm, form_of
from gui.view_models.receiver_presets import ReceiverPreset, on_free_port
from gui.view_models.revision import Revision
from megadance_live.config.preset import OutputSection, Receiver
from megadance_live.control.vocabulary import PATTERNS
from megadance_live.core.destination import Destination
from megadance_live.remote.client import View
from megadance_live.remote.snapshot import ControlInView, ReceiverView

RowState = Literal["off", "opening", "sending", "trouble"]
PATTERN_TITLES = {"off": "Off: dance", "t_pose": "T-pose", "arm_raise": "Arm raise", "left_arm": "Left arm only"}
LATE_MS = 5.0
"""A stream that is later than this in one frame of a hundred stutters."""

Receivers = tuple[Receiver, ...]


@dataclass(frozen=True)
class ReceiverRow:
    """One line of the list: `sent_as` is address, layout, axes, rate and datagrams in words, `figures` those of the
    last second, with a word where frames are late."""

    place: int
    name: str
    sent_as: str
    state: RowState
    figures: str
    late: bool
    failures: int
    trouble: str
    watched: bool

    @property
    def enabled(self) -> bool:
        return self.state != "off"


@dataclass(frozen=True)
class OutputsState:
    """`line` says what has just been done, and `can_undo` whether it can be taken back. `form` is the receiver that is
    edited. `pattern` is the test pose that is sent, `asked_pattern` one that was asked for and is not sent yet."""

    rows: tuple[ReceiverRow, ...] = ()
    form: ReceiverForm | None = None
    line: str = ""
    can_undo: bool = False
    pattern: str = "off"
    asked_pattern: str = ""
    control_in: str = ""

    @property
    def warning(self) -> str:
        """For the band across the page; "" while the dance is sent."""
        if self.pattern == "off":
            return ""
        return f"TEST PATTERN: {PATTERN_TITLES.get(self.pattern, self.pattern)} instead of the dance"


class OutputsModel:
    """Changes are made to the list as the performer left it, also before the show has answered the last one."""

    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self.monitor = MonitorModel(port)
        self.state = OutputsState()
        self._section = Revision(port, "output", lambda preset: preset.output)
        self._form: ReceiverForm | None = None
        self._line = ""
        self._changed = False
        self._pattern: Asked[str] = Asked()
        self._now_s = 0.0

    @property
    def receivers(self) -> Receivers:
        """As the performer left them."""
        return self._section.value.receivers

    def update(self, view: View) -> None:
        """Follow the show."""
        self._now_s = view.now_s
        before = self.receivers
        self._section.update(view)
        after = self.receivers
        if after != before:
            self._become(before, after)
            self._line = "The list is the show's: what was changed here was not taken." if self._changed else ""
        told = view.snapshot.preset.preset.output.receivers
        self._changed = after != told
        pattern = view.snapshot.pattern
        self._pattern.settle(view.now_s, done=self._pattern.value == pattern)
        self.monitor.update(view)
        served = {} if self._changed else {seen.place: seen for seen in view.snapshot.receivers}
        watched = self.monitor.state.place
        self.state = OutputsState(
            rows=tuple(_row(k, receiver, served.get(k), k == watched) for k, receiver in enumerate(after)),
            form=self._form,
            line=self._line,
            can_undo=self._section.can_undo,
            pattern=pattern,
            asked_pattern=self._pattern.value or "",
            control_in=_control_in(view.snapshot.control_in),
        )

    def add(self, preset: ReceiverPreset) -> None:
        """One more, ready for that program."""
        wished = preset.receiver
        added = on_free_port(wished, self.receivers)
        said = f"Added {_called(added)}."
        if added.to != wished.to:
            said = (
                f"{wished.destination.address} has a receiver already, so {_called(added)} was added at port "
                f"{added.destination.port}: set it in the program, too."
            )
        self._change((*self.receivers, added), said)

    def duplicate(self, place: int) -> None:
        """The same once more, on a port of its own, below it."""
        if (original := self._at(place)) is None:
            return
        name = f"{_called(original)} copy"[:NAME_MAX]
        copy = on_free_port(original.model_copy(update={"name": name}), self.receivers)
        self._change(
            (*self.receivers[: place + 1], copy, *self.receivers[place + 1 :]),
            f"Copied {_called(original)} to port {copy.destination.port}.",
        )

    def remove(self, place: int) -> None:
        """At once; `undo` brings it back."""
        if (gone := self._at(place)) is not None:
            self._change((*self.receivers[:place], *self.receivers[place + 1 :]), f"Removed {_called(gone)}.")

    def switch(self, place: int) -> None:
        """Send to it, or no longer."""
        if (receiver := self._at(place)) is not None:
            changed = receiver.model_copy(update={"enabled": not receiver.enabled})
            self._put(place, changed, f"{_called(changed)} is {'on' if changed.enabled else 'off'}.")

    def undo(self) -> None:
        """Take the last change back."""
        before = self.receivers
        if self._section.can_undo:
            self._section.undo()
            self._changed, self._line = True, "Taken back."
            self._become(before, self.receivers)

    def edit(self, place: int) -> None:
        """Open its form."""
        if (receiver := self._at(place)) is not None:
            self._form = form_of(place, receiver)

    def put(self, field: str, value: str) -> None:
        """Another value in a field of the form."""
        if self._form is not None:
            self._form = self._form.put(field, value)

    def close_form(self) -> None:
        """Without a change."""
        self._form = None

    def apply(self) -> bool:
        """Send what the form holds and close it; False, and nothing is sent, while a field is wrong."""
        form = self._form
        old = self._at(form.place) if form is not None else None
        receiver = form.receiver(old.enabled) if form is not None and old is not None else None
        if form is None or receiver is None:
            return False
        said = f"Changed {_called(receiver)}."
        twins = [other for k, other in enumerate(self.receivers) if k != form.place and _at_one_place(other, receiver)]
        if twins:
            said += (
                f" {_called(twins[0])} is sent to {receiver.destination.address}, too: one of them needs its own port."
            )
        self._form = None
        self._put(form.place, receiver, said)
        return True

    def pattern(self, name: str) -> None:
        """Send a test pose; `off`: the dance again."""
        if name in PATTERNS:
            self._pattern.ask(name, self._now_s)
            self._port.say("pattern", name)

    def watch(self, place: int) -> None:
        """Look at what it is sent, or no longer."""
        self.monitor.watch(None if self.monitor.state.place == place else place)

    def show(self, shown: bool) -> None:
        """Is the page on screen?"""
        self.monitor.show(shown)

    def _at(self, place: int) -> Receiver | None:
        """None where the list has become shorter since it was drawn."""
        return self.receivers[place] if 0 <= place < len(self.receivers) else None

    def _put(self, place: int, receiver: Receiver, said: str) -> None:
        if receiver != self._at(place):
            self._change((*self.receivers[:place], receiver, *self.receivers[place + 1 :]), said)

    def _change(self, receivers: Receivers, said: str) -> None:
        before = self.receivers
        self._section.revise(OutputSection(receivers=receivers))
        self._changed, self._line = True, said
        self._become(before, receivers)

    def _become(self, before: Receivers, after: Receivers) -> None:
        """In a list of another length places mean other receivers: the form closes, the monitor follows its own."""
        place = self.monitor.state.place
        if len(before) != len(after):
            self._form = None
            if place is not None:
                watched = before[place] if place < len(before) else None
                self.monitor.watch(after.index(watched) if watched is not None and watched in after else None)
        elif place is not None and before[place] != after[place]:
            self.monitor.again()


def _called(receiver: Receiver) -> str:
    return receiver.name or receiver.destination.address


def _at_one_place(one: Receiver, other: Receiver) -> bool:
    return one.destination.address == other.destination.address


def _row(place: int, receiver: Receiver, served: ReceiverView | None, watched: bool) -> ReceiverRow:
    late = served is not None and served.late_p99_ms > LATE_MS
    return ReceiverRow(
        place=place,
        name=_called(receiver),
        sent_as=_sent_as(receiver.destination),
        state=_state(receiver, served),
        figures=_figures(served) if served is not None and served.open and receiver.enabled else "",
        late=late and receiver.enabled,
        failures=served.failures if served is not None else 0,
        trouble=served.trouble if served is not None and receiver.enabled else "",
        watched=watched,
    )


def _sent_as(sent: Destination) -> str:
    axes = "unity" if sent.layout == "vmc" else sent.axes
    datagrams = (f"{sent.datagram} datagrams",) if sent.datagram is not None else ()
    return " · ".join((sent.address, sent.layout, f"{axes} axes", f"{sent.rate_hz} Hz", *datagrams))


def _figures(served: ReceiverView) -> str:
    lateness = f"{'LATE, ' if served.late_p99_ms > LATE_MS else ''}p99 {served.late_p99_ms:.1f} ms"
    packets = f"{served.packets_per_s:.0f} packets/s"
    return " · ".join((f"{served.rate_hz:.1f} Hz", packets, octets(served.bytes_per_s), lateness))


def _state(receiver: Receiver, served: ReceiverView | None) -> RowState:
    if not receiver.enabled:
        return "off"
    if served is not None and served.trouble:
        return "trouble"
    return "sending" if served is not None and served.open else "opening"


def _control_in(view: ControlInView) -> str:
    if not view.port:
        return "OSC control: nobody is listened to."
    acted = count(view.acted, "message has acted", "messages have acted")
    return f"OSC control: listening on UDP port {view.port}; {acted}, {count(view.ignored, 'was', 'were')} ignored."
