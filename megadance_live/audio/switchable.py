"""A source that can be exchanged for another while it runs."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from megadance_live.audio.source import AudioSource
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.errors import AudioSourceError

DEVICE = "device:"
"""What the spec of an input begins with."""
LONGEST_GAP_S = 60.0
"""No more than this is left out between two sources."""
TRY_AGAIN_S = (1.0, 2.0, 4.0)
FIRST_SOUND_S = 5.0
"""An input may take this long over its first sound; until then the source before it is listened to."""
CLOSE_S = 5.0
"""How long the end may be held up by a source that is still being opened or closed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Switched:
    """The source called `name`, opened as `spec`, is listened to. Its first sample sounded at host time `began_s`."""

    name: str
    spec: str
    began_s: float


@dataclass(frozen=True)
class Refused:
    """A source could not be opened, for the reason in `sentence`; the one before it goes on."""

    sentence: str


News = Switched | Refused


@dataclass(frozen=True)
class _Opened:
    """What became of a wish. `source` None: it could not be opened (`sentence`), or is listened to already. `again`:
    it was not the performer's, but another try."""

    wish: int
    spec: str
    again: bool
    source: AudioSource | None
    sentence: str = ""


class SwitchableSource:
    """An AudioSource over one that `switch` exchanges.

    The new source is opened in a thread; until its first sound is there the old one is listened to. Sample numbers go
    on by host time through the change: what neither has given is left out, what both have given is given once. Rate
    and channels stay, `opener` sees to that.

    Threads: each wish is opened, and each left source is closed, in a thread of its own; `_lock` guards `_opened` and
    `_closed`, all else belongs to the reader.
    """

    def __init__(
        self,
        source: AudioSource,
        spec: str,
        opener: Callable[[str], AudioSource],
        *,
        began_s: float | None = None,
        stand_in: Callable[[], AudioSource] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`began_s` says when the first sample of the first source sounded, where that was before this one began. With
        `stand_in` an input that cannot be started is waited for."""
        self.rate_hz = source.rate_hz
        self.channels = source.channels
        self._source = source
        self._spec = spec
        self._opener = opener
        self._began_s = began_s
        self._stand_in = stand_in
        self._monotonic = monotonic
        self._told = False
        self._news: list[News] = []
        self._wish = 0
        self._wished = ""
        self._opening = False
        self._incoming: _Opened | None = None
        self._sounds_by_s = 0.0
        self._awaited: str | None = None
        self._tries = 0
        self._next_try_s = 0.0
        self._shift: int | None = 0  # from the source's sample numbers to ours
        self._next_index = 0
        self._next_s = 0.0
        self._lock = threading.Lock()
        self._answered = threading.Event()
        self._opened: list[_Opened] = []
        self._closed = False
        self._threads: list[threading.Thread] = []

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def ended(self) -> bool:
        return self._source.ended and not self._opening and self._incoming is None

    def start(self) -> None:
        try:
            self._source.start()
        except AudioSourceError as error:
            if self._stand_in is None:
                raise
            self._news.append(Refused(str(error)))
            self._source.close()
            self._source = self._stand_in()
            self._source.start()
            self.await_input()

    def status(self) -> str:
        return self._source.status()

    def switch(self, spec: str) -> None:
        """Listen to another source as soon as it is open; the same one begins again. `news` says what came of it."""
        pending = self._opening or self._incoming is not None
        if pending and spec == self._wished and spec.startswith(DEVICE):
            return  # wished twice: an input cannot always be opened twice
        self._open(spec, again=False)

    def await_input(self) -> None:
        """Try again and again to open the source that was meant, for which the first one stands in."""
        self._awaited = self._spec
        self._next_try_s = self._monotonic() + TRY_AGAIN_S[0]

    def news(self) -> list[News]:
        """What has happened since the last call."""
        news, self._news = self._news, []
        return news

    def read(self, timeout_s: float) -> AudioBlock | None:
        self._take_answers()
        self._try_again()
        waiting = self._source.ended  # the music has ended, but another source may be on its way
        block = self._first_of_incoming(timeout_s if waiting else 0.0)
        if block is None and waiting and self._opening:
            self._answered.wait(timeout_s)
        elif block is None:
            block = self._source.read(timeout_s)
        return None if block is None else self._in_stream(block)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            unused = [opened.source for opened in (*self._opened, self._incoming) if opened is not None]
            self._opened.clear()
        for source in (self._source, *unused):
            if source is not None:
                source.close()
        for thread in self._threads:
            thread.join(CLOSE_S)

    def _open(self, spec: str, *, again: bool) -> None:
        self._wish += 1
        self._wished = spec
        self._opening = True
        self._answered.clear()
        self._in_background(self._fulfil, "audio-open", self._wish, spec, again)

    def _in_background(self, action: Callable[..., None], name: str, *args: object) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=action, args=args, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _fulfil(self, wish: int, spec: str, again: bool) -> None:
        """Open a source; on its own thread."""
        source: AudioSource | None = None
        sentence = ""
        try:
            source = self._opener(spec)
            if self._is_running(spec, source.name):
                source.close()
                source = None
            else:
                source.start()
        except Exception as error:
            if source is not None:
                source.close()
                source = None
            known = isinstance(error, AudioSourceError)
            sentence = str(error) if known else f'"{spec}" cannot be opened ({type(error).__name__}: {error}).'
        with self._lock:
            if not self._closed:
                self._opened.append(_Opened(wish, spec, again, source, sentence))
                self._answered.set()
                return
        if source is not None:
            source.close()

    def _is_running(self, spec: str, name: str) -> bool:
        """An input that is listened to needs not, and often cannot, be opened twice."""
        both_inputs = spec.startswith(DEVICE) and self._spec.startswith(DEVICE)
        return both_inputs and self._awaited is None and name == self._source.name

    def _take_answers(self) -> None:
        with self._lock:
            answers, self._opened = self._opened, []
        for opened in answers:
            if opened.wish != self._wish:  # another wish came after it
                if opened.source is not None:
                    self._in_background(opened.source.close, "audio-close")
                continue
            self._opening = False
            self._leave_incoming()
            if opened.source is not None:
                self._incoming = opened
                self._sounds_by_s = self._monotonic() + FIRST_SOUND_S
            elif not opened.sentence:
                self._spec = opened.spec
                self._news.append(Switched(self._source.name, opened.spec, self._next_s))
            elif opened.again:
                _log.info("%s", opened.sentence)
            else:
                self._news.append(Refused(opened.sentence))

    def _try_again(self) -> None:
        if self._awaited is None or self._opening or self._incoming is not None:
            return
        now_s = self._monotonic()
        if now_s >= self._next_try_s:
            self._next_try_s = now_s + TRY_AGAIN_S[min(self._tries, len(TRY_AGAIN_S) - 1)]
            self._tries += 1
            self._open(self._awaited, again=True)

    def _first_of_incoming(self, timeout_s: float) -> AudioBlock | None:
        """The first block of the new source in which it sounds; it is then the source."""
        if self._incoming is None or self._incoming.source is None:
            return None
        block = self._incoming.source.read(timeout_s)
        if block is None:
            if self._incoming.source.ended:
                self._news.append(Refused(f'"{self._incoming.spec}" holds no sound: choose another source.'))
                self._leave_incoming()
            return None
        if block.lost and self._monotonic() < self._sounds_by_s:
            return None
        self._in_background(self._source.close, "audio-close")
        self._source, self._spec = self._incoming.source, self._incoming.spec
        self._incoming = self._awaited = self._began_s = self._shift = None
        self._told = False
        return block

    def _leave_incoming(self) -> None:
        """A source that has given nothing yet, and for which another one is wished."""
        if self._incoming is not None and self._incoming.source is not None:
            self._in_background(self._incoming.source.close, "audio-close")
        self._incoming = None

    def _in_stream(self, block: AudioBlock) -> AudioBlock | None:
        """The block with our sample numbers, without what has been heard from the source before it."""
        if not self._told:
            self._told = True
            began_s = block.host_time_s - block.time_s if self._began_s is None else self._began_s
            self._news.append(Switched(self._source.name, self._spec, began_s))
        if self._shift is None:
            passed_s = min(block.host_time_s - self._next_s, LONGEST_GAP_S)
            self._shift = self._next_index + round(passed_s * self.rate_hz) - block.index
        index = block.index + self._shift
        heard = max(0, self._next_index - index)
        if heard >= block.frames:
            return None
        self._next_index = index + block.frames
        self._next_s = block.host_time_s + block.frames / self.rate_hz
        host_time_s = block.host_time_s + heard / self.rate_hz
        return replace(block, samples=block.samples[heard:], index=index + heard, host_time_s=host_time_s)
