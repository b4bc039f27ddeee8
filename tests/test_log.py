"""What libraries print goes into the user's log, what we print does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from megadance_live import log

REPOSITORY = Path(__file__).resolve().parents[1]

PROGRAM = """
import logging, os, subprocess, sys
from megadance_live.log import library_log
with library_log():
    os.write(2, b"a library\\n")
    subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write('a child')"])
    logging.getLogger("ours").warning("a warning")
    print("a sentence", file=sys.stderr)
os.write(2, b"afterwards\\n")
"""


def _run(log_folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    where = (
        f"import megadance_live.log as log, pathlib; log.log_path = lambda: pathlib.Path({str(log_folder)!r}) / 'l.log'"
    )
    return subprocess.run(
        [sys.executable, "-c", where + PROGRAM], env=environment, text=True, capture_output=True, check=True
    ).stderr


def test_only_what_python_says_is_shown(tmp_path: Path) -> None:
    assert _run(tmp_path / "logs") == "a sentence\nafterwards\n"
    lines = (tmp_path / "logs" / "l.log").read_text()
    assert "a library\n" in lines
    assert "a child" in lines
    assert "WARNING ours: a warning" in lines


def test_a_log_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "a library\n" in _run(tmp_path / "file")


def test_a_long_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "l.log"
    path.write_text("x" * (log.KEPT_BYTES + 1))
    monkeypatch.setattr(log, "log_path", lambda: path)
    with log.library_log():
        pass
    assert path.stat().st_size < 1000
    assert path.with_suffix(".old.log").stat().st_size > log.KEPT_BYTES
