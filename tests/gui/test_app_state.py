import json
from pathlib import Path

import pytest

from gui.app_state import AppState, load, save, state_file

KEPT = AppState(10, 20, 1600, 900, True, "OUT", False)


def test_it_remembers(tmp_path: Path) -> None:
    path = tmp_path / "new" / "app.json"
    save(path, KEPT)
    assert load(path) == KEPT
    assert [each.name for each in path.parent.iterdir()] == ["app.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "\x00", '{"width": '])
def test_what_is_broken_is_forgotten(tmp_path: Path, text: str) -> None:
    path = tmp_path / "app.json"
    path.write_text(text)
    assert load(path) == AppState()


def test_of_what_is_partly_wrong_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    path.write_text(json.dumps({"width": "wide", "height": True, "x": 7, "later": 1, "page": "SOUND"}))
    assert load(path) == AppState(x=7, page="SOUND")


def test_without_a_file_there_are_first_steps(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json").first_steps


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    save(tmp_path / "file" / "app.json", KEPT)
    assert load(tmp_path / "file" / "app.json") == AppState()


def test_it_lies_in_the_folder_for_state(a_home_of_its_own: Path) -> None:
    assert state_file().is_relative_to(a_home_of_its_own)
