"""Controllers that are played, pulled out, plugged in again and taught, while the show runs."""

import threading
from collections.abc import Iterator

import pytest

from megadance_live.config.preset import MidiBinding, MidiSection
from megadance_live.control.midi import desk as desk_module
from megadance_live.control.midi.desk import MidiDesk
from megadance_live.control.midi.standing import Standing
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.remote.snapshot import LearnTarget
from tests.control.midi.fake_midi import PADS, FakeBackend, key, until

EXPERTS = ("break", "house", "krump")


class Stage:
    """A desk at a show that does as it is told."""

    def __init__(self) -> None:
        self.midi = FakeBackend(PADS)
        self.said: list[Command] = []
        self.sections: list[MidiSection] = []
        self.standing = Standing(Control(expert="house"), BarClock(0.0, 0.0, 120.0))
        self.desk = MidiDesk(self.said.append, self.sections.append, lambda: self.standing, self.midi.make)

    def open(self, *bindings: MidiBinding, **section: object) -> None:
        self.desk.introduce(EXPERTS)
        self.desk.bind(MidiSection.model_validate({"bindings": bindings, **section}))

    @property
    def inputs(self) -> list[str]:
        return [port.name for port in self.midi.open if port.heard is not None]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(desk_module, "LOOK_S", 0.02)
    stage = Stage()
    stage.desk.start()
    yield stage
    stage.desk.close()
    assert stage.midi.open == []
    assert "midi" not in [thread.name for thread in threading.enumerate()]


def test_a_pad_fires_its_expert_and_a_release_says_nothing(stage: Stage) -> None:
    stage.open(MidiBinding(number=60, command="expert", value="krump"))
    assert until(lambda: stage.desk.view().ports == (PADS,))
    stage.midi.play(key(60))
    stage.midi.play(key(60), 0)
    stage.midi.play(key(60), 3)
    assert until(lambda: len(stage.said) == 2)
    assert stage.said == [Command("expert", "krump")] * 2
    assert until(lambda: stage.desk.view().last == "note 60 on channel 1 of Launchpad")


def test_a_knob_used_as_a_button_acts_once_each_time_it_passes_the_middle(stage: Stage) -> None:
    stage.open(MidiBinding(number=7, kind="control", command="freeze"))
    assert until(lambda: stage.inputs)
    for value in (20, 70, 90, 127, 80, 40, 10, 65):
        stage.midi.play(key(7, "control"), value)
    assert until(lambda: len(stage.said) == 3)
    assert stage.said == [Command("freeze", True), Command("freeze", False), Command("freeze", True)]


def test_a_toggle_asks_the_show_each_time(stage: Stage) -> None:
    stage.open(MidiBinding(number=60, command="freeze", mode="toggle"))
    assert until(lambda: stage.inputs)
    stage.standing = Standing(Control("house", freeze=True))  # somebody else has frozen it
    stage.midi.play(key(60))
    assert until(lambda: stage.said == [Command("freeze", False)])


def test_a_wild_fader_is_thinned_to_its_latest_place(stage: Stage) -> None:
    stage.open(MidiBinding(number=7, kind="control", command="energy", mode="range", greatest=2.0))
    assert until(lambda: stage.inputs)
    for k in range(5000):
        stage.midi.play(key(7, "control"), k % 127)
    stage.midi.play(key(7, "control"), 127)
    assert until(lambda: stage.said and stage.said[-1] == Command("energy", 2.0))
    assert len(stage.said) < 1000


def test_what_makes_no_sense_is_a_sentence_until_the_next_key(stage: Stage) -> None:
    stage.open(MidiBinding(number=60, command="expert", value="waltz"), MidiBinding(number=61, command="tap"))
    assert until(lambda: stage.inputs)
    stage.midi.play(key(60))
    assert until(lambda: '"waltz" is not an expert' in stage.desk.view().trouble)
    stage.midi.play(key(61))
    assert until(lambda: stage.desk.view().trouble == "")
    assert stage.said == [Command("tap")]


