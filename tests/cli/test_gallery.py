"""`megadance-live gallery` with a small dancer."""

import sys
from pathlib import Path

import pytest

from megadance_live import cli
from models import folder as model_folder
from tests.models.made_up import write_data
from tests.models.tiny import tiny_generator, tiny_tokenizer


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["megadance-live", "gallery", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.mark.timeout(600)
def test_every_genre_becomes_a_picture_and_a_film(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model_folder.save(tmp_path / "model", "tiny", tiny_tokenizer(), tiny_generator(), {})
    data = write_data(tmp_path / "data", clips=3)
    monkeypatch.setattr("megadance_live.commands.gallery.FILM_SIZE", (320, 180))
    assert call(monkeypatch, tmp_path / "model", "--data", data, "--out", tmp_path / "out", "--seconds", 4) == 0
    told = capsys.readouterr().out.split()
    genres = ("house", "krump", "popping")
    assert told == [str(tmp_path / "out" / f"{genre}.{kind}") for genre in genres for kind in ("png", "mp4")]
    assert all(Path(path).stat().st_size > 1_000 for path in told)


def test_a_folder_that_cannot_be_written_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model_folder.save(tmp_path / "model", "tiny", tiny_tokenizer(), tiny_generator(), {})
    (tmp_path / "out").touch()
    assert call(monkeypatch, tmp_path / "model", "--out", tmp_path / "out") == 1
    assert "--out" in capsys.readouterr().err
