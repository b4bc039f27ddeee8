"""Writing presets: readable, whole or not at all, and nothing is lost."""

import os
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from megadance_live.config.folders import preset_names
from megadance_live.config.load import Opened, load_preset, open_preset, open_text
from megadance_live.config.preset import (
    AudioSection,
    Bank,
    CueEntry,
    CuesSection,
    DanceSection,
    MidiBinding,
    MidiSection,
    OutputSection,
    Pad,
    PadsSection,
    Preset,
    Receiver,
    Scene,
)
from megadance_live.config.save import save_preset, to_toml, write
from megadance_live.core.errors import ConfigError

FULL = Preset(
    title='Club "Zürich"\n2',
    audio=AudioSection(source="device:ALSA: pulse", gain_db=-3.5),
    dance=DanceSection(expert="krump", energy=1.25, mirror=True, quantize_bars=0.25),
    output=OutputSection(receivers=(Receiver(name="TD", to="127.0.0.1:7000,layout=touchdesigner", enabled=False),)),
    pads=PadsSection(banks=(Bank(name="A", pads=(Pad(expert="krump", colour="#ff0080"), Pad(expert="house"))),)),
    scenes=(Scene(name="drop", commands={"expert": "krump", "energy": 1.5, "resync": True, "seed": 7}),),
    cues=CuesSection(enabled=False, entries=(CueEntry(bar=5.5, commands={"marker": "now"}),)),
    midi=MidiSection(bindings=(MidiBinding(kind="control", number=7, command="energy", mode="range", greatest=2.0),)),
)


def _new(preset: Preset = FULL) -> Opened:
    """A preset that ships, opened and changed."""
    return replace(open_preset("default"), preset=preset)


@pytest.mark.parametrize("preset", [FULL, Preset(), Preset(output=OutputSection(receivers=()))])
def test_what_is_written_reads_as_the_same_preset(preset: Preset) -> None:
    opened = open_text(to_toml(preset), "club", Path("club.toml"))
    assert opened.preset == preset
    assert opened.problems == ()


def test_only_what_differs_from_the_defaults_and_the_receivers_are_written() -> None:
    table = tomllib.loads(to_toml(Preset(title="Club", dance=DanceSection(energy=1.5))))
    assert list(table) == ["schema_version", "title", "dance", "output"]
    assert table["dance"] == {"energy": 1.5}
    assert table["output"]["receivers"][0] == {"name": "OSC", "to": "127.0.0.1:7000"}


def test_a_saved_preset_is_found_by_name_and_loads_strictly(own_presets: Path) -> None:
    saved = save_preset(FULL, "club", _new())
    assert saved.path == own_presets / "club.toml"
    assert saved.preset == load_preset("club") == FULL
    assert "club" in preset_names()
    assert [path.name for path in own_presets.iterdir()] == ["club.toml"]
    again = save_preset(Preset(title="Other"), "", saved)
    assert load_preset("club") == again.preset == Preset(title="Other")
    assert [path.name for path in own_presets.iterdir()] == ["club.toml"]


def test_saving_one_that_ships_makes_it_the_users_own(own_presets: Path) -> None:
    opened = open_preset("unreal")
    save_preset(opened.preset.model_copy(update={"title": "Mine"}), "", opened)
    assert load_preset("unreal").title == "Mine"
    text = (own_presets / "unreal.toml").read_text(encoding="utf-8")
    assert text.startswith("# Unreal Engine on this computer")


def test_a_preset_is_saved_by_path(tmp_path: Path) -> None:
    path = tmp_path / "far" / "club.toml"
    saved = save_preset(FULL, str(path), _new())
    assert (saved.name, saved.path) == (str(path), path)
    assert load_preset(str(path)) == FULL


def test_a_file_of_the_first_version_is_kept_beside(tmp_path: Path) -> None:
    path = tmp_path / "club.toml"
    first = 'schema_version = 1\n[output]\nosc = ["127.0.0.1:7000"]\nvmc = []\n'
    path.write_text(first, encoding="utf-8")
    opened = open_preset(str(path))
    assert path.read_text(encoding="utf-8") == first
    save_preset(opened.preset, "", opened)
    assert (tmp_path / "club.v1.bak.toml").read_text(encoding="utf-8") == first
    assert load_preset(str(path)) == opened.preset


