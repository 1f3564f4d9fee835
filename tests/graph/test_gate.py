import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.checks import CheckContext, gate
from knowledge.clock import FrozenClock
from knowledge.rules import Rule
from tests.conftest import SHOP_SQL, TODAY, shop_schema

FIXTURES = Path(__file__).parent / "fixtures"
RULES = (
    Rule("no-personal-data", "E-mail addresses stay private.", forbid=("customers.email",)),
    Rule("one-currency", "Amounts go with a currency.", needs_column={"orders.amount": "orders.currency"}),
)


def statements(name: str) -> Iterator[tuple[str, str, str]]:
    """(dialect, what is expected, SQL) of every paragraph of a fixture file but the first."""
    for paragraph in (FIXTURES / name).read_text().split("\n\n")[1:]:
        heading, sql = paragraph.strip().split("\n", 1)
        dialects, _, expected = heading.removeprefix("--").partition(":")
        for dialect in dialects.split():
            yield dialect, expected.strip(), sql


def context(dialect: str = "sqlite", rules: tuple[Rule, ...] = RULES) -> CheckContext:
    return CheckContext(shop_schema(dialect), rules, "", FrozenClock(TODAY))


@pytest.mark.parametrize(("dialect", "check", "sql"), statements("bad.sql"))
def test_a_bad_statement_is_refused_by_the_check_that_should(dialect: str, check: str, sql: str) -> None:
    gated = gate(sql, context(dialect))
    assert gated.sql is None
    assert gated.tree is None
    assert check in {finding.check for finding in gated.findings if not finding.mended}


@pytest.mark.parametrize(("dialect", "_", "sql"), statements("good.sql"))
def test_a_good_statement_passes(dialect: str, _: str, sql: str) -> None:
    gated = gate(sql, context(dialect))
    assert gated.findings == ()
    assert gated.sql


@pytest.mark.parametrize("sql", [sql for dialect, _, sql in statements("good.sql") if dialect == "sqlite"])
def test_a_good_statement_gives_the_same_rows_after_the_gate(sql: str, shop_path: Path) -> None:
    passed = gate(sql, context()).sql
    assert passed is not None
    with sqlite3.connect(shop_path) as connection:
        after = connection.execute(passed).fetchall()
        if "'now'" not in sql:
            assert connection.execute(sql).fetchall() == after


def test_the_lists_are_long_enough() -> None:
    assert len(list(statements("bad.sql"))) >= 60
    assert len(list(statements("good.sql"))) >= 40


def test_comments_do_not_reach_the_database() -> None:
    gated = gate("SELECT COUNT(*) FROM orders /*! INTO OUTFILE 'x' */ -- hello", context("mysql"))
    assert gated.sql is None or "OUTFILE" not in gated.sql


def test_a_misspelt_column_with_one_near_name_is_mended() -> None:
    gated = gate("SELECT o.statuss FROM orders o", context())
    assert gated.sql == "SELECT o.status FROM orders AS o"
    assert [finding.mended for finding in gated.findings] == [True]


def test_a_misspelt_table_with_one_near_name_is_mended() -> None:
    assert gate("SELECT COUNT(*) FROM prodcts", context()).sql == "SELECT COUNT(*) FROM products AS prodcts"


def test_a_column_under_the_wrong_alias_moves_to_the_table_that_has_it() -> None:
    gated = gate("SELECT o.category FROM orders o JOIN products p ON p.product_id = o.product_id", context())
    assert gated.sql is not None
    assert gated.sql.startswith("SELECT p.category")


def test_text_in_double_quotes_becomes_a_string() -> None:
    gated = gate('SELECT COUNT(*) FROM customers WHERE city = "London"', context())
    assert gated.sql == "SELECT COUNT(*) FROM customers WHERE city = 'London'"


def test_two_near_names_are_a_hint_and_no_mend() -> None:
    rules: tuple[Rule, ...] = ()
    gated = gate("SELECT c.nam FROM customers c", context(rules=rules))
    assert gated.sql == "SELECT c.name FROM customers AS c"
    gated = gate("SELECT o.r_id FROM orders o", context(rules=rules))
    assert gated.sql is None


def test_a_star_is_spelled_out_without_the_forbidden_column() -> None:
    gated = gate("SELECT * FROM customers", context())
    assert gated.sql is not None
    assert "email" not in gated.sql
    assert "customers.signed_up_at" in gated.sql


@pytest.mark.parametrize(
    ("dialect", "sql", "expected"),
    [
        ("sqlite", "SELECT DATE('now', '-1 month')", "SELECT DATE('2025-11-14', '-1 month')"),
        ("sqlite", "SELECT DATE('now')", "SELECT DATE('2025-11-14')"),
        ("sqlite", "SELECT JULIANDAY()", "SELECT JULIANDAY('2025-11-14 23:59:59')"),
        ("sqlite", "SELECT CURRENT_TIME", "SELECT '23:59:59'"),
        ("sqlite", "SELECT CURRENT_DATE", "SELECT '2025-11-14'"),
        ("sqlite", "SELECT 1 FROM products WHERE name = 'now'", "SELECT 1 FROM products WHERE name = 'now'"),
        ("postgres", "SELECT now()", "SELECT CAST('2025-11-14 23:59:59' AS TIMESTAMP)"),
        ("postgres", "SELECT 'today'::date", "SELECT CAST('2025-11-14' AS DATE)"),
        ("mysql", "SELECT CURDATE()", "SELECT CAST('2025-11-14' AS DATE)"),
        ("duckdb", "SELECT today()", "SELECT CAST('2025-11-14' AS DATE)"),
    ],
)
def test_the_database_is_never_asked_for_the_time(dialect: str, sql: str, expected: str) -> None:
    assert gate(sql, context(dialect)).sql == expected


def test_a_statement_nested_too_deeply_is_a_finding_and_no_crash() -> None:
    gated = gate("SELECT " + "(" * 3000 + "1" + ")" * 3000, context())
    assert gated.sql is None
    assert "nested too deeply" in gated.why


LISTED = [*statements("good.sql"), *statements("bad.sql")]
WORDS = sorted({word for _, _, sql in LISTED for word in sql.split()})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), max_size=14))
def test_whatever_a_model_writes_the_gate_raises_nothing(words: list[str]) -> None:
    for dialect in ("sqlite", "mysql"):
        gated = gate(" ".join(words), context(dialect))
        assert (gated.sql is None) == bool(gated.why)


@pytest.mark.real
@pytest.mark.parametrize("sql", [sql for dialect, _, sql in statements("good.sql") if dialect == "duckdb"])
def test_what_passes_for_duckdb_runs_there(sql: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    passed = gate(sql, context("duckdb")).sql
    with duckdb.connect() as connection:
        connection.execute(SHOP_SQL)
        connection.execute(passed).fetchall()
