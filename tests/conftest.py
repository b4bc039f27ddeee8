"""What every test may count on: the user's own presets, state and running shows are out of its reach."""

from pathlib import Path

import pytest

from megadance_live.config.folders import user_presets_folder


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders for settings and state; the cache stays, for what it holds is only slow to make."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    return home


@pytest.fixture
def own_presets(a_home_of_its_own: Path) -> Path:
    """The folder of the user's own presets, which is not there yet."""
    return user_presets_folder()
