"""The system's MIDI, through python-rtmidi."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from megadance_live.control.midi.event import MidiEvent, MidiKey, event_of
from megadance_live.control.midi.port_names import OURS, named
from megadance_live.core.errors import MidiError

if TYPE_CHECKING:
    import rtmidi

API_VARIABLE = "MEGADANCE_MIDI"
"""Environment variable that chooses between "alsa" and "jack" on Linux."""
_ALSA_SEQUENCER = Path("/dev/snd/seq")
_JACK_SOCKETS = Path("/dev/shm")


class InputPort(Protocol):
    def close(self) -> None: ...


class OutputPort(Protocol):
    def send(self, key: MidiKey, value: int) -> None:
        """Raises MidiError."""

    def close(self) -> None: ...


class Backend(Protocol):
    """Every method belongs to one thread and raises MidiError where MIDI as a whole has gone."""

    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs that are there now."""

    def outputs(self) -> tuple[str, ...]: ...

    def open_input(self, name: str, heard: Callable[[MidiEvent], None]) -> InputPort:
        """`heard` is called in a thread of the system's. Raises MidiError where another program has it."""

    def open_output(self, name: str) -> OutputPort: ...

    def close(self) -> None: ...


def open_backend() -> Backend:
    """The machine's own MIDI. Raises MidiError, one sentence, where it has none."""
    try:
        import mido  # noqa: F401
        import rtmidi
    except ImportError as error:
        raise MidiError(f"MIDI is off: {error.name} is not installed; install mido and python-rtmidi.") from error
    api = _linux_api() if sys.platform == "linux" else rtmidi.API_UNSPECIFIED
    try:
        return RtMidiBackend(api)
    except (rtmidi.RtMidiError, RuntimeError) as error:
        raise MidiError(f"MIDI is off: the system's MIDI cannot be reached ({error}).") from error


def jack_runs() -> bool:
    """Whether a JACK server of this user answers; asking its library would make it complain on stderr."""
    server = os.environ.get("JACK_DEFAULT_SERVER", "default")
    return sys.platform == "linux" and (_JACK_SOCKETS / f"jack_{server}_{os.getuid()}_0").exists()


def _linux_api() -> int:
    """ALSA, or JACK where there is no ALSA sequencer; the environment may choose."""
    import rtmidi

    wanted = os.environ.get(API_VARIABLE, "").strip().lower()
    if wanted not in ("", "alsa", "jack"):
        raise MidiError(f'MIDI is off: {API_VARIABLE} is "{wanted}"; use alsa or jack, or leave it out.')
    alsa = os.access(_ALSA_SEQUENCER, os.R_OK | os.W_OK)
    if wanted != "jack" and alsa:
        return int(rtmidi.API_LINUX_ALSA)
    if wanted != "alsa" and jack_runs():
        return int(rtmidi.API_UNIX_JACK)
    if wanted == "jack":
        raise MidiError("MIDI is off: no JACK server runs; start it, and MIDI comes by itself.")
    if _ALSA_SEQUENCER.exists():
        raise MidiError(f"MIDI is off: {_ALSA_SEQUENCER} may not be used; add yourself to the group audio.")
    raise MidiError("MIDI is off: there is no ALSA sequencer; load it with `sudo modprobe snd-seq`, or start JACK.")


class RtMidiBackend:
    """Ports by their stable names. Closing a port may take a second where a JACK server has gone."""

    def __init__(self, api: int) -> None:
        """Raises rtmidi's own errors."""
        import rtmidi

        self._api = api
        self._jack = api == rtmidi.API_UNIX_JACK
        if self._jack:
            os.environ.setdefault("JACK_NO_START_SERVER", "1")
        self._windows = sys.platform == "win32"
        # Kept for as long as MIDI is used: a new client for every look would be announced to every program.
        self._looking_in = rtmidi.MidiIn(rtapi=api, name=OURS)
        self._looking_out = rtmidi.MidiOut(rtapi=api, name=OURS)

    def inputs(self) -> tuple[str, ...]:
        return tuple(self._ports(self._looking_in))

    def outputs(self) -> tuple[str, ...]:
        return tuple(self._ports(self._looking_out))

    def open_input(self, name: str, heard: Callable[[MidiEvent], None]) -> InputPort:
        return _RtMidiInput(self._api, self._raw(self._looking_in, name), name, heard)

    def open_output(self, name: str) -> OutputPort:
        return _RtMidiOutput(self._api, self._raw(self._looking_out, name), name)

    def close(self) -> None:
        self._looking_in.delete()
        self._looking_out.delete()

    def _ports(self, looking: "rtmidi.MidiIn | rtmidi.MidiOut") -> dict[str, str]:
        import rtmidi

        if self._jack and not jack_runs():
            raise MidiError("MIDI is off: the JACK server has gone; start it again, and MIDI comes back by itself.")
        try:
            return named(looking.get_ports(), windows=self._windows)
        except (rtmidi.RtMidiError, RuntimeError) as error:
            raise MidiError(f"MIDI is off: the system's MIDI cannot be reached ({error}).") from error

    def _raw(self, looking: "rtmidi.MidiIn | rtmidi.MidiOut", name: str) -> str:
        raw = self._ports(looking).get(name)
        if raw is None:
            raise MidiError(f'MIDI: "{name}" is not there; plug it in again.')
        return raw


class _RtMidiPort:
    """A port that is open."""

    def __init__(self, port: "rtmidi.MidiIn | rtmidi.MidiOut", raw: str, name: str, called: str) -> None:
        import rtmidi

        self._port = port
        self._name = name
        try:
            port.open_port(port.get_ports().index(raw), name=called)
        except (rtmidi.RtMidiError, RuntimeError, ValueError) as error:
            port.delete()
            raise MidiError(f'MIDI: "{name}" cannot be opened; close the other program that uses it.') from error

    def close(self) -> None:
        import rtmidi

        with suppress(rtmidi.RtMidiError, RuntimeError):  # it has been pulled out
            self._port.close_port()
        self._port.delete()


class _RtMidiInput(_RtMidiPort):
    def __init__(self, api: int, raw: str, name: str, heard: Callable[[MidiEvent], None]) -> None:
        import rtmidi

        super().__init__(rtmidi.MidiIn(rtapi=api, name=OURS), raw, name, "control")
        self._heard = heard
        self._port.set_callback(self._receive)

    def close(self) -> None:
        self._port.cancel_callback()
        super().close()

    def _receive(self, message: tuple[list[int], float], _: object) -> None:
        """In a thread of the library's."""
        from mido import Message

        try:
            event = event_of(Message.from_bytes(message[0]), self._name)
        except ValueError:  # no MIDI message
            return
        if event is not None:
            self._heard(event)


class _RtMidiOutput(_RtMidiPort):
    def __init__(self, api: int, raw: str, name: str) -> None:
        import rtmidi

        super().__init__(rtmidi.MidiOut(rtapi=api, name=OURS), raw, name, "lamps")

    def send(self, key: MidiKey, value: int) -> None:
        import rtmidi
        from mido import Message

        if key.kind == "note":
            message = Message("note_on", channel=key.channel, note=key.number, velocity=value)
        else:
            message = Message("control_change", channel=key.channel, control=key.number, value=value)
        try:
            self._port.send_message(message.bytes())
        except (rtmidi.RtMidiError, RuntimeError) as error:
            raise MidiError(f'MIDI: the lamps of "{self._name}" cannot be lit ({error}).') from error
