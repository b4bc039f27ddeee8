"""The preset's receivers, opened, closed and changed while the show runs."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from megadance_live.config.preset import Receiver
from megadance_live.core.errors import DestinationError
from megadance_live.output.osc.stream import OscStream
from megadance_live.remote.snapshot import ReceiverView
from megadance_live.show.lane import SendReport
from megadance_live.show.sender import Sender

RETRY_S = 5.0
"""How often a host that could not be found is looked for again."""
RATE_OVER_S = 1.0


@dataclass
class _Place:
    """A receiver of the preset, and the stream to it: None while it is off or cannot be opened."""

    receiver: Receiver
    stream: OscStream | None = None
    trouble: str = ""
    sent: deque[tuple[float, int, int]] = field(default_factory=lambda: deque(maxlen=256))  # time, packets, bytes


class Receivers:
    """`set`, `introduce`, `watch`, `views` and `monitor` may be used from any thread and never wait for the network:
    looking a host up may take seconds, and is done in a thread of its own between `start` and `stop`."""

    def __init__(self, sender: Sender, receivers: Sequence[Receiver], now_s: Callable[[], float] = time.monotonic):
        """Open every receiver that is on. What cannot be opened is tried again later; `check` says what it was."""
        self._sender = sender
        self._now_s = now_s
        self._experts: tuple[str, ...] = ()
        self._watched: int | None = None
        self._changing = threading.Lock()
        self._places: tuple[_Place, ...] = ()
        self._wanted = tuple(receivers)
        self._news = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="receivers", daemon=True)
        self._open()

    def check(self) -> None:
        """Raises DestinationError for the first receiver that could not be opened."""
        for place in self._places:
            if place.trouble:
                raise DestinationError(place.trouble)

    def start(self) -> None:
        """Follow changes."""
        self._thread.start()

    def stop(self) -> None:
        """Follow no more changes. The sender takes leave of those that are served."""
        self._ending.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()

    def set(self, receivers: Sequence[Receiver]) -> None:
        """Serve these from now on; those that have not changed are not disturbed."""
        self._wanted = tuple(receivers)
        self._news.set()

    def introduce(self, experts: Sequence[str]) -> None:
        """Tell the names of the experts; poses carry indices into them."""
        with self._changing:
            self._experts = tuple(experts)
            self._sender.introduce(experts)

    def watch(self, place: int | None) -> None:
        """Keep what the receiver at this place of the preset is sent; None: nobody's."""
        self._watched = place
        for number, each in enumerate(self._places):
            if each.stream is not None:
                each.stream.watched = number == place

    def monitor(self) -> tuple[bytes, ...]:
        """The datagrams that the watched receiver was sent last."""
        places, watched = self._places, self._watched
        stream = places[watched].stream if watched is not None and watched < len(places) else None
        return stream.last if stream is not None else ()

    def views(self) -> tuple[ReceiverView, ...]:
        """How each receiver of the preset is served. For one thread at a time."""
        reports = {id(stream): report for stream, report in self._sender.served()}
        now_s = self._now_s()
        return tuple(
            _view(number, place, None if place.stream is None else reports.get(id(place.stream)), now_s)
            for number, place in enumerate(self._places)
        )

    def _run(self) -> None:
        while not self._ending.is_set():
            self._news.wait(RETRY_S)
            self._news.clear()
            if not self._ending.is_set():
                self._open()

    def _open(self) -> None:
        wanted, before = self._wanted, list(self._places)
        places = []
        for number, receiver in enumerate(wanted):
            if receiver.enabled and any(_sends_alike(receiver, other) for other in wanted[:number]):
                places.append(_Place(receiver, trouble=f"{receiver.to} is given twice; remove one of them."))
                continue
            same = next((place for place in before if _sends_alike(place.receiver, receiver)), None)
            if same is not None and (same.stream is not None) == receiver.enabled:
                before.remove(same)
                same.receiver = receiver
                places.append(same)
            else:
                places.append(self._opened(receiver))
        with self._changing:
            self._places = tuple(places)
            streams = [place.stream for place in places if place.stream is not None]
            for stream in streams:
                stream.introduce(self._experts)
            self._sender.serve(streams)
        self.watch(self._watched)

    def _opened(self, receiver: Receiver) -> _Place:
        if not receiver.enabled:
            return _Place(receiver)
        try:
            return _Place(receiver, OscStream(receiver.destination, self._experts))
        except DestinationError as error:
            return _Place(receiver, trouble=str(error))


def _sends_alike(a: Receiver, b: Receiver) -> bool:
    return a.to == b.to and a.enabled == b.enabled


def _view(number: int, place: _Place, report: SendReport | None, now_s: float) -> ReceiverView:
    if report is None:
        return ReceiverView(number, trouble=place.trouble)
    counts = report.counts
    place.sent.append((now_s, counts.packets, counts.bytes))
    while place.sent[0][0] < now_s - RATE_OVER_S:
        place.sent.popleft()
    then_s, packets, size = place.sent[0]
    seconds = max(now_s - then_s, 1e-3)
    return ReceiverView(
        place=number,
        open=True,
        rate_hz=report.rate_hz,
        packets_per_s=round((counts.packets - packets) / seconds, 1),
        bytes_per_s=round((counts.bytes - size) / seconds),
        packets=counts.packets,
        failures=counts.failures,
        late_median_ms=round(report.lateness.median_ms, 2),
        late_p99_ms=round(report.lateness.p99_ms, 2),
        dropped=report.lateness.dropped,
        trouble=report.trouble,
    )
