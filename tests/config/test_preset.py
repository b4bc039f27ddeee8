"""Show presets, good and bad."""

from pathlib import Path

import pytest

from megadance_live.config import load
from megadance_live.config.load import load_preset, preset_names
from megadance_live.config.preset import DanceSection, Preset
from megadance_live.core.command import Command
from megadance_live.core.errors import ConfigError


@pytest.fixture(autouse=True)
def _no_presets_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(load, "user_presets_folder", lambda: tmp_path / "own")


def _broken(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_preset(str(path))
    message = str(refused.value)
    assert "mine.toml" in message
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_the_shipped_presets_load_by_name() -> None:
    assert preset_names() == ("default", "touchdesigner", "unreal", "vmc")
    for name in preset_names():
        assert load_preset(name).schema_version == 1
    assert load_preset("default") == Preset(title="Default")
    assert load_preset("touchdesigner").output.osc == ("127.0.0.1:7000,layout=touchdesigner,rate=60",)


def test_a_preset_loads_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[dance]\nexpert = "krump"\nenergy = 1.5\n[audio]\nsource = "device:ALSA: pulse"', encoding="utf-8")
    preset = load_preset(str(path))
    assert preset.dance.expert == "krump"
    assert preset.audio.source == "device:ALSA: pulse"
    assert Command("energy", 1.5) in preset.dance.commands()


def test_a_preset_of_the_user_comes_before_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "vmc.toml").write_text('title = "Mine"', encoding="utf-8")
    assert load_preset("vmc").title == "Mine"


def test_what_is_said_at_the_start_is_all_that_can_be_set() -> None:
    said = {command.name for command in DanceSection().commands()}
    assert said == {"quantize", "crossfade", "energy", "looseness", "smooth", "mirror", "latency"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[dance", "not valid TOML"),
        ("schema_version = 2", "version 2, newer than this program's 1"),
        ("[dance]\nenrgy = 1", '"dance.enrgy" is not a setting (did you mean "energy"?)'),
        ("colour = 1", "known here are: schema_version, title, audio"),
        ("[dance]\nenergy = 3", '"dance.energy": input should be less than or equal to 2, not 3'),
        ("[dance]\nquantize_bars = 3", "one of 0, 0.25, 1, 2, 4, 8 bars"),
        ('[record]\nformats = ["fbx"]', "'amass', 'aist' or 'bvh'"),
        ("[control]\nport = 99999", "65535"),
        ("[dance]\nenergy = nan", "finite"),
        ("audio = 3", '"audio"'),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    assert says in _broken(tmp_path, text)


def test_an_unknown_name_lists_those_that_exist() -> None:
    with pytest.raises(ConfigError, match="default, touchdesigner, unreal, vmc"):
        load_preset("disco")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml.*cannot be read"):
        load_preset(str(tmp_path / "absent.toml"))


def test_every_setting_is_described() -> None:
    for section in Preset.model_fields.values():
        fields = getattr(section.annotation, "model_fields", {"": section})
        assert all(field.description for field in fields.values())
