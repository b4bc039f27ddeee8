"""MIDI learn takes what was meant, and says whose key it took."""

import pytest

from megadance_live.config.preset import MidiBinding, MidiSection
from megadance_live.control.midi.event import MidiEvent
from megadance_live.control.midi.learn import Places, binding_of, limits_of, taught
from megadance_live.core.errors import CueError
from megadance_live.remote.snapshot import LearnTarget
from tests.control.midi.fake_midi import PADS, key


def test_a_pressed_key_is_meant_and_a_released_one_is_not() -> None:
    places = Places()
    places.begin()
    assert not places.meant(MidiEvent(key(60), 0))
    assert places.meant(MidiEvent(key(60), 1))
    assert places.meant(MidiEvent(key(5, "program"), 127))


def test_a_fader_that_jitters_is_not_meant_and_one_that_is_moved_is() -> None:
    places = Places()
    places.begin()
    heard = [places.meant(MidiEvent(key(7, "control"), value)) for value in (64, 65, 63, 64, 66, 68)]
    assert heard == [False, False, False, False, False, True]


def test_where_a_fader_was_before_counts() -> None:
    places = Places()
    places.meant(MidiEvent(key(7, "control"), 0))
    places.begin()
    assert places.meant(MidiEvent(key(7, "control"), 127))


@pytest.mark.parametrize(
    ("target", "limits"),
    [
        (LearnTarget("energy", mode="range"), (0.0, 2.0)),
        (LearnTarget("bpm", mode="range"), (30.0, 300.0)),
        (LearnTarget("seed", mode="range"), (0.0, 1000.0)),
        (LearnTarget("quantize", mode="range"), (0.0, 8.0)),
        (LearnTarget("freeze", mode="range"), (0.0, 1.0)),
        (LearnTarget("expert", mode="range"), (0.0, 9.0)),
        (LearnTarget("pattern", mode="range"), (0.0, 3.0)),
        (LearnTarget("tap"), (0.0, 1.0)),
    ],
)
def test_a_range_takes_its_limits_from_the_word(target: LearnTarget, limits: tuple[float, float]) -> None:
    assert limits_of(target, experts=10) == limits


def test_a_binding_names_key_and_target() -> None:
    bound = binding_of(LearnTarget("expert", "krump", "toggle"), key(36, channel=9), 10)
    assert bound == MidiBinding(
        kind="note", channel=9, number=36, port=PADS, command="expert", value="krump", mode="toggle", greatest=9
    )
    with pytest.raises(CueError, match="not a command"):
        binding_of(LearnTarget("somersault"), key(36), 10)  # type: ignore[arg-type]


def test_an_equal_key_is_replaced_and_counted() -> None:
    old = MidiBinding(number=60, command="tap", port=PADS)
    anywhere = MidiBinding(number=60, command="resync")
    kept = [
        MidiBinding(number=60, command="tap", port="Keys"),
        MidiBinding(number=60, channel=1, command="tap", port=PADS),
        MidiBinding(number=60, kind="control", command="tap", port=PADS),
    ]
    new = MidiBinding(number=60, command="panic", port=PADS)
    section, replaced = taught(MidiSection(bindings=(old, *kept, anywhere)), new)
    assert replaced == 2
    assert section.bindings == (*kept, new)
    assert taught(MidiSection(), new) == (MidiSection(bindings=(new,)), 0)
