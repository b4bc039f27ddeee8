from pathlib import Path

from gui.view_models.log_tail import LINES, LogTail


def test_it_follows_a_growing_log(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    path.write_text("one\ntwo\n")
    tail = LogTail()
    tail.read(path)
    assert tail.lines == ("one", "two")
    before = tail.revision
    tail.read(path)
    assert tail.revision == before
    with path.open("a") as file:
        file.write("three\n")
    tail.read(path)
    assert tail.lines[-1] == "three"
    assert tail.revision > before


def test_only_the_last_lines_of_a_long_log_are_kept_and_none_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    path.write_text("".join(f"line {i} {'x' * 700}\n" for i in range(1000)))
    tail = LogTail()
    tail.read(path)
    assert tail.lines[-1].startswith("line 999 ")
    assert all(line.startswith("line ") for line in tail.lines)
    path.write_text("".join(f"{i}\n" for i in range(1000)))
    tail.read(path)
    assert len(tail.lines) == LINES


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    path.write_bytes(b"good\n\xff\xfe bad\n")
    tail = LogTail()
    tail.read(path)
    assert len(tail.lines) == 2


def test_a_log_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    tail = LogTail()
    tail.read(tmp_path / "none.log")
    assert tail.lines == ()
    assert tail.trouble.startswith("The log cannot be read")
    (tmp_path / "none.log").write_text("there\n")
    tail.read(tmp_path / "none.log")
    assert (tail.lines, tail.trouble) == (("there",), "")


def test_before_a_show_has_said_where_its_log_is_that_is_said() -> None:
    tail = LogTail()
    tail.read(Path())
    assert tail.trouble == "No show has said yet where its log is."