def test_what_was_written_by_hand_is_kept_beside_once(tmp_path: Path) -> None:
    path, backup = tmp_path / "club.toml", tmp_path / "club.bak.toml"
    mine = '# My show.\nschema_version = 2\ntitle = "Club"\n\n[dance]\nenergy = 1.5  # loud\n'
    path.write_text(mine, encoding="utf-8")
    saved = save_preset(FULL, "", open_preset(str(path)))
    assert backup.read_text(encoding="utf-8") == mine
    assert saved.text.startswith("# My show.\nschema_version = 2\n")
    backup.unlink()
    save_preset(Preset(), "", saved)
    assert not backup.exists()


def test_what_was_changed_on_disk_meanwhile_is_kept_beside(tmp_path: Path) -> None:
    path = tmp_path / "club.toml"
    saved = save_preset(Preset(), str(path), _new())
    theirs = to_toml(FULL)
    path.write_text(theirs, encoding="utf-8")
    save_preset(Preset(title="Mine"), "", saved)
    assert (tmp_path / "club.bak.toml").read_text(encoding="utf-8") == theirs


def test_another_preset_is_replaced_only_with_a_copy_beside(own_presets: Path) -> None:
    save_preset(FULL, "club", _new())
    save_preset(Preset(title="New"), "club", _new())
    assert load_preset("club").title == "New"
    assert load_preset(str(own_presets / "club.bak.toml")) == FULL
    assert "club.bak" not in preset_names()


@pytest.mark.parametrize(
    "text", ["[dance", "schema_version = 9", "[dance]\nenergy = 9", "colour = 1", "schema_version = 1\ncolour = 1"]
)
def test_what_was_not_understood_is_never_written_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "club.toml"
    path.write_text(text, encoding="utf-8")
    opened = open_preset(str(path))
    for given, made_from in (("", opened), (str(path), opened), (str(path), _new())):
        with pytest.raises(ConfigError, match="another name"):
            save_preset(opened.preset, given, made_from)
    assert path.read_text(encoding="utf-8") == text
    saved = save_preset(opened.preset, str(tmp_path / "mended.toml"), opened)
    assert not saved.protected
    assert load_preset(str(tmp_path / "mended.toml")) == opened.preset
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["club.toml", "mended.toml"]


def test_bytes_that_are_no_text_are_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "club.toml"
    path.write_bytes(b"\xff\x00")
    with pytest.raises(ConfigError, match="another name"):
        save_preset(FULL, str(path), _new())
    assert path.read_bytes() == b"\xff\x00"


@pytest.mark.parametrize("name", [" ", "a:b", "con", "NUL.x", ".hidden", "what?", "x" * 61, "a\nb", "dots.", 'a"b'])
def test_a_name_that_no_file_can_have_is_refused(name: str, own_presets: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be the name of a preset"):
        save_preset(FULL, name, _new())
    assert not own_presets.exists()


def test_a_disk_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "club.toml"
    saved = save_preset(FULL, str(path), _new())
    before = path.read_text(encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match=r"cannot be written \(No space left on device\)") as refused:
        save_preset(Preset(), "", saved)
    assert "\n" not in str(refused.value)
    assert path.read_text(encoding="utf-8") == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["club.toml"]


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path in (tmp_path / "file" / "club.toml", tmp_path / "nul\0.toml"):
        with pytest.raises(ConfigError, match=r"cannot be (written|read)"):
            save_preset(FULL, str(path), _new())


def test_a_text_that_is_no_unicode_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write(tmp_path / "club.toml", "\udcff")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text(to_toml(Preset()), encoding="utf-8")
    link.symlink_to(real)
    save_preset(FULL, "", open_preset(str(link)))
    assert link.is_symlink()
    assert load_preset(str(real)) == FULL


def test_a_note_does_not_keep_a_file_from_being_a_preset() -> None:
    note: dict[str, Any] = {"autosave": {"name": "club", "changed": True}}
    opened = open_text(to_toml(FULL, note=note), "club", Path("club.toml"))
    assert (opened.preset, opened.problems) == (FULL, ())
    assert opened.protected
    with pytest.raises(ConfigError, match="is an autosave; save under another name"):
        save_preset(FULL, "", replace(opened, path=Path("club.toml").absolute(), name="club.toml"))
