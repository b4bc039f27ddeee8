"""`megadance-live prepare` on folders as users have them, by the real composer and the real ear."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from megadance_live.commands.prepare import recordings
from megadance_live.core.errors import AudioSourceError
from models.data.music_beats import bar_grid
from models.data.prepared import load_prepared
from tests.cli.conftest import Call
from tests.models.data.test_aist import NAME, write
from tests.models.data.test_amass import write as write_amass


def clicks(path: Path, bpm: float, seconds: float, rate_hz: int = 22_050) -> Path:
    """Drums on every beat, heavier on the first of four."""
    rng = np.random.default_rng(0)
    samples = np.zeros(round(seconds * rate_hz), np.float32)
    decay = np.exp(-np.arange(2000) / 300)
    for beat in range(int(seconds * bpm / 60)):
        at = round(beat * 60 / bpm * rate_hz)
        part = samples[at : at + 2000]
        tone = np.sin(2 * np.pi * 55 * np.arange(2000) / rate_hz) if beat % 4 == 0 else rng.standard_normal(2000) * 0.5
        part += (tone * decay)[: len(part)]
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples * 0.5, rate_hz)
    return path


def test_a_folder_of_aist_with_music_is_prepared_and_reported(call: Call, tmp_path: Path) -> None:
    write(tmp_path / "data" / "motions" / f"{NAME}.pkl", 180)
    write(tmp_path / "data" / "motions" / "gXX_sBM_cAll_d28_mKR2_ch02.pkl", 180)
    clicks(tmp_path / "songs" / "mKR2.wav", 100, 8)
    out = tmp_path / "out"
    command = ("prepare", tmp_path / "data", out, "--music", tmp_path / "songs", "--tempos", 0, "--renders", 1)
    code, said, problems = call(*command)  # type: ignore[misc]
    assert code == 0, problems
    assert f"Prepared: {out}" in said
    assert "aist" in said
    assert "Left out: motions_gXX_sBM_cAll_d28_mKR2_ch02.pkl: its name tells the unknown genre gXX" in problems
    prepared = load_prepared(out)
    assert [one.own_music for one in prepared] == [True]
    report = (out / "report.md").read_text(encoding="utf-8")
    assert "| aist | krump | 1 | 0.1 | 0 | 1 | 0 | 1 |" in report
    assert "unknown genre gXX" in report


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--genre", "polka"), "--new-genre polka"),
        (("--music", "nowhere"), "There is no folder nowhere"),
        (("--from", "bvh"), "no dance of the kind bvh"),
        ((), "no clip that can be used"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    call: Call, tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    write_amass(tmp_path / "data" / "a.npz")
    code, _, problems = call("prepare", tmp_path / "data", tmp_path / "out", *options)
    assert code == 1
    assert sentence in problems
    assert "Traceback" not in problems


def test_the_beats_of_a_recording_are_heard_by_the_ear_of_the_show(tmp_path: Path) -> None:
    path = clicks(tmp_path / "song.wav", 120, 20)
    found = recordings()
    samples = found.read(path, 15_360, 1.0)
    assert len(samples) == pytest.approx(20 * 15_360, abs=10)
    assert len(found.read(path, 15_360, 1.25)) == pytest.approx(16 * 15_360, abs=10)
    beats_s = bar_grid(*found.follow(samples, 15_360))
    assert beats_s is not None
    np.testing.assert_allclose(np.diff(beats_s), 0.5, atol=0.03)
    (tmp_path / "text.wav").write_text("no sound", encoding="utf-8")
    with pytest.raises(AudioSourceError, match="no audio file"):
        found.read(tmp_path / "text.wav", 15_360, 1.0)
