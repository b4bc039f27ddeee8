from dataclasses import replace
from typing import Any

from gui.view_models.words import FRESH_S, TURN_S, WordsModel
from megadance_live.config.preset import MidiBinding, MidiSection, Preset
from megadance_live.remote.client import View
from megadance_live.remote.snapshot import MidiView, PresetView, ReceiverView
from tests.gui.fake_port import dancing_view


def seen(now_s: float = 100.0, engine: dict[str, Any] | None = None, **snapshot: Any) -> View:
    view = dancing_view(now_s, **(engine or {}))
    return replace(view, snapshot=replace(view.snapshot, **snapshot))


def test_a_quiet_show_has_an_empty_line() -> None:
    model = WordsModel()
    model.update(seen())
    assert model.state.text == ""


def test_a_notice_is_fresh_and_then_turns_grey() -> None:
    model = WordsModel()
    notice = {"notice": "The take is finished.", "noticed_s": 100.0}
    model.update(seen(101.0, notice))
    assert (model.state.text, model.state.weight) == ("The take is finished.", "notice")
    model.update(seen(100.0 + FRESH_S, notice))
    assert (model.state.text, model.state.weight) == ("The take is finished.", "old")


def test_troubles_take_turns_the_worst_first_and_say_how_many_wait() -> None:
    model = WordsModel()
    engine = {"source_status": "LOST: Scarlett has vanished."}
    receivers = (ReceiverView(1, True, trouble="nobody listens there."),)
    model.update(seen(100.0, engine, receivers=receivers))
    assert (model.state.text, model.state.weight, model.state.more) == (engine["source_status"], "bad", 1)
    model.update(seen(100.0 + TURN_S, engine, receivers=receivers))
    assert (model.state.text, model.state.weight) == ("VMC: nobody listens there.", "warning")


def test_a_fresh_notice_goes_before_troubles() -> None:
    model = WordsModel()
    model.update(seen(101.0, {"notice": "Hello.", "noticed_s": 100.5, "source_status": "LOST: away."}))
    assert (model.state.text, model.state.more) == ("Hello.", 1)


def test_what_was_said_is_kept_once_each() -> None:
    model = WordsModel()
    for now_s in (100.0, 100.1, 100.2):
        model.update(seen(now_s, {"notice": "Hello.", "noticed_s": 100.0}, trouble="The app cannot be found."))
    assert [line.split("  ", 1)[1] for line in model.said] == ["The app cannot be found.", "Hello."]


def test_the_same_notice_given_again_is_said_again() -> None:
    model = WordsModel()
    model.update(seen(100.0, {"notice": "Kept.", "noticed_s": 100.0}))
    model.update(seen(120.0, {"notice": "Kept.", "noticed_s": 119.0}))
    assert (model.state.weight, len(model.said)) == ("notice", 2)


def test_problems_of_the_preset_are_said() -> None:
    model = WordsModel()
    model.update(seen(preset=PresetView(problems=("The expert tango is not known.",))))
    assert model.state.text == "The expert tango is not known."


def test_a_machine_without_midi_is_trouble_only_for_who_uses_midi() -> None:
    model = WordsModel()
    midi = MidiView(trouble="There is no MIDI here.")
    model.update(seen(midi=midi))
    assert model.state.text == ""
    bound = Preset(midi=MidiSection(bindings=(MidiBinding(number=1, command="tap"),)))
    model.update(seen(midi=midi, preset=PresetView(bound)))
    assert model.state.text == "There is no MIDI here."


def test_the_app_has_words_of_its_own_and_what_to_do_next_stays() -> None:
    model = WordsModel()
    model.say("Started safely.", 100.0)
    model.update(seen(101.0))
    assert model.state.text == "Started safely."
    model.pinned = "Press a pad."
    model.update(seen(101.0))
    assert model.state.text == "Press a pad."


def test_the_troubles_of_a_show_that_has_gone_are_not_its_devices() -> None:
    model = WordsModel()
    lost = seen(engine={"source_status": "LOST: away."}, receivers=(ReceiverView(0, trouble="nobody listens."),))
    model.update(replace(lost, connected=False))
    assert model.state.text == ""


def test_why_a_show_has_failed_stays() -> None:
    model = WordsModel()
    model.update(replace(seen(engine={"failure": "The weights are gone."}), connected=False))
    assert model.state.text == "The weights are gone."


def test_a_test_pattern_is_not_forgotten() -> None:
    model = WordsModel()
    model.update(seen(pattern="t_pose"))
    assert model.state.text.startswith("A test pattern is sent")
