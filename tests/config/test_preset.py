"""Show presets, good and bad."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel, ValidationError

from megadance_live.config.folders import preset_names, shipped_text
from megadance_live.config.load import load_preset
from megadance_live.config.preset import SCHEMA_VERSION, DanceSection, Preset, RecordSection, TakeFormat, TempoSection
from megadance_live.core.command import Command
from megadance_live.core.errors import ConfigError
from megadance_live.output.take import ALL_FORMATS, USUAL_FORMATS

SHIPPED = ("blender", "default", "max", "touchdesigner", "unreal", "vmc")


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
    assert preset_names() == SHIPPED
    for name in SHIPPED:
        preset = load_preset(name)
        assert preset.schema_version == SCHEMA_VERSION
        assert preset.title
        assert all(receiver.name for receiver in preset.output.receivers)
    assert load_preset("default") == Preset(title="Default")
    assert [receiver.destination.layout for receiver in load_preset("touchdesigner").output.receivers] == [
        "touchdesigner"
    ]
    assert [receiver.destination.axes for receiver in load_preset("unreal").output.receivers] == ["unreal_y", "unity"]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_preset_begins_with_a_comment_that_says_what_for(name: str) -> None:
    assert shipped_text(name).startswith("# ")


def test_a_preset_loads_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[dance]\nexpert = "krump"\nenergy = 1.5\n[audio]\nsource = "device:ALSA: pulse"', encoding="utf-8")
    preset = load_preset(str(path))
    assert preset.dance.expert == "krump"
    assert preset.audio.source == "device:ALSA: pulse"
    assert Command("energy", 1.5) in preset.dance.commands()


def test_a_preset_of_the_user_comes_before_a_shipped_one(own_presets: Path) -> None:
    own_presets.mkdir(parents=True)
    (own_presets / "vmc.toml").write_text('title = "Mine"', encoding="utf-8")
    assert load_preset("vmc").title == "Mine"


def test_what_is_said_at_the_start_is_all_that_can_be_set() -> None:
    said = {command.name for command in DanceSection().commands()}
    assert said == {"quantize", "crossfade", "energy", "dynamics", "accent", "looseness", "smooth", "mirror", "latency"}
    assert {command.name for command in Preset().commands()} == said | {"gain"}


def test_a_take_can_hold_every_format() -> None:
    assert get_args(TakeFormat) == ALL_FORMATS
    assert RecordSection().formats == USUAL_FORMATS


def test_the_metre_is_said_where_it_is_another() -> None:
    assert Command("metre", 3) in Preset(tempo=TempoSection(beats_per_bar=3)).commands()
    assert Command("metre", 4) in Preset().commands(TempoSection(beats_per_bar=3))
    assert Command("metre", 4) not in Preset().commands(TempoSection(beats_per_bar=4))


def test_a_range_of_tempi_is_said_where_it_is_another() -> None:
    house = TempoSection(low_bpm=118, high_bpm=130)
    said = {command.name: command.value for command in Preset(tempo=house).commands()}
    assert (said["bpm_low"], said["bpm_high"]) == (118, 130)
    assert "bpm_low" not in {command.name for command in Preset(tempo=house).commands(house)}
    assert Command("bpm_high", 300) in Preset().commands(house)
    with pytest.raises(ValidationError, match="less than low_bpm"):
        TempoSection(low_bpm=130, high_bpm=118)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[dance", "not valid TOML"),
        ("schema_version = 3", "version 3, newer than this program's 2"),
        ("schema_version = 0", '"schema_version": input should be greater than or equal to 1, not 0'),
        ("[dance]\nenrgy = 1", '"dance.enrgy" is not a setting (did you mean "energy"?)'),
        ("colour = 1", "known here are: schema_version, title, audio"),
        ("[dance]\nenergy = 3", '"dance.energy": input should be less than or equal to 2, not 3'),
        ("[dance]\nquantize_bars = 3", "one of 0, 0.25, 1, 2, 4, 8 bars"),
        ('[record]\nformats = ["fbx"]', "'amass', 'aist', 'bvh', 'edge' or 'glb'"),
        ("[control]\nport = 99999", "65535"),
        ("[dance]\nenergy = nan", "finite"),
        ("audio = 3", '"audio"'),
        ('[audio]\nsource = "tape"', '"audio.source": should be demo, file:PATH or device:NAME.'),
        ('[audio]\nsource = "file:"', "should be demo, file:PATH or device:NAME"),
        ('[[output.receivers]]\nname = "x"', 'entry 1 of "output.receivers", "to" is missing.'),
        ('[[output.receivers]]\nto = "x"', "must begin with HOST:PORT"),
        ('[[output.receivers]]\nto = "h:1"\ncolor = 1', '"color" is not a setting; known here are: name, to, enabled'),
        ('[output]\nreceivers = [{to = "h:1"}, {to = "h:1"}]', "entry 2 of"),
        ('[[scenes]]\nname = "drop"\ncolour = "red"', 'entry 1 of "scenes", "colour": should be a colour such as #ff'),
        ('[[scenes]]\nname = "drop"\ncommands = {enrgy = 1}', '"enrgy" is not a command (did you mean "energy"?)'),
        ('[[scenes]]\nname = "drop"\ncommands = {energy = 3}', '"energy" takes a number from 0 to 2, not 3.'),
        ('[[scenes]]\nname = "drop"\ncommands = {resync = 1}', '"resync" takes no value; write resync = true.'),
        ('[[scenes]]\nname = "drop"\ncommands = {scene = "x"}', "a scene cannot call a scene"),
        ('scenes = [{name = "drop"}, {name = "drop"}]', 'entry 2 of "scenes": a scene of this name stands here twice'),
        ("[[cues.entries]]\nbar = 0", 'entry 1 of "cues.entries", "bar": input should be greater than or equal to 1'),
        ("[[pads.banks]]\npads = [{}]", 'entry 1 of "pads.banks", entry 1 of "pads", "expert" is missing'),
        ('[[midi.bindings]]\nnumber = 1\ncommand = "jump"', '"jump" is not a command'),
        ('[[midi.bindings]]\nnumber = 1\ncommand = "energy"\nvalue = 9', "takes a number from 0 to 2, not 9"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    assert says in _broken(tmp_path, text)


def test_an_unknown_name_lists_those_that_exist() -> None:
    with pytest.raises(ConfigError, match=", ".join(SHIPPED)):
        load_preset("disco")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml.*cannot be read"):
        load_preset(str(tmp_path / "absent.toml"))


def test_every_setting_is_described() -> None:
    def undescribed(model: type[BaseModel]) -> Iterator[str]:
        for name, field in model.model_fields.items():
            if not field.description:
                yield f"{model.__name__}.{name}"
            for inner in (field.annotation, *get_args(field.annotation)):
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    yield from undescribed(inner)

    assert list(undescribed(Preset)) == []


def test_a_part_that_crossed_a_process_is_checked_again() -> None:
    wrong = DanceSection().model_copy(update={"energy": 7.0})
    with pytest.raises(ValidationError, match="less than or equal to 2"):
        Preset.model_validate({"dance": wrong})
