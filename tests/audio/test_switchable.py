"""A source exchanged while it runs, without a hole in time."""

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from megadance_live.audio.absent import AbsentSource
from megadance_live.audio.switchable import Refused, SwitchableSource, Switched
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.errors import AudioSourceError

RATE_HZ = 48_000
BLOCK = 480


class Clock:
    """Host time, moved on by whoever waits for audio."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Sine:
    """Blocks of a constant in real time on a made-up clock; `latency_s` late, `frames` long at most, of
    which the first `silent` are no sound yet."""

    rate_hz = RATE_HZ
    channels = 2

    def __init__(
        self,
        name: str,
        clock: Clock,
        value: float,
        latency_s: float = 0.0,
        frames: int = 10**9,
        fails: str = "",
        silent: int = 0,
    ) -> None:
        self.name = name
        self._clock = clock
        self._value = value
        self._latency_s = latency_s
        self._left = frames
        self._fails = fails
        self._silent = silent
        self._index = 0
        self._start_s = 0.0
        self.closed = threading.Event()

    @property
    def ended(self) -> bool:
        return self._left <= 0

    def start(self) -> None:
        if self._fails:
            raise AudioSourceError(self._fails)
        self._start_s = self._clock()

    def read(self, timeout_s: float) -> AudioBlock | None:
        assert not self.closed.is_set()
        if self.ended:
            return None
        due_s = self._start_s + (self._index + BLOCK) / RATE_HZ + self._latency_s
        if due_s > self._clock() + timeout_s:
            self._clock.now_s += timeout_s
            return None
        self._clock.now_s = max(self._clock(), due_s)
        host_s = self._start_s + self._index / RATE_HZ
        samples = np.full((BLOCK, 2), self._value, np.float32)
        block = AudioBlock(samples, RATE_HZ, self._index, host_s, lost=self._index < self._silent)
        self._index += BLOCK
        self._left -= BLOCK
        return block

    def status(self) -> str:
        return f"{self.name} is well"

    def close(self) -> None:
        self.closed.set()


class Rig:
    """A running source "first", and others to switch to, which open when `gate` is open."""

    def __init__(self, first: str = "first", frames: int = 10**9, **others: Callable[[Clock], Sine]) -> None:
        self.clock = Clock()
        self.first = Sine(first, self.clock, 0.1, frames=frames)
        self.gate = threading.Event()
        self.gate.set()
        self.made: list[Sine] = []
        self._others = others
        spec = f"device:{first}" if first.startswith("ALSA") else "demo"
        self.source = SwitchableSource(self.first, spec, self._open, monotonic=self.clock)
        self.blocks: list[AudioBlock] = []
        self.news: list[Switched | Refused] = []
        self.source.start()
        self.read(1)

    def _open(self, spec: str) -> Sine:
        assert self.gate.wait(10)
        kind = spec.partition(":")[2] or spec
        if kind not in self._others:
            raise AudioSourceError(f"There is no {kind}.")
        self.made.append(self._others[kind](self.clock))
        return self.made[-1]

    def read(self, blocks: int) -> None:
        for _ in range(blocks):
            block = self.source.read(0.05)
            if block is not None:
                self.blocks.append(block)
            self.news += self.source.news()

    def read_until(self, done: Callable[[], bool]) -> None:
        until_s = time.monotonic() + 10
        while not done():
            assert time.monotonic() < until_s
            self.read(1)

    def check_time(self) -> None:
        """Sample numbers only grow, and host time with them."""
        index = 0
        for block in self.blocks:
            assert block.index >= index
            assert block.host_time_s - 100.0 == pytest.approx(block.index / RATE_HZ, abs=1e-4)
            index = block.index + block.frames


def test_the_old_source_is_heard_until_the_new_one_sounds_and_time_goes_on() -> None:
    rig = Rig(file=lambda clock: Sine("song", clock, 0.5))
    rig.gate.clear()
    rig.read(10)
    rig.source.switch("file:file")
    rig.read(20)
    assert all((block.samples == np.float32(0.1)).all() for block in rig.blocks)
    rig.gate.set()
    rig.read_until(lambda: len(rig.news) == 2)
    rig.read(10)
    rig.check_time()
    assert rig.source.name == "song"
    assert rig.source.status() == "song is well"
    assert rig.news[0] == Switched("first", "demo", pytest.approx(100.0))  # type: ignore[arg-type]
    assert isinstance(rig.news[1], Switched)
    assert (rig.news[1].name, rig.news[1].spec) == ("song", "file:file")
    heard = np.concatenate([block.samples for block in rig.blocks])
    missing = rig.blocks[-1].index + BLOCK - len(heard)
    assert 0 <= missing <= BLOCK
    assert set(np.unique(heard)) == {np.float32(0.1), np.float32(0.5)}
    assert rig.first.closed.wait(10)
    rig.source.close()
    assert rig.made[0].closed.is_set()


def test_what_both_have_heard_is_given_once() -> None:
    """An input's samples sounded a moment ago: those that the old source has given for that time stand."""
    rig = Rig(line=lambda clock: Sine("line", clock, 0.5, latency_s=0.035))
    rig.read(10)
    rig.source.switch("device:line")
    rig.read_until(lambda: len(rig.news) == 2)
    rig.read(10)
    rig.check_time()
    heard = sum(block.frames for block in rig.blocks)
    assert rig.blocks[-1].index + BLOCK == heard
    rig.source.close()


