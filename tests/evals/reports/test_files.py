"""Files of reports."""

from pathlib import Path

import pytest

from evals.reports.files import ReportError, check_writable, write


def test_a_report_is_written_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "a.html", "first")
    write(tmp_path / "a.html", "second")
    assert (tmp_path / "a.html").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_asking_whether_a_file_can_be_written_leaves_no_file_and_no_change(tmp_path: Path) -> None:
    check_writable(tmp_path / "new.html")
    assert not list(tmp_path.iterdir())
    (tmp_path / "old.html").write_text("kept")
    check_writable(tmp_path / "old.html")
    assert (tmp_path / "old.html").read_text() == "kept"


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "a.html"):
        with pytest.raises(ReportError, match=r"cannot be written to .* name another file"):
            check_writable(path)
        with pytest.raises(ReportError, match="cannot be written to"):
            write(path, "text")
