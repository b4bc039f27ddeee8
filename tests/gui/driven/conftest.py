"""A real show in processes of its own, one for all tests of a module, and a person at its window."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadance_live.config.preset import (
    AudioSection,
    DanceSection,
    MidiSection,
    OutputSection,
    Preset,
    Receiver,
    RecordSection,
)
from megadance_live.config.save import to_toml
from megadance_live.remote.client import ShowClient
from tests.gui.driven.player import Player
from tests.osc_port import OscPort
from tests.program import Program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Windows has no process groups that a test could end."""
    if sys.platform == "win32":
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="ends processes by signal"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the show keeps everything."""
    return tmp_path_factory.mktemp("show")


@pytest.fixture(scope="module")
def receiver() -> Iterator[OscPort]:
    port = OscPort()
    yield port
    port.close()


@pytest.fixture(scope="module")
def preset(home: Path, receiver: OscPort) -> Path:
    """The file of a show that sends to the receiver, with takes that are quick to finish."""
    path = home / "driven.toml"
    document = Preset(
        audio=AudioSection(tracker="aubio"),  # which leaves the tempo to taps for longer
        dance=DanceSection(expert="house", quantize_bars=1),
        output=OutputSection(receivers=(Receiver(name="test", to=receiver.to()),)),
        midi=MidiSection(),
        record=RecordSection(folder=str(home / "takes"), formats=("bvh",)),
    )
    path.write_text(to_toml(document))
    return path


@pytest.fixture(scope="module")
def show(home: Path, preset: Path) -> Iterator[Program]:
    """Dancing to the demo track."""
    program = Program(home, "run", "--preset", preset, "--osc-in", 0)
    yield program
    program.close()


@pytest.fixture(scope="module")
def client(show: Program) -> Iterator[ShowClient]:
    connected = show.client()
    yield connected
    connected.close()


@pytest.fixture
def player(qapp: object, client: ShowClient) -> Iterator[Player]:
    made = Player(client)
    yield made
    made.leave()
