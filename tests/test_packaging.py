"""What a user installs: the layout, the package data, and what must not be loaded."""

import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import megadance_live
from megadance_live import layout
from megadance_live.core.errors import ConfigError

REPOSITORY = Path(__file__).resolve().parents[1]


def test_our_packages_lie_beside_each_other() -> None:
    layout.check_layout()


def test_a_package_that_hides_ours_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "gui").mkdir()
    (tmp_path / "gui" / "__init__.py").touch()

    class Spec:
        origin = str(tmp_path / "gui" / "__init__.py")

    monkeypatch.setattr(layout, "find_spec", lambda name: Spec)
    with pytest.raises(ConfigError, match="hides ours"):
        layout.check_layout()


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match='"models" is missing'):
        layout.check_layout()


@pytest.mark.parametrize("package", ["megadance_live", "models", "gui", "presets"])
def test_every_package_is_marked_as_typed(package: str) -> None:
    assert (files(package) / "py.typed").is_file()


def test_presets_are_read_as_package_data() -> None:
    names = {entry.name for entry in files("presets").iterdir()}
    assert {"default.toml", "touchdesigner.toml", "unreal.toml", "vmc.toml"} <= names


def test_the_version_is_told_once() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "megadance_live.__version__"}
    assert megadance_live.__version__.count(".") == 2


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        requirement.split(";")[0].split(">")[0].split("<")[0].strip().lower()
        for requirement in (*project["dependencies"], *project["optional-dependencies"]["dev"])
    }
    pins = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0] for line in pins if "==" in line}
    assert wanted <= pinned


def _loaded(code: str) -> set[str]:
    """Top-level modules that are loaded after `code` in a fresh interpreter."""
    program = f"import sys\n{code}\nprint(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_show_process_loads_neither_torch_nor_audio() -> None:
    loaded = _loaded("import megadance_live.cli, megadance_live.commands.plan, megadance_live.show.show")
    assert not loaded & {"torch", "models", "gui", "PySide6", "sounddevice", "soundfile", "aubio", "av", "PIL"}


def test_help_is_quick_to_load() -> None:
    assert not _loaded("import megadance_live.cli") & {"torch", "numpy", "models", "rich", "pythonosc"}
