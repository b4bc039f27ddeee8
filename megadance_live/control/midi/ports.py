"""Controllers come and go while the show runs; whatever is there and wanted is open."""

from collections.abc import Callable

from megadance_live.config.preset import MidiSection
from megadance_live.control.midi.backend import Backend, InputPort, OutputPort, open_backend
from megadance_live.control.midi.event import MidiEvent, MidiKey
from megadance_live.control.midi.port_names import has_lamps
from megadance_live.core.errors import MidiError


class Ports:
    """Belongs to one thread. Nothing here raises: what is wrong is a sentence in `trouble`. `left_out` are inputs that
    are there and that the show does not want."""

    def __init__(self, heard: Callable[[MidiEvent], None], make_backend: Callable[[], Backend] = open_backend) -> None:
        self._heard = heard
        self._make_backend = make_backend
        self._backend: Backend | None = None
        self._inputs: dict[str, InputPort] = {}
        self._outputs: dict[str, OutputPort] = {}
        self._seen: set[str] = set()
        self.available = False
        self.left_out: tuple[str, ...] = ()
        self.trouble = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the controllers that are listened to."""
        return tuple(self._inputs)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the controllers whose lamps can be lit."""
        return tuple(self._outputs)

    def look(self, section: MidiSection) -> None:
        """Open what has come, let go of what has gone."""
        if not section.enabled:
            self.close()
            self.available, self.trouble = False, ""
            return
        try:
            if self._backend is None:
                self._backend = self._make_backend()
            there, lit = self._backend.inputs(), self._backend.outputs()
        except MidiError as error:
            self.close()
            self.available, self.trouble = False, str(error)
            return
        self.available = True
        self.left_out = tuple(name for name in there if section.ports and name not in section.ports)
        wanted = [name for name in there if name in section.ports or not section.ports]
        refused = self._match(self._backend, wanted, [name for name in wanted if name in lit and section.feedback])
        self._seen.update(there)
        self.trouble = refused or _lost(section, self._seen, there)

    def send(self, key: MidiKey, value: int) -> bool:
        """True if it has gone out; a controller that does not take it is opened anew with the next look."""
        port = self._outputs.get(key.port)
        if port is None:
            return False
        try:
            port.send(key, value)
        except MidiError as error:
            self.trouble = str(error)
            self._outputs.pop(key.port).close()
            return False
        return True

    def close(self) -> None:
        """Let go of everything."""
        self.left_out = ()
        for port in (*self._inputs.values(), *self._outputs.values()):
            port.close()
        self._inputs.clear()
        self._outputs.clear()
        if self._backend is not None:
            self._backend.close()
            self._backend = None

    def _match(self, backend: Backend, inputs: list[str], outputs: list[str]) -> str:
        """Returns why one could not be opened, "" if all are."""
        for gone in self._inputs.keys() - set(inputs):
            self._inputs.pop(gone).close()
        for gone in self._outputs.keys() - set(outputs):
            self._outputs.pop(gone).close()
        refused = ""
        for name in inputs:
            try:
                if name not in self._inputs:
                    self._inputs[name] = backend.open_input(name, self._heard)
                if name in outputs and name not in self._outputs and has_lamps(name):
                    self._outputs[name] = backend.open_output(name)
            except MidiError as error:
                refused = str(error)
        return refused


def _lost(section: MidiSection, seen: set[str], there: tuple[str, ...]) -> str:
    """A sentence on the controllers that the show counts on and that are not there, "" if there is none."""
    bound = {binding.port for binding in section.bindings}
    counted_on = set(section.ports) | (bound - {""}) | (seen if "" in bound and not section.ports else set())
    lost = sorted(counted_on - set(there))
    if not lost:
        return ""
    names = ", ".join(f'"{name}"' for name in lost)
    return f"MIDI: {names} LOST; plug it in, and it comes back by itself."
