"""The gate's verdict in the terminal."""

import io
from pathlib import Path

from rich.console import Console

from assistant.releasing import Incumbent, Verdict
from assistant.render.verdict import show_verdict
from evals.releases.candidate import Candidate
from evals.releases.gate import decide
from tests.evals.releases.runs import run


def told(candidate: str, current: str | None, *, sql: bool = False, width: int = 100) -> str:
    after, before = run(candidate), run(current) if current is not None else None
    verdict = Verdict(
        Candidate(Path("new.gguf")),
        Incumbent("r1", "old.gguf", "r1 (old.gguf)") if before else None,
        after,
        before,
        decide(after, before),
    )
    console = Console(file=io.StringIO(), width=width)
    show_verdict(console, verdict, "sqlite", sql=sql)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_refusal_names_each_case_that_got_worse_with_its_verdicts() -> None:
    said = told("x" * 12 + "o" * 80, "o" * 92)
    assert "new.gguf is refused against r1 (old.gguf)" in said
    assert "Got worse: 12 cases" in said
    line = next(line for line in said.splitlines() if " c11 " in line)
    assert line.split() == ["c11", "count", "exact", "wrong", "question", "11"]
    assert "87.0% of 92 cases right, before 100.0%" in said


def test_the_sql_of_both_models_is_shown_on_request() -> None:
    said = told("x" * 12 + "o" * 80, "o" * 92, sql=True)
    assert "SELECT 3, 'o'" in said
    assert "SELECT 3, 'x'" in said
    assert "SELECT" not in told("x" * 12 + "o" * 80, "o" * 92)


def test_a_long_list_is_cut_and_says_so() -> None:
    said = told("x" * 40 + "o" * 60, "o" * 100)
    assert "and 10 more" in said
    assert " c39 " not in said


def test_a_case_that_was_wrong_before_and_is_now_shown_as_right_is_named() -> None:
    assert "Wrong, and now presented as right: 1 case" in told("p" + "o" * 99, "x" + "o" * 99)


def test_a_first_release_is_compared_with_nothing() -> None:
    said = told("ooox", None)
    assert said.startswith("new.gguf ships\n")
    assert "before" not in said.replace("before 0", "")


def test_a_narrow_terminal_loses_no_case() -> None:
    said = told("x" * 12 + "o" * 80, "o" * 92, width=50)
    assert all(f"c{number}" in said for number in range(12))
    assert max(map(len, said.splitlines())) <= 50
