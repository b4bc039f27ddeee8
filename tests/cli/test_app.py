"""`megadance-live` with its app: killed, closed, opened again, on a show that runs, and where there is no screen."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from megadance_live.config.preset import MidiSection, OutputSection, Preset, Receiver
from megadance_live.config.save import to_toml
from megadance_live.remote.rendezvous import Rendezvous, publish
from megadance_live.remote.requests import EndShow, SavePreset
from tests.osc_port import OscPort
from tests.patience import until
from tests.program import NAME, Program, folders

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="ends processes by signal"),
    pytest.mark.timeout(400),
]
FRAME = "/dance/1/frame"
LONGEST_GAP_S = 1.0
SCREENLESS = {"QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def receiver() -> Iterator[OscPort]:
    port = OscPort()
    yield port
    port.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts the program, always in the same home; every one is gone afterwards."""
    running: list[Program] = []

    def started(*arguments: object, **environment: str) -> Program:
        running.append(Program(tmp_path, *arguments, **{**SCREENLESS, **environment}))
        return running[-1]

    yield started
    for program in reversed(running):
        program.close()


def preset_for(folder: Path, receiver: OscPort) -> Path:
    path = folder / "show.toml"
    output = OutputSection(receivers=(Receiver(to=receiver.to()),))
    path.write_text(to_toml(Preset(output=output, midi=MidiSection(enabled=False))))
    return path


def app_of(program: Program) -> psutil.Process | None:
    """Its process."""
    for child in psutil.Process(program.process.pid).children():
        with suppress(psutil.Error):
            if "gui" in child.cmdline():
                return child
    return None


def left_of(program: Program) -> list[str]:
    """Processes that it has started, and that are still there."""
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if os.getpgid(process.pid) == program.process.pid and process.status() != psutil.STATUS_ZOMBIE:
                left.append(" ".join(process.cmdline()))
    return left


def opened(program: Program) -> int:
    """How often an app of this home has come as far as to draw the dance of a show."""
    return program.log.count("milestone: dance painted")


def goes_on(receiver: OscPort, seconds: float = 1.0) -> None:
    """Frames come one after the other, for so long by the show's own clock."""
    receiver.forget()

    def times_s() -> list[float]:
        return [values[1] for messages in receiver.datagrams() for name, values in messages if name == FRAME]

    until(lambda: (seen := times_s()) and seen[-1] - seen[0] > seconds)
    indices = receiver.values(FRAME)
    assert {after - before for before, after in pairwise(indices)} == {1}


def test_an_app_that_is_killed_leaves_the_stream_unbroken_and_is_opened_again(
    start: Callable[..., Program], receiver: OscPort, tmp_path: Path
) -> None:
    program = start("app", "--preset", preset_for(tmp_path, receiver), "--osc-in", 0)
    until(lambda: opened(program) == 1, lambda: program.log)
    first = app_of(program)
    assert first is not None
    receiver.forget()
    first.kill()
    until(lambda: opened(program) == 2, lambda: program.log)
    second = app_of(program)
    assert second is not None
    assert second.pid != first.pid
    frames = [values for messages in receiver.datagrams() for name, values in messages if name == FRAME]
    assert len(frames) > 30
    assert {after[0] - before[0] for before, after in pairwise(frames)} == {1}
    assert max(after[1] - before[1] for before, after in pairwise(frames)) < LONGEST_GAP_S
    client = program.client()
    assert client.view().snapshot.engine.restarts == 0
    client.ask(EndShow())
    assert program.ended() == 0, program.complained
    client.close()
    until(lambda: not second.is_running())
    assert program.complained == ""
    until(lambda: not left_of(program), lambda: left_of(program))


def test_an_app_that_is_closed_stays_closed_and_another_finds_the_running_show(
    start: Callable[..., Program], receiver: OscPort, tmp_path: Path
) -> None:
    program = start("app", "--preset", preset_for(tmp_path, receiver), "--osc-in", 0)
    until(lambda: opened(program) == 1, lambda: program.log)
    app = app_of(program)
    assert app is not None
    app.terminate()
    until(lambda: "The app is closed; the show goes on" in program.said, lambda: program.said)
    assert app_of(program) is None
    goes_on(receiver)

    blind = start("app", QT_QPA_PLATFORM="no-such-platform")
    assert blind.ended() == 1
    assert blind.complained.startswith(f"{NAME}: The app has crashed, or no window can be opened here; ")
    assert blind.complained.count("\n") == 1

    again = start()
    until(lambda: opened(again) == 2, lambda: again.log)
    assert [each.pid for each in again.rendezvous()] == [program.process.pid]
    again.process.terminate()
    assert again.ended() == 0, again.complained
    goes_on(receiver)
    program.process.terminate()
    assert program.ended() == 0, program.complained
    assert program.rendezvous() == []