@pytest.mark.parametrize("silent_s", [3.0, 60.0])
def test_an_input_that_wakes_up_slowly_is_waited_for_while_the_old_one_plays(silent_s: float) -> None:
    silent = round(silent_s * RATE_HZ)
    rig = Rig(line=lambda clock: Sine("line", clock, 0.5, silent=silent))
    rig.source.switch("device:line")
    rig.read_until(lambda: len(rig.news) == 2)
    rig.read(10)
    rig.check_time()
    assert rig.clock() - 100.0 == pytest.approx(min(silent_s, 5.0), abs=0.5)
    lost = [block.lost for block in rig.blocks]
    assert any(lost) == (silent_s > 5.0)
    rig.source.close()


def test_a_source_that_cannot_be_opened_leaves_the_old_one() -> None:
    rig = Rig(broken=lambda clock: Sine("broken", clock, 0.5, fails="It is in use."))
    rig.source.switch("device:broken")
    rig.read_until(lambda: Refused("It is in use.") in rig.news)
    rig.source.switch("device:nobody")
    rig.read_until(lambda: Refused("There is no nobody.") in rig.news)
    rig.read(5)
    assert rig.source.name == "first"
    assert rig.made[0].closed.is_set()
    rig.source.close()


def test_an_error_that_nobody_foresaw_is_a_sentence_too() -> None:
    def explode(clock: Clock) -> Sine:
        raise ZeroDivisionError("oh")

    rig = Rig(bad=explode)
    rig.source.switch("file:bad")
    rig.read_until(lambda: len(rig.news) == 2)
    assert rig.news[1] == Refused('"file:bad" cannot be opened (ZeroDivisionError: oh).')
    rig.source.close()


def test_the_last_wish_counts() -> None:
    rig = Rig(a=lambda clock: Sine("a", clock, 0.5), b=lambda clock: Sine("b", clock, 0.7))
    rig.gate.clear()
    rig.source.switch("file:a")
    rig.source.switch("file:b")
    rig.gate.set()
    rig.read_until(lambda: rig.source.name == "b")
    rig.read(5)
    rig.source.close()
    assert [type(news) for news in rig.news] == [Switched, Switched]
    assert all(source.closed.is_set() for source in rig.made)


def test_an_input_that_is_wished_twice_is_opened_once() -> None:
    rig = Rig(line=lambda clock: Sine("line", clock, 0.5, silent=RATE_HZ))
    rig.source.switch("device:line")
    rig.source.switch("device:line")
    rig.read_until(lambda: bool(rig.made))
    rig.read(20)
    rig.source.switch("device:line")
    rig.read_until(lambda: rig.source.name == "line")
    assert len(rig.made) == 1
    rig.source.close()


def test_the_same_file_begins_again_and_the_same_input_is_left_alone() -> None:
    rig = Rig("ALSA: line", line=lambda clock: Sine("ALSA: line", clock, 0.5), file=lambda clock: Sine("f", clock, 0.6))
    rig.source.switch("device:line")
    rig.read_until(lambda: len(rig.news) == 2)
    assert rig.news[1] == Switched("ALSA: line", "device:line", pytest.approx(100.0, abs=1.0))  # type: ignore[arg-type]
    assert not rig.first.closed.is_set()
    assert rig.made[0].closed.is_set()
    for count in (3, 4):
        rig.source.switch("file:file")
        rig.read_until(lambda count=count: len(rig.news) == count)  # type: ignore[misc]
    assert len(rig.made) == 3
    assert rig.made[1].closed.wait(10)
    rig.source.close()


def test_music_that_ends_while_another_source_is_being_opened_is_not_the_end() -> None:
    rig = Rig(frames=5 * BLOCK, file=lambda clock: Sine("song", clock, 0.5))
    rig.gate.clear()
    rig.source.switch("file:file")
    rig.read(8)
    assert not rig.source.ended
    rig.gate.set()
    rig.read_until(lambda: rig.source.name == "song")
    rig.check_time()
    rig.source.close()


def test_a_source_without_a_sound_is_refused() -> None:
    rig = Rig(file=lambda clock: Sine("empty", clock, 0.5, frames=0))
    rig.source.switch("file:file")
    rig.read_until(lambda: len(rig.news) == 2)
    assert rig.news[1] == Refused('"file:file" holds no sound: choose another source.')
    rig.source.close()


def test_the_end_closes_what_is_still_being_opened() -> None:
    rig = Rig(file=lambda clock: Sine("song", clock, 0.5))
    rig.gate.clear()
    rig.source.switch("file:file")
    closing = threading.Thread(target=rig.source.close)
    closing.start()
    assert rig.first.closed.wait(10)
    rig.gate.set()
    closing.join(10)
    assert rig.made[0].closed.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("audio-")]


def test_an_input_that_is_not_there_is_waited_for() -> None:
    clock, present = Clock(), threading.Event()
    absent = AbsentSource("Scarlett", RATE_HZ, 2)
    tries: list[str] = []

    def opener(spec: str) -> Sine:
        tries.append(spec)
        if not present.is_set():
            raise AudioSourceError("There is no Scarlett.")
        return Sine("ALSA: Scarlett", clock, 0.5)

    source = SwitchableSource(absent, "device:Scarlett", opener, monotonic=clock)
    source.await_input()
    source.start()
    block = source.read(0.1)
    assert block is not None
    assert block.lost
    assert not block.samples.any()
    assert source.status() == 'LOST: "Scarlett" is not there, trying again'
    until_s = time.monotonic() + 10
    while source.name == "Scarlett" and time.monotonic() < until_s:
        clock.now_s += 0.5
        if len(tries) >= 3:
            present.set()
        source.read(0.0)
    news = source.news()
    assert [type(each) for each in news] == [Switched, Switched]
    assert isinstance(news[1], Switched)
    assert (news[1].name, news[1].spec) == ("ALSA: Scarlett", "device:Scarlett")
    assert set(tries) == {"device:Scarlett"}
    source.close()
