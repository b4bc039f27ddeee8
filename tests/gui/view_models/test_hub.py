from dataclasses import replace

from gui.view_models.hub import Hub
from megadance_live.remote.snapshot import LearnTarget, MidiView
from tests.gui.fake_port import FakePort


def test_the_bars_of_a_show_that_has_gone_do_not_go_on() -> None:
    port = FakePort()
    hub = Hub(port)
    hub.update()
    assert hub.tempo.state.bpm == 124.0
    port.shown = replace(port.shown, connected=False)
    hub.update()
    assert hub.tempo.state.bpm is None


def test_what_learning_waits_for_is_said_in_the_line_of_words() -> None:
    port = FakePort()
    hub = Hub(port)
    hub.learn.toggle()
    snapshot = replace(port.shown.snapshot, midi=MidiView(True, learning=LearnTarget("tap")))
    port.shown = replace(port.shown, snapshot=snapshot)
    hub.update()
    hub.update()
    assert hub.words.state.text == hub.learn.said != ""
