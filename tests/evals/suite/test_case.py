"""Suites are read strictly, and problems name file, line and remedy."""

import datetime as dt
from pathlib import Path

import pytest

from evals.suite.case import Case, load_suite, load_suites
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
        (("person: marketing", "persom: marketing"), "line 14", "did you mean `person`?"),
        (("expected: refuse", "expected: refused"), "line 18", "answer, refuse, clarify"),
        (("ordered: true", "ordered: perhaps"), "line 13", "true or false"),
        (("{name, id}", "{name, id"), "line 9", "no closing one"),
        (("    gold: SELECT COUNT(*) FROM orders\n", ""), "line 2", "`gold` is missing"),
        (("expected: refuse", "expected: refuse\n    gold: SELECT 1"), "line 19", "does not go with"),
        (("cases:", "todya: 2025-11-14\ncases:"), "line 1", "did you mean `today`?"),
        (("cases:", "today: 14 November\ncases:"), "line 1", "a day such as 2025-11-14"),
        (("ordered: true", "today: '2025-02-30'"), "line 13", "a day such as 2025-11-14"),
        (("ordered: true", "must_pass: maybe"), "line 13", "true or false"),
        (("ordered: true", "previous: [first, '']"), "line 13", "an empty question"),
        (("ordered: true", "database: postgresql://${NOT_SET_ANYWHERE}/shop"), "line 13", "is not set"),
        (("ordered: true", "tags: ["), "line", "this is not valid YAML"),
        (("cases:\n", ""), "line 1", "must start with `cases:`"),
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


TOP = """\
database: shop.sqlite
today: 2025-11-14
origin: correction
"""
FIELDS = """\
  - id: fourth
    question: And by month?
    previous: [How many orders?, "And in Rome?"]
    evidence: A month is a calendar month.
    gold: SELECT 1
    category: follow-up
    person: the night shift
    must_pass: true
    today: "2024-02-29"
    database: postgresql://me@host/shop
    origin: written
"""


def test_every_field_of_a_case_is_read(tmp_path: Path) -> None:
    case = load_suite(suite(tmp_path, GOOD + FIELDS))[-1]
    assert (case.suite, case.previous) == ("dev", ("How many orders?", "And in Rome?"))
    assert case.evidence == "A month is a calendar month."
    assert (case.person, case.must_pass, case.today) == ("the night shift", True, dt.date(2024, 2, 29))
    assert (case.database, case.origin) == ("postgresql://me@host/shop", "written")


def test_what_the_top_of_a_suite_says_holds_for_cases_that_do_not_say_otherwise(tmp_path: Path) -> None:
    first, *_, last = load_suite(suite(tmp_path, TOP + GOOD + FIELDS))
    assert first.database == str(tmp_path / "shop.sqlite")
    assert (first.today, first.origin) == (dt.date(2025, 11, 14), "correction")
    assert (last.database, last.origin) == ("postgresql://me@host/shop", "written")
    assert last.today == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("../data/shop.sqlite", "{folder}/data/shop.sqlite"),
        ("sqlite:///shop.sqlite", "sqlite:///{folder}/suites/shop.sqlite"),
        ("duckdb:////srv/shop.duckdb", "duckdb:////srv/shop.duckdb"),
        ("postgresql://me:${SHOP_PASSWORD}@host/shop", "postgresql://me:secret@host/shop"),
    ],
)
def test_the_file_of_a_database_is_relative_to_the_suite(
    written: str, read: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "secret")
    (tmp_path / "suites").mkdir()
    (first, *_) = load_suite(suite(tmp_path / "suites", f"database: {written}\n{GOOD}"))
    assert first.database == read.format(folder=tmp_path)


def test_several_suites_are_read_in_their_order_and_may_share_ids(tmp_path: Path) -> None:
    for name in ("one", "two"):
        suite(tmp_path, GOOD).rename(tmp_path / f"{name}.yaml")
    cases = load_suites([tmp_path / "two.yaml", tmp_path / "one.yaml", tmp_path / "two.yaml"])
    assert [case.suite for case in cases] == ["two"] * 3 + ["one"] * 3


def test_two_suites_of_the_same_name_are_told_apart_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    paths = [suite(tmp_path, GOOD), suite(tmp_path / "other", GOOD)]
    with pytest.raises(SettingsError, match="both the suite 'dev'"):
        load_suites(paths)


def test_golds_are_expanded_once_each() -> None:
    assert Case("a", "b", gold=("SELECT {x, y}", "SELECT x")).golds == (
        "SELECT x",
        "SELECT y",
        "SELECT x, y",
    )
