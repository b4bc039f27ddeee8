"""What a model card says of its data, and whose sections stand in it."""

from models.data.report import Facts, Report
from models.model_card import data_in_words, with_sections

CARD = "# tiny\n\nA dancer.\n\n## Parts\nMany.\n\n## Licence of the weights\nNot chosen yet.\n"


def test_the_data_of_a_card_are_those_of_the_preparation_and_name_no_place_of_a_machine() -> None:
    report = Report("/home/somebody/dances", "manifest", ("Licences: CC BY 4.0 (2 clips)",))
    report.add("a", Facts("house", "train", 60.0, "known", False))
    report.add("b", Facts("house", "test", 30.0, "guessed", False))
    told = data_in_words([report], [])
    assert told == (
        "- `dances` (manifest), 2 clips, 1.5 minutes, 1 clips held out: house 2\n  - Licences: CC BY 4.0 (2 clips)"
    )


def test_sections_of_ones_own_stand_in_place_of_those_of_the_same_heading_and_others_after_them() -> None:
    about = "## Licence of the weights\nCC BY 4.0.\n\n## Thanks\nTo all.\n"
    card = with_sections(CARD, about)
    assert card == (
        "# tiny\n\nA dancer.\n\n## Parts\nMany.\n\n## Licence of the weights\nCC BY 4.0.\n\n## Thanks\nTo all.\n"
    )


def test_without_sections_of_ones_own_a_card_stays_as_it_is() -> None:
    assert with_sections(CARD, "") == CARD
    assert with_sections(CARD, "no heading at all\n") == CARD
