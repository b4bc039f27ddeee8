"""What keys, pads, knobs and faders say."""

import mido
import pytest

from megadance_live.config.preset import MidiBinding
from megadance_live.control.midi.event import MidiEvent, MidiKey, event_of
from megadance_live.control.midi.meaning import bound_to, is_range, moved, pressed, released
from megadance_live.control.midi.standing import Standing
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.errors import CueError
from tests.control.midi.fake_midi import PADS, key

EXPERTS = ("break", "house", "krump")
DANCING = Standing(Control(expert="house"), BarClock(0.0, 8.0, 124.0), 0.0)


def binding(command: str, mode: str = "momentary", **more: object) -> MidiBinding:
    return MidiBinding.model_validate({"number": 60, "command": command, "mode": mode, **more})


@pytest.mark.parametrize(
    ("message", "kind", "value", "is_pressed"),
    [
        (mido.Message("note_on", channel=2, note=60, velocity=5), "note", 5, True),
        (mido.Message("note_on", channel=2, note=60, velocity=0), "note", 0, False),
        (mido.Message("note_off", channel=2, note=60, velocity=64), "note", 0, False),
        (mido.Message("control_change", channel=2, control=60, value=63), "control", 63, False),
        (mido.Message("control_change", channel=2, control=60, value=64), "control", 64, True),
        (mido.Message("program_change", channel=2, program=60), "program", 127, True),
    ],
)
def test_a_message_is_a_key_and_a_value(message: mido.Message, kind: str, value: int, is_pressed: bool) -> None:
    event = event_of(message, PADS)
    assert event is not None
    assert event == MidiEvent(key(60, kind, 2), value)  # type: ignore[arg-type]
    assert event.pressed is is_pressed
    assert event.words.startswith(f"{kind} 60 on channel 3 of Launchpad")


@pytest.mark.parametrize("kind", ["clock", "start", "active_sensing", "pitchwheel", "aftertouch", "polytouch", "sysex"])
def test_clock_pitch_bend_and_the_like_are_no_keys(kind: str) -> None:
    assert event_of(mido.Message(kind), PADS) is None


def test_a_binding_without_a_port_is_of_every_controller() -> None:
    anywhere, here, elsewhere = (binding("tap", port=port) for port in ("", PADS, "Keys"))
    assert bound_to([anywhere, here, elsewhere], key(60)) == (anywhere, here)
    assert bound_to([anywhere], key(60, channel=1)) == ()
    assert bound_to([anywhere], key(60, "control")) == ()
    assert bound_to([anywhere], key(61)) == ()


@pytest.mark.parametrize(
    ("bound", "says", "let_go"),
    [
        (binding("tap"), Command("tap"), None),
        (binding("freeze"), Command("freeze", True), Command("freeze", False)),
        (binding("freeze", value=True), Command("freeze", True), Command("freeze", False)),
        (binding("freeze", value=False), Command("freeze", False), None),
        (binding("energy", value=1.5), Command("energy", 1.5), None),
        (binding("nudge", value=-10), Command("nudge", -10.0), None),
        (binding("expert", value="krump"), Command("expert", "krump"), None),
        (binding("expert_now", value="krump"), Command("expert_now", "krump"), None),
        (binding("scene", value="drop"), Command("scene", "drop"), None),
        (binding("marker"), Command("marker", ""), None),
        (binding("pattern", value="t_pose"), Command("pattern", "t_pose"), None),
    ],
)
def test_a_momentary_key_acts_when_pressed_and_a_switch_goes_off_when_let_go(
    bound: MidiBinding, says: Command, let_go: Command | None
) -> None:
    assert pressed(bound, DANCING, EXPERTS) == says
    assert released(bound) == let_go


