"""What a person sees in the terminal, and a machine in JSON."""

import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

from rich.console import Console

from assistant.answering import Reply
from assistant.render.columns import columns
from assistant.render.machine import answer, dumps
from assistant.render.sentence import headline
from assistant.render.terminal import show
from assistant.render.timing import Split
from graph.explain import Explanation, Heading, Origin, Sentence
from graph.outcome import Answered, Clarify, Outcome, Refused, Unanswered
from knowledge.result import Result

SPLIT = Split(total=1.2, retrieval=0.03, model=0.9, database=0.2)


def shown(outcome: Outcome, sql: bool = True) -> str:
    return printed(Reply("q", outcome, SPLIT, 1, "sqlite", ("no-test-accounts",)), sql)


def printed(reply: Reply, sql: bool = True) -> str:
    out = io.StringIO()
    show(Console(file=out, width=100), reply, sql=sql)
    return out.getvalue()


def answered(columns: str, *rows: tuple[Any, ...], **more: Any) -> Answered:
    fields: dict[str, Any] = {"sql": "SELECT 1", "confidence": 0.9} | more
    truncated = bool(fields.pop("truncated", False))
    return Answered(result=Result(tuple(columns.split()), rows, truncated), **fields)


def test_an_answer_shows_rows_bars_sql_and_time() -> None:
    text = shown(answered("country revenue", ("Germany", 1200.5), ("France", 600.25), ("Italy", None)))
    assert "3 rows" in text
    assert "1,200.50" in text
    assert "█" in text
    assert "–" in text  # noqa: RUF001 - the dash that stands for NULL
    assert "SELECT 1" in text
    assert "1.2 s in all: retrieval 30 ms, model 900 ms, database 200 ms, the rest 70 ms" in text


def test_the_sql_can_be_left_out() -> None:
    assert "SELECT 1" not in shown(answered("n", (1,)), sql=False)


def test_one_number_is_said_in_the_headline() -> None:
    result = Result(("net_revenue",), ((1234567.5,),))
    assert headline(result, columns(result)) == "Net revenue: 1,234,567.50"


def test_the_teams_words_and_units_stand_in_headline_and_headings() -> None:
    revenue = Heading("revenue", "EUR")
    one = Result(("SUM(o.amount)",), ((12.5,),))
    assert headline(one, columns(one, (revenue,))) == "Revenue: 12.50 EUR"
    outcome = answered("c r", ("Germany", 3), ("France", 2))
    text = printed(Reply("q", outcome, SPLIT, 1, headings=(Heading("country"), revenue)))
    assert "country" in text
    assert "revenue (EUR)" in text


def test_a_first_and_a_last_name_are_one_column() -> None:
    outcome = answered("first_name last_name n", ("Ada", "Byron", 2), ("Max", "Planck", 1))
    names = (Heading("employee"), Heading("last name of the employee"), Heading("number of tickets"))
    text = printed(Reply("q", outcome, SPLIT, 1, headings=names))
    assert "Ada Byron" in text
    assert "last name" not in text


def test_two_categories_are_crossed() -> None:
    rows = [
        (f"2025-{m:02}", c, 100 * m + n) for m in range(1, 7) for n, c in enumerate(("app", "web", "shop"))
    ]
    names = (Heading("month"), Heading("channel"), Heading("revenue", "EUR", adds=True))
    text = printed(Reply("q", answered("m c r", *rows[:-1]), SPLIT, 1, headings=names))
    assert "17 rows: revenue (EUR) by month and channel" in text
    assert any(line.split() == ["2025-03", "300", "301", "302"] for line in text.splitlines())
    assert any(line.split() == ["2025-06", "600", "601"] for line in text.splitlines())


def test_an_explanation_is_shown_with_its_lineage_and_names_the_rules() -> None:
    explanation = Explanation(
        (Sentence("shows", "revenue"), Sentence("only", "a"), Sentence("rule", "b, by the rule r")),
        (Origin("country", "countries.name", ("countries.name",), ("customers",), plain=True),),
    )
    text = printed(Reply("q", answered("n", (1,)), SPLIT, 1, rules=("r",), explanation=explanation))
    assert [line.split() for line in text.splitlines() if "revenue" in line] == [["Shows", "revenue"]]
    assert text.count("Only") == 1
    assert "country ← countries.name via customers" in text
    assert "Rules applied" not in text


