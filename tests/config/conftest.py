"""No test reads or writes the presets of whoever runs it."""

from pathlib import Path

import pytest

from megadance_live.config import folders


@pytest.fixture(autouse=True)
def own_presets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the user's own presets, which is not there yet."""
    monkeypatch.setattr(folders, "user_config_path", lambda *args, **options: tmp_path / "config")
    return tmp_path / "config" / "presets"
