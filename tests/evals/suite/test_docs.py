"""What docs/evals.md shows is true: its suites are sound, its figures computed, its commands are there."""

import datetime as dt
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

import assistant.demo
from evals.metrics.paired import detectable, needed
from evals.metrics.stats import wilson
from evals.suite.case import Case, load_suite
from evals.suite.lint import lint
from evals.verdict import Verdict
from graph.checks import CheckContext
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.rules import load_rules

REPOSITORY = Path(__file__).parents[3]
PAGE = (REPOSITORY / "docs" / "evals.md").read_text(encoding="utf-8")
RULES = Path(assistant.demo.__file__).parent / "workspace" / "knowledge" / "rules.yaml"
DISCORDANT = (0.05, 0.10, 0.20)
WHERE_IT_STANDS = {"suite", "file", "line"}
"""Fields of a case that are not written in a suite."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def table(header: str) -> list[list[str]]:
    """The cells of the table whose header starts so."""
    (found,) = re.findall(rf"^\| {re.escape(header)} \|.*\n\| ---.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found.splitlines()]


def suites() -> list[str]:
    return [block for block in blocks("yaml") if block.startswith("cases:")]


@pytest.mark.parametrize("number", range(len(suites())))
def test_its_suites_are_sound(number: int, kestrel: Path, tmp_path: Path) -> None:
    path = tmp_path / "dev.yaml"
    path.write_text(suites()[number], encoding="utf-8")
    database = Database.open(str(kestrel))
    schema = database.schema()
    context = CheckContext(schema, load_rules(RULES, schema), "", FrozenClock(dt.date(2025, 11, 14)))
    try:
        assert [str(problem) for problem in lint(load_suite(path), database, context)] == []
    finally:
        database.close()


def test_it_shows_a_suite_with_every_expectation() -> None:
    assert suites()
    assert all(
        word in "".join(suites()) for word in ("must_pass", "ordered", "previous", "refuse", "clarify")
    )


def test_it_explains_every_field_of_a_case() -> None:
    told = [cells[0].strip("`") for cells in table("field")]
    assert sorted(told) == sorted({field.name for field in fields(Case)} - WHERE_IT_STANDS)


def test_it_explains_every_verdict() -> None:
    told = {cells[0].strip("`"): cells[1] for cells in table("verdict | right?")}
    assert set(told) == {verdict.value for verdict in Verdict}
    assert {name for name, right in told.items() if right == "yes"} == {v.value for v in Verdict if v.right}
    assert {name for name, right in told.items() if right == "unscored"} == {
        v.value for v in Verdict if not v.scored
    }


def test_its_intervals_are_those_of_the_code() -> None:
    for questions, *told in table("questions | 50% right"):
        found = [wilson(share * int(questions), int(questions)) for share in (0.5, 0.8, 0.95)]
        assert told == [f"{100 * one.low:.1f} to {100 * one.high:.1f}" for one in found]


def test_its_smallest_differences_are_those_of_the_code() -> None:
    for questions, *told in table("questions | 5% discordant"):
        assert told == [f"{100 * detectable(int(questions), share):.1f}" for share in DISCORDANT]


def test_its_numbers_of_questions_are_those_of_the_code() -> None:
    for points, *told in table("difference in points"):
        assert told == [str(needed(int(points) / 100, share)) for share in DISCORDANT]


def commands() -> list[str]:
    lines = "".join(blocks("sh")).replace("\\\n", " ").splitlines()
    return [line for line in lines if "quarry " in line]


@pytest.mark.parametrize("line", commands())
def test_its_commands_and_their_options_exist(line: str) -> None:
    from typer.main import get_command

    from assistant.cli import app

    words = shlex.split(line, comments=True)
    words = words[next(place for place, word in enumerate(words) if word.endswith("quarry")) + 1 :]
    command = get_command(app)
    while hasattr(command, "commands"):
        name = words.pop(0)
        assert name in command.commands, f"there is no command {name!r}"
        command = command.commands[name]
    known = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
    assert {word for word in words if word.startswith("-")} <= known | {"--help"}