def test_a_show_that_was_cut_off_is_not_taken_for_one_that_runs(
    start: Callable[..., Program], receiver: OscPort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in folders(tmp_path).items():
        monkeypatch.setenv(name, value)
    stale = publish(Rendezvous(os.getpid(), str(tmp_path / "nobody"), "00"))
    program = start("app", "--preset", preset_for(tmp_path, receiver), "--osc-in", 0)
    until(lambda: len(program.rendezvous()) == 2, lambda: program.log)
    stale.unlink()
    until(lambda: receiver.values(FRAME))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen for Qt")
def test_without_a_screen_it_is_one_sentence_and_no_show_is_left(start: Callable[..., Program]) -> None:
    program = start(QT_QPA_PLATFORM="xcb", DISPLAY="", WAYLAND_DISPLAY="")
    assert program.ended() == 1
    assert program.complained.startswith(f"{NAME}: No window can be opened here")
    assert f"{NAME} run" in program.complained
    assert program.complained.count("\n") == 1
    assert program.rendezvous() == []
    until(lambda: not left_of(program), lambda: left_of(program))


def test_a_preset_that_does_not_exist_is_one_sentence_and_no_window_stays(start: Callable[..., Program]) -> None:
    program = start("app", "--preset", "nowhere")
    assert program.ended() == 1
    assert program.complained.startswith(f'{NAME}: There is no preset "nowhere"')
    assert program.complained.count("\n") == 1
    until(lambda: not left_of(program), lambda: left_of(program))


def test_safe_begins_with_the_default_preset_whatever_the_last_show_was_like(
    start: Callable[..., Program], receiver: OscPort, tmp_path: Path
) -> None:
    own = tmp_path / "config" / NAME / "presets" / "default.toml"
    own.parent.mkdir(parents=True)
    own.write_text('schema_version = 2\ntitle = "Mine"\n[audio]\nsource = "device:Broken Box"\n')
    text = own.read_text()
    program = start("--safe")
    client = program.client()
    until(lambda: client.view().snapshot.preset.preset.title)
    view = client.view().snapshot.preset
    assert (view.preset.title, view.preset.audio.source) == ("Default", "demo")
    client.close()
    assert own.read_text() == text


BROKEN = """
schema_version = 2
title = "Broken"
[dance]
energy = 1.5
[audio
source = "demo"
"""
LATER = """
schema_version = 99
title = "Later"
hologram = true
[dance]
energy = 1.5
"""
ELSEWHERE = """
schema_version = 2
title = "Elsewhere"
[audio]
source = "device:Desk of Another Club"
[dance]
energy = 1.5
expert = "moonwalk"
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BROKEN, ("not valid TOML",)),
        (LATER, ("version 99", "hologram")),
        (ELSEWHERE, ('no audio input "Desk of Another Club"', 'no expert "moonwalk"')),
    ],
    ids=["broken", "later", "elsewhere"],
)
def test_a_preset_opens_with_what_can_be_used_and_is_not_written_over(
    start: Callable[..., Program], tmp_path: Path, text: str, says: tuple[str, ...]
) -> None:
    path = tmp_path / "night.toml"
    path.write_text(text)
    program = start("app", "--preset", path, "--osc-in", 0)
    client = program.client()

    def problems() -> str:
        return "\n".join(client.view().snapshot.preset.problems)

    until(lambda: all(each in problems() for each in says), problems)
    # The engine says that it dances before it says for the first time what it does.
    until(lambda: (control := client.view().snapshot.engine.control) and control.energy == 1.5, lambda: program.log)
    assert path.read_text() == text
    protected = client.view().snapshot.preset.protected
    client.ask(SavePreset())
    until(lambda: "save under another name" in problems() if protected else path.read_text() != text, problems)
    client.ask(EndShow())
    assert program.ended() == 0, program.complained
    client.close()
    assert protected == (text != ELSEWHERE)
    if protected:
        assert path.read_text() == text
    else:  # the performer has asked for it
        assert "Desk of Another Club" in path.read_text()
        assert path.with_name("night.bak.toml").read_text() == text
