"""The program as a user starts it: processes, signals, sockets, and a tiny untrained dancer of the real kind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pythonosc.osc_packet import OscPacket

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with random weights."""
    from models import folder
    from tests.models.tiny import tiny_generator, tiny_tokenizer

    made = tmp_path_factory.mktemp("model")
    folder.save(made, "tiny", tiny_tokenizer(), tiny_generator(), {})
    return made


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    """A UDP socket on a free port, with room for a show."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    listening.bind(("127.0.0.1", 0))
    yield listening
    listening.close()


def _start(*arguments: object, cwd: Path) -> "subprocess.Popen[str]":
    """The program in `cwd`, with its log beneath it."""
    command = [sys.executable, "-m", "megadance_live.cli", *map(str, arguments)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "OMP_NUM_THREADS": "1",
        "XDG_STATE_HOME": str(cwd / "state"),
    }
    return subprocess.Popen(
        command, cwd=cwd, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _addresses(listening: socket.socket) -> dict[str, int]:
    """How often each address is among the datagrams that wait."""
    listening.setblocking(False)
    counts: dict[str, int] = {}
    while True:
        try:
            datagram = listening.recv(65536)
        except BlockingIOError:
            return counts
        for timed in OscPacket(datagram).messages:
            counts[timed.message.address] = counts.get(timed.message.address, 0) + 1


def test_a_show_of_three_seconds_sends_poses_and_music_and_ends_well(
    model: Path, receiver: socket.socket, tmp_path: Path
) -> None:
    destination = f"127.0.0.1:{receiver.getsockname()[1]}"
    program = _start(
        *("run", "--headless", "--seconds", 3, "--audio", "demo", "--model", model, "--osc-in", 0),
        *("--osc", destination, "--vmc", destination),
        cwd=tmp_path,
    )
    out, err = program.communicate(timeout=100)
    assert program.returncode == 0, err
    assert "bpm" in out
    assert "house" in out
    counts = _addresses(receiver)
    assert counts["/dance/1/pose/quat"] > 30
    assert counts["/VMC/Ext/Bone/Pos"] > 30
    assert counts["/beat/bpm"] > 30


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_an_interrupted_show_finishes_its_take_and_names_it(model: Path, tmp_path: Path) -> None:
    program = _start(
        *("run", "--headless", "--audio", "demo", "--model", model, "--osc-in", 0, "--osc", "127.0.0.1:9"),
        *("--record", "takes"),
        cwd=tmp_path,
    )
    _wait_for_line(program, "take-001")
    poses = tmp_path / "takes" / "take-001.take.partial" / "poses.bin"
    while not (poses.exists() and poses.stat().st_size) and program.poll() is None:
        time.sleep(0.05)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=100)
    assert program.returncode == 0, err
    take = tmp_path / "takes" / "take-001"
    assert f"Take: {take}" in out
    assert {path.suffix for path in take.iterdir()} == {".npz", ".pkl", ".bvh", ".flac", ".json"}


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_a_second_interrupt_ends_it_at_once_and_says_how_to_recover(model: Path, tmp_path: Path) -> None:
    program = _start(
        *("run", "--headless", "--audio", "demo", "--model", model, "--osc-in", 0, "--osc", "127.0.0.1:9"),
        *("--record", "takes"),
        cwd=tmp_path,
    )
    _wait_for_line(program, "take-001")
    program.send_signal(signal.SIGTERM)
    _wait_for_line(program, "Finishing")
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=100)
    if program.returncode != 0:  # unless it was quicker than the second signal
        assert program.returncode == 130
        assert f"megadance-live recover {tmp_path / 'takes'}" in err


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_signals_in_quick_succession_neither_hang_it_nor_cut_it_off(model: Path, tmp_path: Path) -> None:
    program = _start(
        *("run", "--headless", "--audio", "demo", "--model", model, "--osc-in", 0, "--osc", "127.0.0.1:9"),
        cwd=tmp_path,
    )
    _wait_for_line(program, "starting")
    for _ in range(3):
        program.send_signal(signal.SIGTERM)
    _, err = program.communicate(timeout=100)
    assert program.returncode in (0, 130), err
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_a_show_outlives_whoever_reads_its_output_and_ends_with_its_terminal(model: Path, tmp_path: Path) -> None:
    program = _start(
        *("run", "--headless", "--audio", "demo", "--model", model, "--osc-in", 0, "--osc", "127.0.0.1:9"),
        *("--record", "takes"),
        cwd=tmp_path,
    )
    _wait_for_line(program, "starting")
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    program.stderr.close()
    poses = tmp_path / "takes" / "take-001.take.partial" / "poses.bin"
    while not (poses.exists() and poses.stat().st_size) and program.poll() is None:
        time.sleep(0.05)
    assert program.poll() is None
    for _ in range(3):  # shell and kernel both say so
        program.send_signal(signal.SIGHUP)
    assert program.wait(timeout=100) == 0
    assert (tmp_path / "takes" / "take-001" / "take-001.json").is_file()


def test_weights_that_are_missing_are_one_sentence(tmp_path: Path) -> None:
    program = _start(
        *("run", "--headless", "--audio", "demo", "--model", tmp_path, "--osc-in", 0, "--osc", "127.0.0.1:9"),
        cwd=tmp_path,
    )
    _, err = program.communicate(timeout=100)
    assert program.returncode == 1
    assert err.startswith("megadance-live: ")
    assert err.count("\n") == 1
    assert "config.json" in err


def _wait_for_line(program: "subprocess.Popen[str]", text: str) -> None:
    """Read the program's output up to a line with that text; a watchdog ends a program that never says it."""
    watchdog = threading.Timer(100, program.kill)
    watchdog.start()
    assert program.stdout is not None
    try:
        assert any(text in line for line in program.stdout)
    finally:
        watchdog.cancel()
