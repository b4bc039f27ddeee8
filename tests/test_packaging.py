"""What a user installs: the layout, the package data, and what must not be loaded."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

import megadance_live
from megadance_live import layout
from megadance_live.core.errors import ConfigError

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = ("megadance_live", "models", "gui", "presets")


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


@pytest.mark.parametrize("package", PACKAGES)
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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the working tree, built from a copy so that the build leaves nothing in it."""
    pytest.importorskip("setuptools", minversion="77", reason="setuptools of the extra dev is not installed")
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    unwanted = shutil.ignore_patterns("__pycache__")
    for package in PACKAGES:
        shutil.copytree(REPOSITORY / package, source / package, ignore=unwanted)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / file, source)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(built), str(source)], check=True, capture_output=True)
    return next(built.glob("*.whl"))


def test_the_wheel_holds_what_a_user_needs_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == set(PACKAGES)
    for package in PACKAGES:
        kinds = (".py", ".typed", ".toml", ".safetensors", ".json")
        shipped = {
            path.relative_to(REPOSITORY).as_posix()
            for path in (REPOSITORY / package).rglob("*")
            if path.suffix in kinds and "__pycache__" not in path.parts
        }
        assert shipped
        assert shipped <= names


def test_what_the_wheel_installs_runs_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(site)
    elsewhere.mkdir()
    program = "import sys, megadance_live.cli as cli; sys.stdout.write(cli.__file__); cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--version"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(site))
    assert f"megadance-live {megadance_live.__version__}" in done.stdout


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
