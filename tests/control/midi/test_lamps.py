"""Lamps show what the show does, not what was pressed."""

from dataclasses import replace

import pytest

from megadance_live.config.preset import MidiBinding
from megadance_live.control.midi.lamps import changed, lamps
from megadance_live.control.midi.standing import Standing
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.control import Control
from tests.control.midi.fake_midi import PADS, key

EXPERTS = ("break", "house", "krump")
CLOCK = BarClock(0.0, 8.0, 120.0)
DANCING = Standing(Control(expert="house"), CLOCK, 0.1)


def shown(command: str, standing: Standing = DANCING, **more: object) -> int | None:
    kind = more.get("kind", "note")
    bound = MidiBinding.model_validate({"number": 60, "command": command, **more})
    return lamps([bound], standing, EXPERTS, [PADS]).get(key(60, kind))  # type: ignore[arg-type]


def test_the_pad_of_the_expert_that_speaks_is_solid_and_others_are_dark() -> None:
    assert shown("expert", value="house") == 127
    assert shown("expert", value="break") == 0
    assert shown("expert", value="waltz") == 0
    assert shown("expert", Standing(), value="house") == 0


@pytest.mark.parametrize(("now_s", "lamp"), [(0.0, 127), (0.2, 127), (0.3, 0), (0.49, 0), (0.5, 127), (0.8, 0)])
def test_the_pad_of_an_armed_expert_blinks_in_tempo(now_s: float, lamp: int) -> None:
    armed = Standing(Control("house", armed="krump", armed_at_bars=9.0), CLOCK, now_s)
    assert shown("expert", armed, value="krump") == lamp
    assert shown("expert", armed, value="house") == 127


def test_a_switch_is_lit_while_it_is_on() -> None:
    frozen = replace(DANCING, control=Control("house", freeze=True))
    assert (shown("freeze"), shown("freeze", frozen)) == (0, 127)
    assert (shown("freeze", value=False), shown("freeze", frozen, value=False)) == (127, 0)
    assert shown("lock", replace(DANCING, clock=BarClock(0, 0, 120, held=True)), mode="toggle") == 127


def test_a_key_that_sets_a_value_is_lit_while_it_is_set() -> None:
    assert (shown("quantize", value=1), shown("quantize", value=4)) == (127, 0)
    assert shown("scene", replace(DANCING, scene="drop"), value="drop") == 127
    assert shown("pattern", value="t_pose") == 0


def test_the_tap_key_flashes_on_the_beat() -> None:
    assert shown("tap", replace(DANCING, now_s=0.05)) == 127
    assert shown("tap", replace(DANCING, now_s=0.3)) == 0
    assert shown("panic") == 0


@pytest.mark.parametrize(("least", "greatest", "place"), [(0, 2, 95), (2, 0, 32), (0, 1, 127), (1.5, 1.5, None)])
def test_a_fader_stands_where_the_value_is(least: float, greatest: float, place: int | None) -> None:
    standing = Standing(Control("house", energy=1.5))
    fader = {"kind": "control", "mode": "range", "least": least, "greatest": greatest}
    assert shown("energy", standing, **fader) == place
    assert shown("energy", Standing(), **fader) is None
    assert shown("energy", standing, mode="range", greatest=2) is None  # a note has a lamp, but no place


def test_a_program_change_has_no_lamp() -> None:
    assert lamps([MidiBinding(kind="program", number=60, command="freeze")], DANCING, EXPERTS, [PADS]) == {}


def test_a_binding_of_every_controller_lights_all_of_them() -> None:
    bound = [MidiBinding(number=60, command="freeze"), MidiBinding(number=60, command="expert", value="house")]
    assert lamps(bound, DANCING, EXPERTS, [PADS, "Keys"]) == {key(60): 127, key(60, port="Keys"): 127}


def test_only_what_has_changed_is_sent_and_unbound_pads_go_out() -> None:
    wanted = {key(1): 127, key(2): 0, key(3): 5}
    sent = {key(1): 127, key(2): 127, key(9): 127, key(8): 0, key(7, "control"): 90}
    assert changed(wanted, sent) == {key(2): 0, key(3): 5, key(9): 0}
