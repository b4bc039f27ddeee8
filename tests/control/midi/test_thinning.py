"""A controller that runs wild is heard, but not at its own pace."""

from megadance_live.control.midi.event import MidiEvent
from megadance_live.control.midi.thinning import Allowance, Faders
from tests.control.midi.fake_midi import key


def test_an_allowance_lets_a_burst_through_and_then_its_rate() -> None:
    allowance = Allowance(per_s=10, at_once=3)
    assert [allowance.take(5.0) for _ in range(4)] == [True, True, True, False]
    assert sum(allowance.take(5.0 + k / 100) for k in range(1, 101)) in (9, 10)


def test_a_flood_of_one_fader_becomes_its_latest_place() -> None:
    faders = Faders()
    said = []
    for ms in range(1000):  # a thousand messages in a second
        faders.move(MidiEvent(key(7, "control"), ms % 128))
        said += faders.due(10 + ms / 1000)
    assert 90 <= len(said) <= 105
    said += faders.due(12.0)
    assert said[-1].value == 999 % 128
    assert not faders


def test_faders_take_turns() -> None:
    faders = Faders()
    said = []
    for ms in range(400):
        for number in range(8):
            faders.move(MidiEvent(key(number, "control"), ms % 128))
        said += faders.due(10 + ms / 1000)
    counts = [sum(event.key.number == number for event in said) for number in range(8)]
    assert max(counts) - min(counts) <= 1
    assert sum(counts) <= 43
