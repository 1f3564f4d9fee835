"""Reports on the terminal."""

import io
import json

from rich.console import Console

from evals.metrics.summary import summarise
from evals.reports import terminal, versus_terminal
from evals.reports.figures import figures, remarks
from evals.reports.machine import to_json
from evals.reports.progress import watch
from evals.reports.versus import versus
from evals.runs.info import Run
from tests.evals.reports.hostile import hostile_run
from tests.evals.reports.made import made_run

RUN = made_run(90)
SUMMARY = summarise(RUN)


def console(*, width: int = 80, tty: bool = False) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=tty, color_system=None)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_summary_tells_shares_intervals_times_and_calibration() -> None:
    out = console()
    terminal.show(out, SUMMARY, by=("category", "tag", "complexity"))
    text = " ".join(printed(out).split())
    total = SUMMARY.total
    for said in (
        f"of {total.scored} scored cases came out right",
        f"{total.scored} of {total.cases}",
        "95% interval",
        "follow-up",
        "easy",
        "medium",
        "Verdicts: ",
        "Time a question: half within",
        "Confidence is off by",
        "Shown without 'please check'",
        "Must-pass cases that were not right",
    ):
        assert said in text, said


def test_nothing_is_wider_than_the_terminal() -> None:
    out = console()
    terminal.show(out, SUMMARY, by=tuple(SUMMARY.groups))
    out.print(terminal.failures(RUN.scores))
    out.print(terminal.matrix([SUMMARY, SUMMARY]))
    out.print(terminal.runs([RUN.info]))
    versus_terminal.show(out, versus(RUN, made_run(90, seed=1)))
    assert max(map(len, printed(out).splitlines())) <= 80


def test_failures_show_the_question_the_reason_the_sql_and_the_gold_of_no_right_case() -> None:
    out = console(width=160)
    out.print(terminal.failures(RUN.scores))
    text = printed(out)
    for score in RUN.scores:
        assert (score.case in text) is (not score.right)
    for said in ("shown as right", "row 1: customers is 398, not 412", "SQL", "gold", "must pass"):
        assert said in text, said


def test_what_is_said_is_no_markup_of_the_terminal() -> None:
    out = console(width=200)
    run = hostile_run()
    terminal.show(out, summarise(run), by=("category", "tag", "person", "suite"))
    out.print(terminal.failures(run.scores))
    versus_terminal.show(out, versus(made_run(3), run))
    text = printed(out)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]x[/bold]" in text.replace("\n", "")


def test_a_run_without_cases_can_be_shown() -> None:
    out = console()
    terminal.show(out, summarise(made_run(0)))
    assert "No case was scored" in printed(out)


def test_figures_without_cases_are_left_out() -> None:
    answers = Run(RUN.info, tuple(score for score in RUN.scores if score.expected == "answer"))
    names = [figure.name for figure in figures(summarise(answers))]
    assert "Refused rightly" not in names
    assert "SQL that runs" in names


def test_what_is_left_out_of_the_shares_is_told() -> None:
    assert any("undecided" in line and "Left out" in line for line in remarks(SUMMARY))


def test_a_comparison_shows_both_statements_of_each_case_that_is_not_right_in_both() -> None:
    out = console(width=160)
    found = versus(RUN, made_run(90, seed=1))
    versus_terminal.show(out, found)
    text = printed(out)
    for pair in found.pairs:
        assert (pair.score.case in text) is (pair.kind != "both right")


def test_progress_is_a_line_for_each_tenth_where_nobody_watches() -> None:
    out = console()
    with watch(out, 90, "a model, full") as hear:
        for done, score in enumerate(RUN.scores, 1):
            hear(score, done, 90, 90.0 - done)
    lines = printed(out).splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("a model, full: 9 of 90, ")
    assert lines[0].endswith("about 1 min 21 s left")
    assert lines[-1].startswith("a model, full: 90 of 90")


def test_progress_after_a_resume_does_not_tell_what_was_done_before() -> None:
    out = console()
    with watch(out, 100, "m") as hear:
        for done in (51, 55, 60):
            hear(RUN.scores[0], done, 100, None)
    assert [line.partition(",")[0] for line in printed(out).splitlines()] == ["m: 60 of 100"]


def test_progress_is_a_bar_on_a_terminal() -> None:
    out = console(tty=True, width=100)
    with watch(out, 3, "m [red]") as hear:
        hear(RUN.scores[0], 1, 3, 125.0)
        hear(RUN.scores[1], 2, 3, 60.0)
    assert "m [red]" in printed(out)


def test_the_json_holds_the_run_the_figures_and_each_case() -> None:
    data = json.loads(json.dumps(to_json(RUN, SUMMARY)))
    assert data["run"]["id"] == "r0000"
    assert data["run"]["started"] == "2025-11-14T09:05:00"
    assert data["summary"]["total"]["right"]["share"] == SUMMARY.total.right.value
    assert [entry["case"] for entry in data["scores"]] == [score.case for score in RUN.scores]
    assert "scores" not in to_json(RUN, SUMMARY, scores=False)
