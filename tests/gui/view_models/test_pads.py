from dataclasses import replace

import pytest

from gui.palette import expert_colour
from gui.view_models.pads import PadsModel
from megadance_live.config.preset import Bank, MidiBinding, MidiSection, Pad, PadsSection
from tests.gui.fake_port import EXPERTS
from tests.gui.view_models.stand import Stand

BEAT_S = 60 / 124
HOUSE, KRUMP, SALSA = EXPERTS.index("house"), EXPERTS.index("krump"), EXPERTS.index("salsa")


@pytest.fixture
def stand() -> Stand:
    return Stand()


@pytest.fixture
def model(stand: Stand) -> PadsModel:
    pads: PadsModel = stand.follow(PadsModel(stand.port))
    return pads


def test_without_banks_there_is_a_pad_for_each_expert_of_the_model(model: PadsModel) -> None:
    assert [pad.expert for pad in model.state.pads] == list(EXPERTS)
    assert model.state.pads[2].name == "hip hop"
    assert [pad.key for pad in model.state.pads] == list("12345678")
    assert len({pad.colour for pad in model.state.pads}) == len(EXPERTS)
    assert [pad.status for pad in model.state.pads].count("active") == 1
    assert model.state.pads[HOUSE].status == "active"
    assert (model.state.active, model.state.armed) == ("house", "")


def test_a_press_arms_and_is_only_asked_for_until_the_show_says_so(stand: Stand, model: PadsModel) -> None:
    model.press(KRUMP)
    assert stand.said == [("expert", "krump")]
    assert (model.state.pads[KRUMP].status, model.state.pads[KRUMP].wish) == ("idle", "arm")
    assert model.state.countdown_beats is None
    stand.turn(armed="krump", armed_at_bars=9.0)
    assert (model.state.pads[KRUMP].status, model.state.pads[KRUMP].wish) == ("armed", "")
    assert model.state.pads[HOUSE].status == "active"


def test_the_countdown_counts_beats_and_the_pad_blinks_with_them(stand: Stand, model: PadsModel) -> None:
    stand.turn(armed="krump", armed_at_bars=9.0)
    shown = []
    for _ in range(8):
        shown.append((model.state.countdown_beats, model.state.lit))
        stand.tick(BEAT_S / 2 + 1e-6)
    assert shown == [(4, True), (4, False), (3, True), (3, False), (2, True), (2, False), (1, True), (1, False)]


def test_a_press_on_the_armed_pad_disarms_it(stand: Stand, model: PadsModel) -> None:
    stand.turn(armed="krump", armed_at_bars=9.0)
    model.press(KRUMP)
    assert stand.said == [("expert_cancel", None)]
    assert (model.state.pads[KRUMP].status, model.state.pads[KRUMP].wish) == ("armed", "cancel")
    stand.turn(armed=None, armed_at_bars=None)
    assert (model.state.pads[KRUMP].status, model.state.pads[KRUMP].wish) == ("idle", "")


def test_a_second_press_disarms_also_before_the_show_has_answered(stand: Stand, model: PadsModel) -> None:
    model.press(KRUMP)
    model.press(KRUMP)
    model.press(KRUMP)
    assert [name for name, _ in stand.said] == ["expert", "expert_cancel", "expert"]


def test_another_press_replaces_the_armed_pad(stand: Stand, model: PadsModel) -> None:
    stand.turn(armed="krump", armed_at_bars=9.0)
    model.press(SALSA)
    assert stand.said == [("expert", "salsa")]
    assert (model.state.pads[KRUMP].status, model.state.pads[SALSA].wish) == ("armed", "arm")
    stand.turn(armed="salsa", armed_at_bars=9.0)
    assert (model.state.pads[KRUMP].status, model.state.pads[SALSA].status) == ("idle", "armed")


def test_the_active_pad_disarms_whoever_is_armed_and_else_does_nothing(stand: Stand, model: PadsModel) -> None:
    model.press(HOUSE)
    assert stand.said == []
    stand.turn(armed="krump", armed_at_bars=9.0)
    model.press(HOUSE)
    assert stand.said == [("expert_cancel", None)]


def test_cancel_is_said_also_where_nobody_seems_armed(stand: Stand, model: PadsModel) -> None:
    model.cancel()
    assert stand.said == [("expert_cancel", None)]
    assert all(pad.wish == "" for pad in model.state.pads)


def test_shift_lets_an_expert_speak_at_once(stand: Stand, model: PadsModel) -> None:
    model.press_now(KRUMP)
    assert stand.said == [("expert_now", "krump")]
    assert model.state.pads[KRUMP].wish == "now"
    stand.turn(armed="krump", armed_at_bars=8.01)
    assert model.state.pads[KRUMP].wish == "now"
    stand.turn(expert="krump", armed=None, armed_at_bars=None)
    assert (model.state.pads[KRUMP].status, model.state.pads[KRUMP].wish) == ("active", "")


