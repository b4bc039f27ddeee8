"""Cue files, good and bad."""

from pathlib import Path

import pytest

from megadance_live.control.cue_file import load_cues
from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.core.errors import CueError

EXPERTS = ("house", "krump")


def _load(folder: Path, text: str) -> tuple[Cue, ...]:
    path = folder / "show.toml"
    path.write_text(text, encoding="utf-8")
    return load_cues(path, EXPERTS)


def test_cues_come_in_order_of_bars_and_keep_the_order_within_one(tmp_path: Path) -> None:
    cues = _load(
        tmp_path,
        """
        [[cue]]
        bar = 9
        energy = 1.5
        expert = "krump"

        [[cue]]
        bar = 1
        expert = "house"

        [[cue]]
        bar = 5.5
        resync = true
        """,
    )
    assert cues == (
        Cue(0.0, Command("expert", "house")),
        Cue(4.5, Command("resync", None)),
        Cue(8.0, Command("energy", 1.5)),
        Cue(8.0, Command("expert", "krump")),
    )


def test_an_empty_file_has_no_cues(tmp_path: Path) -> None:
    assert _load(tmp_path, "") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[cue]]\nbar = 1\nexpert = "house"\n[[cue]]\nbar = 2\nexpert = "polka"', 'cue 2: "polka" is not an expert'),
        ('[[cue]]\nbar = 1\ncolour = "red"', 'cue 1: "colour" is not a command'),
        ('[[cue]]\nbar = 0\nexpert = "house"', "cue 1: bar = 0 is not a bar"),
        ('[[cue]]\nbar = true\nexpert = "house"', "is not a bar"),
        ('[[cue]]\nbar = inf\nexpert = "house"', "is not a bar"),
        ('[[cue]]\nexpert = "house"', 'cue 1: it has no "bar"'),
        ("[[cue]]\nbar = 3", "cue 1: it says nothing"),
        ("[[cue]]\nbar = 3\ntap = 1", "write tap = true"),
        ("[[cue]]\nbar = 3\nenergy = 9", "from 0 to 2"),
        ("[cue]\nbar = 3", '"[[cue]]"'),
        ("cue = [4]", "cue 1: a cue is a"),
        ('expert = "house"', 'found "expert" outside of one'),
        ("[[cue", "is not valid TOML"),
    ],
)
def test_a_mistake_is_one_sentence_naming_file_and_cue(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CueError) as refused:
        _load(tmp_path, text)
    message = str(refused.value)
    assert "show.toml" in message
    assert says in message
    assert "\n" not in message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CueError, match=r"absent\.toml"):
        load_cues(tmp_path / "absent.toml", EXPERTS)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "show.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CueError, match="not valid TOML"):
        load_cues(path, EXPERTS)
