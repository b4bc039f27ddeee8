"""How far the app has come is found in its log."""

import logging
import re
from types import SimpleNamespace

import pytest

from gui import milestones


def test_each_milestone_is_logged_once_with_its_time(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milestones, "_reached", set())
    times = iter([12.5, 13.0])
    monkeypatch.setattr(milestones, "time", SimpleNamespace(monotonic=lambda: next(times)))
    with caplog.at_level(logging.INFO, "gui"):
        milestones.reach("window painted")
        milestones.reach("window painted")
        milestones.reach("show connected")
    found = [re.search(milestones.PATTERN, line) for line in caplog.messages]
    assert [(each["name"], float(each["host_time_s"])) for each in found if each] == [
        ("window painted", 12.5),
        ("show connected", 13.0),
    ]
