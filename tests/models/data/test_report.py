from pathlib import Path

from models.data.clips import Skipped
from models.data.report import Facts, Report, write_report


def filled(folder: str = "/data/aist") -> Report:
    report = Report(folder, "aist", ("splits are the published ones",))
    report.add("a", Facts("krump", "train", 90.0, "known", True))
    report.add("b", Facts("krump", "test", 30.0, "heard", True, ("jumps",)))
    report.add("c", Facts("house", "train", 60.0, "guessed", False, ("jumps", "slopes")))
    for number in range(14):
        report.leave_out(Skipped(f"bad{number:02}", "it is too short"))
    report.leave_out(Skipped("worse", "it is broken"))
    report.complete = True
    return report


def test_the_table_counts_by_genre_and_in_all() -> None:
    headings, house, krump, total = filled().cells
    assert headings == ("source", "genre", "clips", "minutes", "held out", "beats known", "beats heard", "own music")
    assert house == ("aist", "house", "1", "1.0", "0", "0", "0", "0")
    assert krump == ("aist", "krump", "2", "2.0", "1", "1", "1", "2")
    assert total == ("aist", "all", "3", "3.0", "1", "1", "1", "2")


def test_reasons_are_grouped_and_the_commonest_comes_first() -> None:
    told = list(filled().told())
    names = ", ".join(f"bad{number:02}" for number in range(10))
    assert told == [
        "splits are the published ones",
        f"Left out: {names} and 4 more: it is too short",
        "Left out: worse: it is broken",
        "Look at: b, c: jumps",
        "Look at: c: slopes",
    ]
    assert "Left out: 1 more, in report.md" in list(filled().told(most=1))


def test_an_interrupted_run_and_a_missing_test_split_are_told() -> None:
    report = Report("/data", "bvh")
    assert "interrupted" in list(report.told())[-1]
    report.add("a", Facts("krump", "train", 90.0, "known", True))
    report.complete = True
    assert "held out" in list(report.told())[-1]


def test_the_file_keeps_the_parts_of_other_folders_and_replaces_its_own(tmp_path: Path) -> None:
    write_report(filled("/data/one"), tmp_path)
    write_report(Report("/data/two", "bvh"), tmp_path)
    path = write_report(filled("/data/two"), tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count("## /data/one") == text.count("## /data/two") == 1
    assert "interrupted" not in text
    assert "| aist | krump | 2 | 2.0 | 1 | 1 | 1 | 2 |" in text
    (tmp_path / "report.json").write_text("rubbish", encoding="utf-8")
    assert "## /data/one" not in write_report(filled("/data/two"), tmp_path).read_text(encoding="utf-8")