@pytest.mark.parametrize(
    ("bound", "standing", "says"),
    [
        (binding("freeze", "toggle"), DANCING, Command("freeze", True)),
        (binding("freeze", "toggle"), Standing(Control("house", freeze=True)), Command("freeze", False)),
        (binding("record", "toggle"), Standing(Control("house", recording=True)), Command("record", False)),
        (binding("freeze", "toggle"), Standing(), Command("freeze", True)),
        (binding("lock", "toggle"), DANCING, Command("lock", True)),
        (binding("lock", "toggle"), Standing(None, BarClock(0, 0, 120, held=True)), Command("lock", False)),
        (binding("energy", "toggle", value=1.5), DANCING, Command("energy", 1.5)),
        (binding("energy", "toggle", value=1.5), Standing(Control("house", energy=1.5)), Command("energy", 1.0)),
        (binding("pattern", "toggle", value="t_pose"), DANCING, Command("pattern", "t_pose")),
        (binding("pattern", "toggle", value="t_pose"), Standing(pattern="t_pose"), Command("pattern", "off")),
        (binding("tap", "toggle"), DANCING, Command("tap")),
    ],
)
def test_a_toggle_turns_over_what_the_show_really_does(bound: MidiBinding, standing: Standing, says: Command) -> None:
    assert pressed(bound, standing, EXPERTS) == says
    assert released(bound) is None


def test_the_pad_of_an_armed_expert_disarms_it() -> None:
    armed = Standing(Control("house", armed="krump", armed_at_bars=9.0))
    assert pressed(binding("expert", value="krump"), armed, EXPERTS) == Command("expert_cancel")
    assert pressed(binding("expert", value="break"), armed, EXPERTS) == Command("expert", "break")
    assert pressed(binding("expert_now", value="krump"), armed, EXPERTS) == Command("expert_now", "krump")


@pytest.mark.parametrize(
    ("bound", "value", "says"),
    [
        (binding("energy", "range", least=0.0, greatest=2.0), 0, Command("energy", 0.0)),
        (binding("energy", "range", least=0.0, greatest=2.0), 127, Command("energy", 2.0)),
        (binding("energy", "range", least=2.0, greatest=0.0), 127, Command("energy", 0.0)),
        (binding("energy", "range", least=1.0, greatest=9.0), 127, Command("energy", 2.0)),
        (binding("seed", "range", least=0, greatest=127), 7, Command("seed", 7)),
        (binding("quantize", "range", least=0, greatest=8), 30, Command("quantize", 2.0)),
        (binding("freeze", "range"), 100, Command("freeze", True)),
        (binding("freeze", "range"), 20, Command("freeze", False)),
        (binding("expert", "range", least=0, greatest=2), 70, Command("expert", "house")),
        (binding("pattern", "range", least=0, greatest=3), 127, Command("pattern", "left_arm")),
    ],
)
def test_a_range_spans_its_limits_either_way_round(bound: MidiBinding, value: int, says: Command) -> None:
    assert moved(bound, MidiEvent(key(60, "control"), value), EXPERTS) == says


def test_a_note_as_a_range_says_its_velocity_once() -> None:
    loud = binding("energy", "range", least=0.0, greatest=2.0)
    assert moved(loud, MidiEvent(key(60), 127), EXPERTS) == Command("energy", 2.0)
    assert moved(loud, MidiEvent(key(60), 0), EXPERTS) is None
    assert moved(loud, MidiEvent(MidiKey(PADS, "program", 0, 60), 127), EXPERTS) == Command("energy", 2.0)


def test_words_that_take_no_number_are_buttons_whatever_the_binding_says() -> None:
    assert not is_range(binding("tap", "range"))
    assert not is_range(binding("marker", "range"))
    assert is_range(binding("energy", "range"))


@pytest.mark.parametrize("bound", [binding("expert", value="waltz"), binding("expert"), binding("energy")])
def test_what_makes_no_sense_is_said_in_a_sentence(bound: MidiBinding) -> None:
    with pytest.raises(CueError, match=r"is not an expert|takes a number"):
        pressed(bound, DANCING, EXPERTS)
