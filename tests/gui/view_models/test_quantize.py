from gui.view_models.quantize import CHOICES_BARS, QuantizeModel, label_of
from tests.gui.view_models.stand import Stand


def test_the_choices_are_written_as_performers_say_them() -> None:
    assert [label_of(bars) for bars in CHOICES_BARS] == ["off", "beat", "1 bar", "2 bars", "4 bars", "8 bars"]


def test_a_choice_is_asked_for_until_the_show_has_taken_it() -> None:
    stand = Stand()
    model = stand.follow(QuantizeModel(stand.port))
    model.choose(4.0)
    model.choose(1.0)
    model.choose(4.0)
    stand.tick()
    assert (model.state.bars, model.state.asked) == (4.0, True)
    stand.turn(quantize_bars=4.0)
    assert (model.state.bars, model.state.asked) == (4.0, False)
    model.choose(4.0)
    assert stand.said == [("quantize", 4.0), ("quantize", 4.0)]


def test_without_a_show_nothing_is_said() -> None:
    stand = Stand()
    model = stand.follow(QuantizeModel(stand.port))
    stand.engine(control=None)
    model.choose(4.0)
    assert stand.said == []
