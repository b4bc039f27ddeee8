"""A controller keeps its name wherever it is plugged in."""

import pytest

from megadance_live.control.midi.port_names import has_lamps, named, stable_name


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("Launchpad:Launchpad MIDI 1 20:0", "Launchpad:Launchpad MIDI 1 28:0", "Launchpad MIDI 1"),
        ("nanoKONTROL2:nanoKONTROL2 _ CTRL 24:0", "nanoKONTROL2:nanoKONTROL2 _ CTRL 24:0", "nanoKONTROL2 _ CTRL"),
        (
            "a2j:APC40 [24] (capture): APC40 MIDI 1",
            "a2j:APC40 [20] (playback): APC40 MIDI 1",
            "a2j:APC40: APC40 MIDI 1",
        ),
        ("system:midi_capture_1", "system:midi_playback_1", "system:midi_1"),
        ("Launchpad:pads", "Launchpad-01:pads", "Launchpad:pads"),
        ("IAC Driver Bus 1", "IAC Driver Bus 1", "IAC Driver Bus 1"),
    ],
)  # fmt: skip
def test_numbers_that_the_system_gives_out_and_words_for_in_and_out_are_left_away(
    one: str, other: str, name: str
) -> None:
    assert stable_name(one) == stable_name(other) == name


def test_windows_counts_its_ports() -> None:
    assert stable_name("APC mini 0", windows=True) == stable_name("APC mini 1", windows=True) == "APC mini"
    assert stable_name("MIDIIN2 (LPX) 1", windows=True) == "MIDI2 (LPX)"
    assert stable_name("MIDIOUT2 (LPX) 2", windows=True) == "MIDI2 (LPX)"
    assert stable_name("Bus 1") == "Bus 1"


def test_like_controllers_are_counted_and_our_own_ports_are_not_heard() -> None:
    raw = ["X:X 20:0", "X:X 24:0", "MegaDance Live:lamps 130:0", "MegaDance Live-01:control"]
    assert named(raw) == {"X": "X:X 20:0", "X (2)": "X:X 24:0"}


def test_nothing_is_sent_to_a_port_that_sends_it_back() -> None:
    assert not has_lamps(stable_name("Midi Through:Midi Through Port-0 14:0"))
    assert has_lamps("Launchpad")
