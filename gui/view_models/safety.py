"""Freeze, blackout, panic and record: what holds is what receivers get, and a press is shown at once as asked for."""

from dataclasses import dataclass

from gui.port import ShowPort
from gui.view_models.asked import Asked
from gui.view_models.figures import length
from megadance_live.core.output_frame import AppState
from megadance_live.remote.client import View

LOW_DISK_BYTES = 2_000_000_000
_COVERED = "held"


@dataclass(frozen=True)
class SwitchState:
    """`on`: it holds; `asked`: pressed, and not yet so; `note` says more."""

    on: bool = False
    asked: bool = False
    note: str = ""


@dataclass(frozen=True)
class SafetyState:
    """`enabled` False: no show hears it. `blink` goes on and off once a second. `low_disk` warns in words."""

    enabled: bool = False
    freeze: SwitchState = SwitchState()
    blackout: SwitchState = SwitchState()
    panic: SwitchState = SwitchState()
    record: SwitchState = SwitchState()
    blink: bool = False
    low_disk: str = ""


class SafetyModel:
    """`state` is drawn; the methods are the performer's."""

    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self._now_s = 0.0
        self._marks = 0
        self._freeze = Asked[bool]()
        self._blackout = Asked[bool]()
        self._panic = Asked[bool]()
        self._record = Asked[bool]()
        self.state = SafetyState()

    def update(self, view: View) -> None:
        self._now_s = now_s = view.now_s
        engine, frame, control = view.snapshot.engine, view.frame, view.snapshot.engine.control
        shown = frame.state if frame is not None else AppState.IDLE
        held = control is not None and control.freeze and shown is not AppState.FROZEN
        self.state = SafetyState(
            enabled=view.connected,
            freeze=_switch(self._freeze, now_s, shown is AppState.FROZEN or held, _COVERED if held else ""),
            blackout=_switch(self._blackout, now_s, shown is AppState.BLACKOUT, ""),
            panic=_switch(self._panic, now_s, shown is AppState.PANIC, ""),
            record=_switch(self._record, now_s, bool(engine.take), _elapsed(view)),
            blink=now_s % 1.0 < 0.5,
            low_disk=low_disk(view.snapshot.takes.free_bytes),
        )

    def freeze(self) -> None:
        """Hold the pose, or dance on."""
        self._turn(self._freeze, self.state.freeze)
        if self.state.enabled:
            self._port.say("freeze", bool(self._freeze.value))

    def blackout(self) -> None:
        """Send the rest pose and hide the avatar, or come back."""
        self._turn(self._blackout, self.state.blackout)
        if self.state.enabled:
            self._port.say("blackout", bool(self._blackout.value))

    def panic(self) -> None:
        """Back to the plain dance."""
        if self.state.enabled:
            self._panic.ask(True, self._now_s)
            self._freeze.drop()
            self._blackout.drop()
            self._port.say("panic")

    def record(self) -> None:
        """Begin or finish a take."""
        self._turn(self._record, self.state.record)
        if self.state.enabled:
            self._port.say("record", bool(self._record.value))

    def keep_last_minute(self) -> None:
        """What has already happened becomes a take."""
        self._port.say("retro")

    def mark(self) -> None:
        """Put a numbered mark into the take."""
        self._marks += 1
        self._port.say("marker", f"marker {self._marks}")

    def _turn(self, asked: Asked[bool], state: SwitchState) -> None:
        if self.state.enabled:
            now = state.on if asked.value is None else asked.value
            asked.ask(not now, self._now_s)


def low_disk(free_bytes: int) -> str:
    """A warning while there is little room left; 0 bytes are none that anybody has measured."""
    if not 0 < free_bytes < LOW_DISK_BYTES:
        return ""
    return f"{free_bytes / 1e9:.1f} GB left"


def _switch(asked: Asked[bool], now_s: float, on: bool, note: str) -> SwitchState:
    asked.settle(now_s, done=asked.value == on)
    return SwitchState(on, asked.value is not None, note)


def _elapsed(view: View) -> str:
    """Of the open take, 1:05 or 1:02:05."""
    engine = view.snapshot.engine
    if not engine.take:
        return ""
    return length(view.now_s - engine.take_since_s)
