"""Opening presets that are broken: what can be used is used, the rest is named, and the file is left in peace."""

from pathlib import Path

import pytest

from megadance_live.config.load import open_preset, open_shipped, open_text
from megadance_live.config.preset import MidiBinding, Preset, Receiver
from megadance_live.core.errors import ConfigError


def _opened(folder: Path, text: str) -> tuple[Preset, tuple[str, ...]]:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    opened = open_preset(str(path))
    assert opened.protected == bool(opened.problems)
    assert all(problem.endswith(".") and "\n" not in problem for problem in opened.problems)
    return opened.preset, opened.problems


def test_a_sound_preset_opens_as_it_loads(tmp_path: Path) -> None:
    preset, problems = _opened(tmp_path, "[dance]\nenergy = 1.5")
    assert preset.dance.energy == 1.5
    assert problems == ()


def test_a_wrong_setting_takes_its_default_and_an_unknown_one_is_ignored(tmp_path: Path) -> None:
    preset, problems = _opened(tmp_path, "colour = 1\n[dance]\nenergy = 9\nlooseness = 0.5\nenrgy = 1")
    assert (preset.dance.energy, preset.dance.looseness) == (1.0, 0.5)
    assert len(problems) == 3
    assert 'Left out: "dance.energy": input should be less than or equal to 2, not 9.' in problems
    assert any('"dance.enrgy" is not a setting (did you mean "energy"?)' in problem for problem in problems)


def test_a_wrong_entry_is_left_out_and_the_others_keep_their_order(tmp_path: Path) -> None:
    text = """
        [output]
        receivers = [{to = "a:1"}, {to = "nowhere"}, {to = "b:2"}, {to = "a:1"}, 7, {name = "x"}]
        [[pads.banks]]
        pads = [{expert = "krump"}, {name = "no expert"}, {expert = "house"}]
        [[scenes]]
        name = "drop"
        commands = {energy = 1.4}
        [[scenes]]
        name = "bad"
        commands = {energy = 14}
        [[scenes]]
        name = "drop"
        [cues]
        entries = [{bar = 0}, {bar = 4, commands = {resync = true}}, {bar = 8, commands = {jump = true}}]
        [midi]
        bindings = [{number = 300, command = "tap"}, {number = 3, command = "tap"}, {number = 4, command = "jump"}]
    """
    preset, problems = _opened(tmp_path, text)
    assert preset.output.receivers == (Receiver(to="a:1"), Receiver(to="b:2"))
    assert [pad.expert for pad in preset.pads.banks[0].pads] == ["krump", "house"]
    assert [scene.name for scene in preset.scenes] == ["drop"]
    assert preset.scenes[0].commands == {"energy": 1.4}
    assert [entry.bar for entry in preset.cues.entries] == [4.0]
    assert preset.midi.bindings == (MidiBinding(number=3, command="tap"),)
    assert len(problems) == 11


def test_an_entry_that_is_only_badly_painted_is_kept(tmp_path: Path) -> None:
    text = """
        [[output.receivers]]
        to = "a:1"
        rate = 60
        [[pads.banks]]
        pads = [{expert = "krump", colour = "red", name = "KRUMP"}]
    """
    preset, problems = _opened(tmp_path, text)
    assert preset.output.receivers == (Receiver(to="a:1"),)
    assert (preset.pads.banks[0].pads[0].name, preset.pads.banks[0].pads[0].colour) == ("KRUMP", "")
    assert len(problems) == 2


@pytest.mark.parametrize("text", ["audio = 3", "scenes = 4", "pads = []", "[output]\nreceivers = {}", "cues = [1]"])
def test_a_part_of_the_wrong_kind_takes_its_default(tmp_path: Path, text: str) -> None:
    preset, problems = _opened(tmp_path, text)
    assert preset == Preset()
    assert len(problems) == 1


def test_a_preset_of_a_later_version_gives_what_it_has_in_common(tmp_path: Path) -> None:
    preset, problems = _opened(tmp_path, "schema_version = 9\nlasers = true\n[dance]\nenergy = 1.5")
    assert preset.dance.energy == 1.5
    assert problems[0] == "The preset is of version 9, newer than this program's 2; update MegaDance Live."
    assert '"lasers" is not a setting' in problems[1]


def test_a_file_that_is_not_toml_gives_the_parts_that_are(tmp_path: Path) -> None:
    text = """
title = "Club"
[dance]
energy = = 1
[[pads.banks]]
name = "A"
[[pads.banks.pads]]
expert = "krump"
[[pads.banks]]
name = "B"
[[pads.banks.pads]]
expert = "house"
[record]
formats = [
    "bvh",
]
[audio
"""
    preset, problems = _opened(tmp_path, text)
    assert (preset.title, preset.dance.energy, preset.record.formats) == ("Club", 1.0, ("bvh",))
    assert [(bank.name, bank.pads[0].expert) for bank in preset.pads.banks] == [("A", "krump"), ("B", "house")]
    assert "not valid TOML" in problems[0]
    assert problems[1:] == (
        'Left out: what stands under "[dance]", which cannot be read.',
        'Left out: what stands under "[audio", which cannot be read.',
    )


@pytest.mark.parametrize("data", [b"\x00\xff\xfe" * 40, b"just a letter to a friend", "schön".encode("latin-1")])
def test_a_file_that_is_nothing_of_ours_opens_with_the_defaults(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(data)
    opened = open_preset(str(path))
    assert opened.preset == Preset()
    assert opened.protected


def test_an_empty_file_is_a_preset(tmp_path: Path) -> None:
    assert _opened(tmp_path, "") == (Preset(), ())


@pytest.mark.parametrize("name", ["disco", "absent.toml", "../up", "", "nul\0"])
def test_what_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        open_preset(name)


def test_a_preset_knows_its_name_and_file(own_presets: Path, tmp_path: Path) -> None:
    own_presets.mkdir(parents=True)
    (own_presets / "club.toml").write_text("", encoding="utf-8")
    (own_presets / "vmc.toml").write_text('title = "Mine"', encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text("", encoding="utf-8")
    for asked, name, path in [
        ("club", "club", own_presets / "club.toml"),
        (str(own_presets / "club.toml"), "club", own_presets / "club.toml"),
        ("max", "max", own_presets / "max.toml"),
        (str(other), str(other), other),
    ]:
        opened = open_preset(asked)
        assert (opened.name, opened.path) == (name, path)
    assert open_preset("vmc").preset.title == "Mine"
    assert open_shipped("vmc").preset.title == "VMC"


def test_any_damage_to_a_preset_leaves_something_that_opens() -> None:
    text = open_preset("unreal").text
    for cut in range(0, len(text), 3):
        opened = open_text(text[:cut] + "]" + text[cut + 1 :], "unreal", Path("unreal.toml"))
        assert isinstance(opened.preset, Preset)
