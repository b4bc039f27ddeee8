"""What is turned live, and a preset or scene of it."""

import pytest

from megadance_live.config.live import KEPT, capture_scene, with_control
from megadance_live.config.preset import Preset
from megadance_live.core.control import Control


def test_a_preset_takes_in_what_was_turned_live() -> None:
    control = Control(
        "krump", energy=1.30000001, mirror=True, seed=9, quantize_bars=0.25, gain_db=-6.0, latency_ms=40.0
    )
    preset = with_control(Preset(title="Club"), control)
    assert (preset.dance.expert, preset.dance.energy, preset.dance.mirror, preset.dance.seed) == ("krump", 1.3, True, 9)
    assert (preset.dance.quantize_bars, preset.dance.latency_ms, preset.audio.gain_db) == (0.25, 40.0, -6.0)
    assert preset.title == "Club"
    assert Preset.model_validate(preset.model_dump()) == preset


def test_what_belongs_to_the_moment_is_not_kept() -> None:
    assert not {"freeze", "blackout", "record"} & KEPT
    assert {"energy", "gain", "seed"} <= KEPT


def test_a_scene_is_made_of_the_present() -> None:
    scene = capture_scene("drop", Control("krump", energy=1.5, latency_ms=40.0), "#ff0000")
    assert (scene.name, scene.colour) == ("drop", "#ff0000")
    assert scene.commands == {
        "expert": "krump",
        "energy": 1.5,
        "dynamics": 0.5,
        "accent": 0.5,
        "looseness": 1.0,
        "smooth": 0.0,
        "crossfade": 0.35,
        "mirror": False,
    }


def test_a_scene_needs_a_name() -> None:
    with pytest.raises(ValueError, match="at least 1 character"):
        capture_scene("", Control("krump"))
