from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.checks import CHECKS, CheckContext
from graph.checks.finding import Finding
from graph.checks.gate import gate
from graph.checks.parse import parse
from knowledge.rules import SKIPPABLE, Rule

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "fixtures" / "wrong.yaml").read_text(encoding="utf-8")
)["cases"]
BY_NAME = {check.__name__: check for check in CHECKS}
OF_RULES = (
    *("views", "forbidden_columns", "masked_columns", "companion_columns", "scope", "required_filters"),
    "grouping",
)
HEADS = ("Applies when:", "Violated when:", "Says:", "Mends:")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['check']}: {case['sql'][:60]}")
def test_a_check_says_of_a_statement_what_it_should(
    case: dict[str, Any], asked: Callable[..., CheckContext]
) -> None:
    context = asked(case.get("question", ""), dialect=case.get("dialect", "sqlite"))
    tree = parse(case["sql"], context)
    assert not isinstance(tree, Finding)
    before = tree.sql(context.dialect)

    checked = BY_NAME[case["check"]](tree, context)

    assert tree.sql(context.dialect) == before
    assert checked.tree.sql(context.dialect) == case.get("becomes", before)
    assert all(finding.mended == ("becomes" in case) for finding in checked.findings)
    assert bool(checked.findings) == ("becomes" in case or "found" in case)
    assert case.get("found", "") in "; ".join(map(str, checked.findings))
    assert bool(checked.notes) == ("noted" in case)
    assert case.get("noted", "") in "; ".join(map(str, checked.notes))


@pytest.mark.parametrize("case", [c for c in CASES if "becomes" in c], ids=lambda c: c["sql"][:60])
def test_what_was_mended_needs_no_more_mending(
    case: dict[str, Any], asked: Callable[..., CheckContext]
) -> None:
    context = asked(case.get("question", ""), dialect=case.get("dialect", "sqlite"))
    tree = parse(case["becomes"], context)
    assert not isinstance(tree, Finding)
    assert BY_NAME[case["check"]](tree, context).findings == ()


@pytest.mark.parametrize("name", [*(name for name in SKIPPABLE if name in BY_NAME), *OF_RULES])
def test_every_check_tells_when_it_applies_what_violates_it_what_it_says_and_how_it_mends(name: str) -> None:
    said = BY_NAME[name].__doc__ or ""
    assert [head for head in HEADS if head in said] == list(HEADS)


def test_a_rule_may_skip_a_check_that_does_not_fit(asked: Callable[..., CheckContext]) -> None:
    sql, question = "SELECT o.order_id FROM orders AS o LIMIT 3", "our biggest orders"
    assert gate(sql, asked(question)).sql is None
    assert gate(sql, asked(question, Rule("any-will-do", "", skip=("limit",)))).sql == sql
