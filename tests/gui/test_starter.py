import logging
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.app import Starter, _options, _Reporter
from gui.assemble import fill
from gui.panels.words_line import WordsLine
from tests.gui.fake_port import FakePort


@pytest.fixture
def starter(qtbot: QtBot) -> Iterator[Starter]:
    made = Starter(_options([]))
    fill(made.window, FakePort())
    made.window.show()
    yield made
    made.window.leave_now()
    made.close()
    made.window.deleteLater()


def raised() -> Exception:
    try:
        raise ValueError("something is wrong in a panel")
    except ValueError as error:
        return error


def test_an_error_in_the_window_is_said_and_logged_once_and_the_window_goes_on(
    starter: Starter, caplog: pytest.LogCaptureFixture
) -> None:
    report, error = _Reporter(starter), raised()
    with caplog.at_level(logging.ERROR):
        for _ in range(30):
            report(type(error), error, error.__traceback__)
    assert caplog.text.count("something is wrong in a panel\n") == 1
    starter.window.tick()
    line = starter.window.findChild(WordsLine, "words")
    assert "The show goes on." in line.accessibleDescription()
    assert starter.window.isVisible()


def test_an_interruption_closes_the_window(starter: Starter) -> None:
    _Reporter(starter)(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not starter.window.isVisible()


def test_what_the_show_has_to_say_at_the_start_stands_in_the_line_of_words(starter: Starter) -> None:
    starter.say("Started safely: the last preset was not opened.")
    starter.window.tick()
    line = starter.window.findChild(WordsLine, "words")
    assert line.accessibleDescription() == "Started safely: the last preset was not opened."


@pytest.mark.parametrize(("text", "size"), [("1920x1080", (1920, 1080)), ("1280X720", (1280, 720))])
def test_a_size_is_read(text: str, size: tuple[int, int]) -> None:
    assert _options(["--geometry", text]).geometry == size
