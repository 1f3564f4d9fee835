"""Suites are read strictly, and problems name file, line and remedy."""

from pathlib import Path

import pytest

from evals.suite.case import Case, load_suite
from knowledge.errors import SettingsError

GOOD = """\
cases:
  - id: first
    question: How many orders are there?
    gold: SELECT COUNT(*) FROM orders
    category: count
  - id: second
    question: Which are the best?
    gold:
      - SELECT {name, id} FROM t ORDER BY n DESC
      - SELECT name FROM u ORDER BY n DESC
    category: top
    tags: [order, top]
    ordered: true
    person: marketing
  - id: third
    question: Give me the e-mail addresses.
    category: refusal
    expected: refuse
"""


def suite(folder: Path, text: str) -> Path:
    path = folder / "dev.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_suite_is_read_whole(tmp_path: Path) -> None:
    first, second, third = load_suite(suite(tmp_path, GOOD))
    assert (first.id, first.gold, first.expected, first.line) == (
        "first",
        ("SELECT COUNT(*) FROM orders",),
        "answer",
        2,
    )
    assert (second.ordered, second.tags, second.person) == (True, ("order", "top"), "marketing")
    assert len(second.golds) == 4
    assert (third.expected, third.gold, third.golds) == ("refuse", (), ())
    assert third.where.endswith("dev.yaml, line 15")


@pytest.mark.parametrize(
    ("change", "line", "why"),
    [
        (("category: count", "categori: count"), "line 5", "unknown key `categori`"),
        (("    category: count\n", ""), "line 2", "`category` is missing"),
        (("id: second", "id: first"), "line 6", "stands on line 2 already"),
        (("person: marketing", "person: sales"), "line 14", "marketing, finance, support, operations"),
        (("expected: refuse", "expected: refused"), "line 18", "answer, refuse, clarify"),
        (("ordered: true", "ordered: perhaps"), "line 13", "true or false"),
        (("{name, id}", "{name, id"), "line 9", "no closing one"),
        (("    gold: SELECT COUNT(*) FROM orders\n", ""), "line 2", "`gold` is missing"),
        (("expected: refuse", "expected: refuse\n    gold: SELECT 1"), "line 19", "does not go with"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, change: tuple[str, str], line: str, why: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_suite(suite(tmp_path, GOOD.replace(*change)))
    assert line in str(caught.value)
    assert why in str(caught.value)


def test_a_missing_or_empty_suite_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="There is no suite"):
        load_suite(tmp_path / "none.yaml")
    with pytest.raises(SettingsError, match="has no cases"):
        load_suite(suite(tmp_path, "cases: []\n"))


def test_golds_are_expanded_once_each() -> None:
    assert Case("a", "b", gold=("SELECT {x, y}", "SELECT x")).golds == (
        "SELECT x",
        "SELECT y",
        "SELECT x, y",
    )