def test_with_quantise_off_a_press_is_immediate(stand: Stand, model: PadsModel) -> None:
    stand.turn(quantize_bars=0.0)
    model.press(KRUMP)
    assert stand.said == [("expert_now", "krump")]


def test_a_wish_that_the_show_does_not_answer_is_no_longer_shown(stand: Stand, model: PadsModel) -> None:
    model.press(KRUMP)
    stand.tick(1.4)
    assert model.state.pads[KRUMP].wish == "arm"
    stand.tick(0.2)
    assert model.state.pads[KRUMP].wish == ""
    model.press(KRUMP)
    assert [name for name, _ in stand.said] == ["expert", "expert"]


def test_the_bar_fills_while_one_expert_gives_way_to_another(stand: Stand, model: PadsModel) -> None:
    assert (model.state.mix, model.state.mix_to) == (1.0, "")
    stand.turn(expert="krump")
    stand.music(expert=KRUMP, previous_expert=HOUSE, mix=0.4)
    assert (model.state.mix, model.state.mix_from, model.state.mix_to) == (0.4, "house", "krump")
    stand.music(mix=1.0)
    assert model.state.mix_to == ""


def test_an_expert_that_the_model_lacks_has_a_pad_that_is_off(stand: Stand, model: PadsModel) -> None:
    stand.document(pads=PadsSection(banks=(Bank(pads=(Pad(expert="vogue"), Pad(expert="krump"))),)))
    assert [pad.status for pad in model.state.pads] == ["missing", "idle"]
    assert "vogue" in model.state.trouble
    model.press(0)
    model.press_now(0)
    assert stand.said == []


def test_a_place_without_a_pad_does_nothing(stand: Stand, model: PadsModel) -> None:
    model.press(19)
    model.press_now(-1)
    assert stand.said == []


def test_the_performers_names_colours_and_order_are_kept(stand: Stand, model: PadsModel) -> None:
    pads = (Pad(expert="salsa", name="HEAT", colour="#ff0000"), Pad(expert="ballet"))
    stand.document(pads=PadsSection(banks=(Bank(name="Warm-up", pads=pads),)))
    assert [(pad.name, pad.colour) for pad in model.state.pads] == [("HEAT", "#ff0000"), ("ballet", expert_colour(0))]
    assert [page.name for page in model.state.pages] == ["Warm-up"]


def test_banks_are_turned_and_say_what_they_hold(stand: Stand, model: PadsModel) -> None:
    banks = (Bank(pads=(Pad(expert="house"),)), Bank(pads=(Pad(expert="krump"),)), Bank(pads=(Pad(expert="salsa"),)))
    stand.document(pads=PadsSection(banks=banks))
    stand.turn(armed="salsa", armed_at_bars=9.0)
    assert [(page.name, page.shown, page.holds) for page in model.state.pages] == [
        ("Bank 1", True, ""), ("Bank 2", False, ""), ("Bank 3", False, "armed")]  # fmt: skip
    model.turn(1)
    assert [pad.expert for pad in model.state.pads] == ["krump"]
    assert model.state.pages[0].holds == "active"
    model.turn(-2)
    assert [pad.expert for pad in model.state.pads] == ["salsa"]
    model.turn(1)
    assert [pad.expert for pad in model.state.pads] == ["house"]


def test_more_experts_than_keys_go_on_overleaf(stand: Stand, model: PadsModel) -> None:
    stand.engine(experts=tuple(f"dance_{n}" for n in range(23)))
    assert [len(model.state.pads), len(model.state.pages)] == [20, 2]
    model.turn(1)
    assert [pad.name for pad in model.state.pads] == ["dance 20", "dance 21", "dance 22"]
    assert model.state.pads[0].key == "1"


def test_pads_say_which_midi_keys_fire_them(stand: Stand, model: PadsModel) -> None:
    bindings = (
        MidiBinding(number=36, command="expert", value="krump"),
        MidiBinding(kind="program", channel=1, number=4, command="expert_now", value="krump"),
        MidiBinding(number=38, command="tap"),
    )
    stand.document(midi=MidiSection(bindings=bindings))
    assert model.state.pads[KRUMP].midi == "N36 PC4/2"
    assert model.state.pads[SALSA].midi == ""


def test_a_show_that_has_gone_is_told_nothing(stand: Stand, model: PadsModel) -> None:
    stand.port.shown = replace(stand.port.shown, connected=False)
    stand.tick()
    model.press(KRUMP)
    model.press_now(KRUMP)
    model.cancel()
    assert stand.said == []
    assert not model.state.ready


def test_before_the_dancer_is_loaded_nothing_is_said_and_nothing_is_missing(stand: Stand, model: PadsModel) -> None:
    stand.document(pads=PadsSection(banks=(Bank(pads=(Pad(expert="krump"),)),)))
    stand.engine(experts=(), control=None)
    model.press(0)
    assert stand.said == []
    assert [pad.status for pad in model.state.pads] == ["idle"]
    assert model.state.trouble == ""