def test_a_controller_that_is_pulled_out_is_missed_in_words_and_comes_back_by_itself(stage: Stage) -> None:
    stage.open(MidiBinding(number=60, command="tap", port=PADS))
    assert until(lambda: stage.inputs == [PADS])
    stage.midi.there.clear()
    assert until(lambda: '"Launchpad" LOST' in stage.desk.view().trouble)
    assert stage.desk.view().ports == ()
    assert stage.midi.open == []
    stage.midi.there.append(PADS)
    assert until(lambda: stage.desk.view().trouble == "" and stage.inputs == [PADS])
    stage.midi.play(key(60))
    assert until(lambda: stage.said == [Command("tap")])


def test_a_pad_that_is_held_while_its_controller_goes_is_let_go(stage: Stage) -> None:
    stage.open(MidiBinding(number=60, command="freeze"))
    assert until(lambda: stage.inputs)
    stage.midi.play(key(60))
    stage.midi.there.clear()
    assert until(lambda: stage.said == [Command("freeze", True), Command("freeze", False)])


def test_a_controller_that_nobody_counts_on_may_go_without_a_word(stage: Stage) -> None:
    stage.midi.there.append("Keys")
    stage.open(MidiBinding(number=60, command="tap", port=PADS))
    assert until(lambda: stage.inputs == [PADS, "Keys"])
    stage.midi.there.remove("Keys")
    assert until(lambda: stage.desk.view().ports == (PADS,))
    assert stage.desk.view().trouble == ""


def test_only_the_chosen_inputs_are_opened_and_a_missing_one_is_named(stage: Stage) -> None:
    stage.midi.there.append("Keys")
    stage.open(ports=("Keys", "Pedal"))
    assert until(lambda: stage.inputs == ["Keys"])
    assert '"Pedal" LOST' in stage.desk.view().trouble
    assert until(lambda: stage.desk.view().left_out == (PADS,))


def test_an_input_that_another_program_has_is_named_and_opened_once_it_is_free(stage: Stage) -> None:
    stage.midi.busy.add(PADS)
    stage.open()
    assert until(lambda: "cannot be opened" in stage.desk.view().trouble)
    stage.midi.busy.clear()
    assert until(lambda: stage.inputs == [PADS] and stage.desk.view().trouble == "")


def test_no_midi_is_a_sentence_and_it_comes_by_itself(stage: Stage) -> None:
    stage.midi.gone = True
    stage.open()
    assert until(lambda: stage.desk.view().trouble == "MIDI is off: there is none here.")
    assert not stage.desk.view().available
    stage.midi.gone = False
    assert until(lambda: stage.desk.view().available and stage.inputs == [PADS])
    stage.midi.gone = True
    assert until(lambda: stage.desk.view().trouble == "MIDI is off: it has gone.")
    assert stage.midi.open == []


def test_midi_that_is_switched_off_lets_go_of_everything(stage: Stage) -> None:
    stage.open()
    assert until(lambda: stage.inputs)
    stage.open(enabled=False)
    assert until(lambda: not stage.midi.open and not stage.desk.view().available)
    assert stage.desk.view().trouble == ""


def test_the_next_message_is_learned_and_acts_from_then_on(stage: Stage) -> None:
    old = MidiBinding(number=60, command="tap")
    stage.open(old)
    assert until(lambda: stage.inputs)
    target = LearnTarget("expert", "krump")
    stage.desk.learn(target)
    assert until(lambda: stage.desk.view().learning == target)
    stage.midi.play(key(60))
    assert until(lambda: stage.sections)
    learned = stage.sections[0].bindings
    assert [(binding.number, binding.port, binding.command) for binding in learned] == [(60, PADS, "expert")]
    view = stage.desk.view()
    assert (view.learning, view.learned, view.replaced) == (None, learned[0], 1)
    stage.midi.play(key(60), 0)
    stage.midi.play(key(60))
    assert until(lambda: stage.said == [Command("expert", "krump")])


def test_learning_can_be_given_up(stage: Stage) -> None:
    stage.open(MidiBinding(number=60, command="tap"))
    assert until(lambda: stage.inputs)
    stage.desk.learn(LearnTarget("panic"))
    stage.desk.learn(None)
    stage.midi.play(key(60))
    assert until(lambda: stage.said == [Command("tap")])
    assert stage.sections == []


