"""Cue lists from and to cue files."""

from pathlib import Path

import pytest

from megadance_live.config.cue_list import export_cues, import_cues
from megadance_live.config.preset import CueEntry
from megadance_live.control.cue_file import load_cues
from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.core.errors import ConfigError, CueError

ENTRIES = (
    CueEntry(bar=1, commands={"expert": "krump", "energy": 1.5}),
    CueEntry(bar=5.5, commands={"resync": True, "marker": 'the "drop"'}),
)


def test_a_list_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "show.toml"
    export_cues(path, (ENTRIES[1], CueEntry(bar=3), ENTRIES[0]))
    assert import_cues(path, ("krump",)) == ENTRIES
    assert load_cues(path, ("krump",)) == (
        Cue(0.0, Command("expert", "krump")),
        Cue(0.0, Command("energy", 1.5)),
        Cue(4.5, Command("resync")),
        Cue(4.5, Command("marker", 'the "drop"')),
    )
    assert "[[cue]]\nbar = 1\n" in path.read_text(encoding="utf-8")


def test_an_empty_list_is_a_cue_file_too(tmp_path: Path) -> None:
    export_cues(tmp_path / "show.toml", ())
    assert import_cues(tmp_path / "show.toml", ()) == ()


@pytest.mark.parametrize(
    "text", ["[[cue]]\nbar = 0\ntap = true", '[[cue]]\nbar = 1\nexpert = "polka"', "[[cue", "x = 1"]
)
def test_a_file_that_is_not_understood_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "show.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CueError, match=r"show\.toml"):
        import_cues(path, ("krump",))


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written"):
        export_cues(tmp_path / "file" / "show.toml", ENTRIES)