def test_no_rows_is_said() -> None:
    assert "No rows match." in shown(answered("name"))


def test_a_long_answer_says_how_much_of_it_is_shown() -> None:
    rows = [(f"c{n}",) for n in range(50)]
    assert "showing 20 of 50" in shown(answered("name", *rows))
    text = shown(answered("name", *rows, truncated=True))
    assert "showing 20 of more than 50" in text
    assert "c20" not in text


def test_a_long_course_of_time_gets_a_sparkline() -> None:
    text = shown(answered("month orders", *((f"{2023 + n // 12}-{n % 12 + 1:02}", n) for n in range(30))))
    assert "▁" in text


def test_an_answer_to_be_checked_says_so_and_notes_are_shown() -> None:
    text = shown(answered("n", (1,), check=True, confidence=0.31, notes=("no-test-accounts applied",)))
    assert "Please check this one: confidence 31%." in text
    assert "Note: no-test-accounts applied" in text


def test_the_rules_that_were_applied_are_named() -> None:
    assert "Rules applied: no-test-accounts" in shown(answered("n", (1,)))
    assert "Rules applied" not in shown(Unanswered("no"))


def test_markup_in_the_data_is_shown_as_it_is() -> None:
    assert "[bold]x[/bold]" in shown(answered("name", ("[bold]x[/bold]",), ("y",)))


def test_a_clarifying_question_lists_its_choices() -> None:
    text = shown(Clarify("Which amount?", ("net", "gross")))
    assert "Which amount?" in text
    assert "2. gross" in text


def test_what_could_not_be_answered_says_why_and_what_was_tried() -> None:
    text = shown(Unanswered("I found no table for weather.", ("SELECT weather",)))
    assert "I found no table for weather." in text
    assert "SELECT weather" in text


def test_a_refusal_names_its_rule() -> None:
    text = shown(Refused("Personal data stays in the database.", ("no-personal-data",)))
    assert "no-personal-data" in text


def test_the_start_is_told_with_its_larger_parts() -> None:
    parts = {"database": 0.01, "model": 0.3, "libraries": 1.0}
    split = Split(total=1.2, start=1.31, parts=parts)
    assert split.started() == "Starting took 1.3 s: libraries 1.0 s, model 300 ms"
    assert SPLIT.started() == ""


def test_the_parts_of_a_split_add_up() -> None:
    said = SPLIT.as_dict()
    parts = ("retrieval", "model", "database", "other")
    assert round(sum(said[name] for name in parts), 6) == said["total"]


def test_json_of_an_answer_has_the_documented_keys() -> None:
    outcome = answered("day amount", (dt.date(2025, 11, 14), Decimal("1.50")), ("x", float("nan")))
    said = json.loads(dumps(answer(Reply("q", outcome, SPLIT, 7))))
    assert set(said) == {
        "question", "outcome", "sql", "columns", "rows", "truncated", "confidence", "check", "notes",
        "source", "rules", "headings", "turn", "seconds",
    }  # fmt: skip
    assert said["outcome"] == "answered"
    assert said["rows"] == [["2025-11-14", 1.5], ["x", None]]


def test_json_holds_the_explanation_where_it_was_asked_for() -> None:
    explanation = Explanation((Sentence("shows", "n"),), (), 3, 1)
    said = json.loads(dumps(answer(Reply("q", answered("n", (1,)), SPLIT, 7, explanation=explanation))))
    assert said["explanation"]["sentences"] == [
        {"name": "Shows", "part": "shows", "text": "n", "depth": 0, "sql": ""}
    ]
    assert said["explanation"]["in_sql"] == 1


def test_json_of_other_outcomes_names_them() -> None:
    ends: list[tuple[Outcome, str]] = [
        (Clarify("Which?", ("a",)), "clarify"),
        (Unanswered("no"), "unanswered"),
        (Refused("no"), "refused"),
    ]
    for outcome, name in ends:
        assert json.loads(dumps(answer(Reply("q", outcome, SPLIT, 7))))["outcome"] == name
