"""Where presets lie: those that ship, those of the user, and any other file."""

from importlib.resources import files
from pathlib import Path

from platformdirs import user_config_path

from megadance_live.core.errors import ConfigError

APP_NAME = "megadance-live"
SUFFIX = ".toml"
BACKUP_SUFFIX = ".bak.toml"
NAME_MAX = 60
_UNSAFE_IN_NAMES = set('<>:"/\\|?*')
_RESERVED_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""Windows keeps these for devices, with any ending."""


def user_presets_folder() -> Path:
    """Where a user's own presets are found by name."""
    return user_config_path(APP_NAME, appauthor=False) / "presets"


def preset_names() -> tuple[str, ...]:
    """Every preset that can be called by name."""
    own = {path.name for path in user_presets_folder().glob(f"*{SUFFIX}") if _is_called(path.name)}
    return tuple(sorted({*shipped_names(), *(name.removesuffix(SUFFIX) for name in own)}))


def shipped_names() -> tuple[str, ...]:
    """Those that come with the program."""
    names = (entry.name for entry in files("presets").iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def shipped_text(name: str) -> str:
    """What stands in a preset that comes with the program."""
    return (files("presets") / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def is_path(name_or_path: str) -> bool:
    """Whether a preset is given by path, and not by name."""
    return name_or_path.endswith(SUFFIX) or Path(name_or_path).name != name_or_path


def own_file(name_or_path: str) -> Path:
    """The file that a preset is saved to: the user's own of that name, or the path itself.

    Raises ConfigError for a name that cannot be one of a file.
    """
    if is_path(name_or_path):
        return Path(name_or_path).expanduser().absolute()
    name = name_or_path.strip()
    unsafe = set(name) & _UNSAFE_IN_NAMES or not name.isprintable() or name.startswith(".") or name.endswith(".")
    if not name or unsafe or len(name) > NAME_MAX or name.split(".")[0].lower() in _RESERVED_NAMES:
        raise ConfigError(
            f'"{name}" cannot be the name of a preset; use up to {NAME_MAX} letters, digits, spaces, "-" and "_".'
        )
    return user_presets_folder() / f"{name}{SUFFIX}"


def called(path: Path) -> str:
    """How a preset that is that file is called: by its name where it is the user's own, else by its path."""
    return path.name.removesuffix(SUFFIX) if path.parent == user_presets_folder() else str(path)


def _is_called(file_name: str) -> bool:
    return not file_name.endswith(BACKUP_SUFFIX) and not file_name.startswith(".")