def test_a_fault_in_the_show_does_not_end_midi(stage: Stage) -> None:
    stage.open(MidiBinding(number=60, command="tap"))
    assert until(lambda: stage.inputs)
    said, stage.desk._say = stage.desk._say, lambda command: 1 // 0  # type: ignore[assignment,return-value]
    stage.midi.play(key(60))
    assert until(lambda: "please report it" in stage.desk.view().trouble)
    stage.desk._say = said
    stage.midi.play(key(60), 0)
    stage.midi.play(key(60))
    assert until(lambda: stage.said == [Command("tap")])


def test_lamps_follow_the_show_and_go_out_at_the_end(stage: Stage) -> None:
    stage.open(
        MidiBinding(number=1, command="expert", value="house"), MidiBinding(number=2, command="freeze", mode="toggle")
    )
    assert until(lambda: stage.midi.lamps == {key(1): 127, key(2): 0})
    stage.standing = Standing(Control("krump", freeze=True))
    assert until(lambda: stage.midi.lamps == {key(1): 0, key(2): 127})
    stage.desk.close()
    assert stage.midi.lamps == {key(1): 0, key(2): 0}


def test_a_controller_that_comes_back_is_lit_anew(stage: Stage) -> None:
    stage.open(MidiBinding(number=1, command="expert", value="house"))
    assert until(lambda: stage.midi.lamps == {key(1): 127})
    stage.midi.there.clear()
    assert until(lambda: not stage.midi.open)
    stage.midi.lamps.clear()
    stage.midi.there.append(PADS)
    assert until(lambda: stage.midi.lamps == {key(1): 127})


def test_a_pad_is_lit_anew_when_it_has_been_played(stage: Stage) -> None:
    stage.open(MidiBinding(number=1, command="expert", value="house"))
    assert until(lambda: stage.midi.lamps == {key(1): 127})
    stage.midi.lamps.clear()
    stage.midi.play(key(1))
    stage.midi.play(key(1), 0)
    assert until(lambda: stage.midi.lamps == {key(1): 127})


def test_the_lamp_of_a_button_that_sends_control_changes_is_lit_at_once(stage: Stage) -> None:
    at = key(40, "control")
    stage.open(MidiBinding(number=40, kind="control", command="freeze", mode="toggle"))
    assert until(lambda: stage.midi.lamps == {at: 0})
    stage.midi.lamps.clear()
    stage.midi.play(at, 127)
    stage.midi.play(at, 0)
    assert until(lambda: stage.midi.lamps == {at: 0})
    stage.standing = Standing(Control("house", freeze=True))
    assert until(lambda: stage.midi.lamps == {at: 127})


def test_a_fader_follows_the_value_unless_a_hand_is_on_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "HAND_OFF_S", 60.0)
    at = key(7, "control")
    stage.open(MidiBinding(number=7, kind="control", command="energy", mode="range", greatest=2.0))
    assert until(lambda: stage.midi.lamps.get(at) == 64)
    stage.standing = Standing(Control("house", energy=2.0))
    assert until(lambda: stage.midi.lamps.get(at) == 127)
    stage.midi.play(at, 10)
    assert until(lambda: stage.said)
    sent = len(stage.midi.sent)
    stage.standing = Standing(Control("house", energy=0.5))
    stage.midi.play(key(60))
    assert until(lambda: "note 60" in stage.desk.view().last)
    assert len(stage.midi.sent) == sent


def test_without_feedback_nothing_is_sent(stage: Stage) -> None:
    stage.open(MidiBinding(number=1, command="expert", value="house"), feedback=False)
    assert until(lambda: stage.inputs)
    stage.midi.play(key(1))
    assert until(lambda: stage.said)
    assert stage.midi.sent == []


def test_a_controller_whose_lamps_fail_is_opened_anew(stage: Stage) -> None:
    stage.midi.deaf = True
    stage.open(MidiBinding(number=1, command="expert", value="house"))
    assert until(lambda: "cannot be lit" in stage.desk.view().trouble)
    stage.midi.deaf = False
    assert until(lambda: stage.midi.lamps == {key(1): 127})


def test_a_desk_that_was_never_started_can_be_closed() -> None:
    desk = MidiDesk(lambda command: None, lambda section: None)
    desk.close()
    assert desk.view().ports == ()
