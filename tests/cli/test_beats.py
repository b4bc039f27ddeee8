"""From made-up music to a beat network, by the commands; one step of training."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from megadance_live.corpus import kinds, piece
from megadance_live.music.beat_net import load_beat_net
from models.beats import training
from tests.cli.conftest import Call
from tests.music.rendering import beat_times, drums


@pytest.fixture
def run(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Calls the program; returns its stdout, or its stderr where it ends with an error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(piece, "SECONDS", 3.0)
    monkeypatch.setattr(kinds, "can_render", lambda: False)
    monkeypatch.setattr(training, "BATCH", 2)
    monkeypatch.setattr(training, "STRETCH_S", 2)
    monkeypatch.setattr(training, "_STATISTICS_BATCHES", 1)

    def asked(*arguments: object) -> str:
        status, out, err = call(*arguments)
        return err if status else out

    return asked


def test_made_up_music_becomes_a_beat_network(run: Callable[..., str], tmp_path: Path) -> None:
    hours = 2 * 3.0 / 3600
    assert "Prepared: data" in run("prepare-beats", "data", "--hours", hours)
    assert len(list((tmp_path / "data" / "synth").glob("*.npz"))) == 2
    assert "step 1:" in run("train", "beats", "data", "run", "--steps", 1)
    assert "Beat network: net" in run("export-beats", "data", "run", "net")
    assert load_beat_net(tmp_path / "net").delay_s > 0
    assert "1 steps" in (tmp_path / "net" / "README.md").read_text()


def test_recordings_with_beats_are_added(run: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "club").mkdir()
    soundfile.write(tmp_path / "club" / "a.wav", drums(120, 3, 44_100), 44_100)
    np.savetxt(tmp_path / "club" / "a.beats", [(at, 1 + k % 4) for k, at in enumerate(beat_times(120, 3))])
    assert "Prepared: data" in run("prepare-beats", "data", "--hours", 0, "--recordings", "club")
    assert (tmp_path / "data" / "club" / "a.npz").is_file()


def test_a_recording_that_is_no_audio_is_refused(run: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "club").mkdir()
    (tmp_path / "club" / "a.wav").write_text("not audio")
    (tmp_path / "club" / "a.beats").write_text("0.5\t1\n1.0\t2\n")
    assert "a.wav cannot be read" in run("prepare-beats", "data", "--hours", 0, "--recordings", "club")


def test_a_folder_without_music_is_refused_in_one_sentence(run: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = run("train", "beats", "empty", "run")
    assert said.splitlines()[-1] == "megadance-live: empty holds too few pieces of music with beats; prepare more."
    assert "holds no beat network" in run("export-beats", "empty", "run", "net")
