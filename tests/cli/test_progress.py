"""What a log says of a long command."""

import pytest

from megadance_live.commands.progress import Lines, progress


def test_a_log_gets_a_line_a_minute_with_what_is_done_and_left() -> None:
    said: list[str] = []
    time_s = [0.0]
    bar = Lines("Dancing", 100.0, said.append, lambda: time_s[0])
    for _ in range(10):
        time_s[0] += 20.0
        bar(5.0)
    assert said == ["Dancing: 15%, 6 min left", "Dancing: 30%, 5 min left", "Dancing: 45%, 4 min left"]


def test_a_line_follows_what_is_changed_on_the_way_and_never_says_more_than_all() -> None:
    said: list[str] = []
    time_s = [0.0]
    bar = Lines("Reading", 0.0, said.append, lambda: time_s[0])
    time_s[0] = 60.0
    bar(1.0)
    time_s[0] = 120.0
    bar(1.0, total=1.0, what="Writing")
    assert said == ["Reading: 0%", "Writing: 100%"]


def test_a_short_command_without_a_terminal_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Dancing", 2.0) as bar:
        bar(1.0)
        bar(1.0)
    assert capfd.readouterr() == ("", "")
