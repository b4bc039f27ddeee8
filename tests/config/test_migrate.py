"""Presets of the first version."""

from pathlib import Path

import pytest

from megadance_live.config.load import load_preset, open_preset
from megadance_live.config.migrate import migrate
from megadance_live.config.preset import SCHEMA_VERSION, Preset, Receiver
from megadance_live.core.errors import ConfigError

FIRST = """
schema_version = 1
title = "Club"

[audio]
source = "device:ALSA: pulse"

[dance]
energy = 1.5

[output]
osc = ["127.0.0.1:7000,rate=90", "127.0.0.1:7001,layout=touchdesigner", "127.0.0.1:7002"]
vmc = ["127.0.0.1:39539,rate=30"]
"""


def test_the_texts_of_the_first_version_become_named_receivers(tmp_path: Path) -> None:
    path = tmp_path / "club.toml"
    path.write_text(FIRST, encoding="utf-8")
    preset = load_preset(str(path))
    assert preset.schema_version == SCHEMA_VERSION
    assert preset.dance.energy == 1.5
    assert preset.output.receivers == (
        Receiver(name="OSC", to="127.0.0.1:7000,rate=90"),
        Receiver(name="TouchDesigner", to="127.0.0.1:7001,layout=touchdesigner"),
        Receiver(name="OSC 2", to="127.0.0.1:7002"),
        Receiver(name="VMC", to="127.0.0.1:39539,layout=vmc,rate=30"),
    )
    opened = open_preset(str(path))
    assert (opened.preset, opened.version, opened.problems) == (preset, 1, ())


def test_what_the_first_version_did_not_say_keeps_its_default() -> None:
    only_osc = Preset.model_validate(migrate({"output": {"osc": []}}))
    assert [receiver.to for receiver in only_osc.output.receivers] == ["127.0.0.1:39539,layout=vmc"]
    nothing = Preset.model_validate(migrate({"schema_version": 1}))
    assert nothing == Preset()


def test_migrating_leaves_the_table_alone_and_what_is_new_as_it_is() -> None:
    old = {"schema_version": 1, "output": {"osc": ["h:1"], "vmc": []}}
    new = migrate(old)
    assert old == {"schema_version": 1, "output": {"osc": ["h:1"], "vmc": []}}
    assert migrate(new) == new


@pytest.mark.parametrize("output", ['osc = "h:1"', "osc = [3]", 'osc = ["h"]', 'osc = ["h:1,colour=red"]'])
def test_a_mistake_of_the_first_version_is_still_one_sentence(tmp_path: Path, output: str) -> None:
    path = tmp_path / "club.toml"
    path.write_text(f"[output]\n{output}", encoding="utf-8")
    with pytest.raises(ConfigError, match="output") as refused:
        load_preset(str(path))
    assert "\n" not in str(refused.value)
