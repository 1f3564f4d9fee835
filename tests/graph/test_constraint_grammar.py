import datetime as dt
import sqlite3

import pytest
import sqlglot
from sqlglot import exp

from graph.checks import CheckContext
from graph.checks.functions import functions as checked_functions
from graph.checks.parse import parse
from graph.constraint import Constraint, constraint_for
from graph.constraint.words import all_functions, functions, reserved, window_functions
from graph.prompts import NO_ANSWER
from graph.specialist import SLOTS
from knowledge.clock import FrozenClock
from knowledge.schema import Column, Schema, Table
from tests.conftest import shop_schema
from tests.graph.held import accepted, accepts, babble
from tests.graph.test_gate import statements

DIALECTS = ("sqlite", "postgres", "mysql", "duckdb")
CHAT = constraint_for(shop_schema(), refusal=NO_ANSWER)
SPECIALIST = constraint_for(shop_schema(), slots=SLOTS)


def context(dialect: str) -> CheckContext:
    return CheckContext(shop_schema(dialect), (), "", FrozenClock(dt.date(2025, 11, 14)))


@pytest.mark.parametrize(("dialect", "_", "sql"), statements("constraint_good.sql"))
def test_a_good_statement_can_be_written(dialect: str, _: str, sql: str) -> None:
    assert accepted(constraint_for(shop_schema(dialect)), sql) == sql


@pytest.mark.parametrize(("dialect", "_", "sql"), statements("constraint_good.sql"))
def test_line_breaks_and_small_keywords_are_style(dialect: str, _: str, sql: str) -> None:
    spread = sql.replace(" FROM ", "\n  FROM ").replace(" WHERE ", "\n\twhere ").replace(", ", ",\n    ")
    constraint = constraint_for(shop_schema(dialect))
    assert accepted(constraint, spread) == spread or "separator" in sql.lower()


@pytest.mark.parametrize(("dialect", "_", "sql"), statements("constraint_bad.sql"))
def test_a_bad_statement_cannot(dialect: str, _: str, sql: str) -> None:
    assert not accepts(constraint_for(shop_schema(dialect)), sql)


@pytest.mark.parametrize(
    ("dialect", "check", "sql"),
    [case for case in statements("bad.sql") if case[1] not in ("forbidden_columns", "companion_columns")],
)
def test_what_the_gate_refuses_for_good_cannot_be_written(dialect: str, check: str, sql: str) -> None:
    assert not accepts(constraint_for(shop_schema(dialect)), sql), check


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("SELECT o.quantity FROM orders o", "SELECT o."),
        ("SELECT o.order_id FROM orders o WHERE o.city = 'x'", "SELECT o.order_id FROM orders o WHERE o.c"),
        ("SELECT COUNT(*) FROM invoices i", "SELECT COUNT(*) FROM "),
        ("SELECT c.city FROM orders o WHERE 1 = 1", "SELECT c.city FROM orders o "),
        ("SELECT total FROM orders", "SELECT total FROM "),
    ],
)
def test_a_wrong_name_stops_where_it_becomes_wrong(sql: str, written: str) -> None:
    assert accepted(CHAT, sql) == written


def test_a_chat_model_may_put_its_query_into_a_block() -> None:
    assert accepts(CHAT, "```sql\nSELECT COUNT(*)\nFROM orders;\n```")
    assert accepts(CHAT, "SELECT COUNT(*) FROM orders;")
    assert not accepts(CHAT, "```sql\nSELECT COUNT(*)\nFROM orders")


def test_a_chat_model_may_say_that_the_tables_cannot_answer() -> None:
    assert accepts(CHAT, f"{NO_ANSWER} there are no suppliers")
    assert not accepts(SPECIALIST, f"{NO_ANSWER} there are no suppliers")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT c.city, SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
        "WHERE o.ordered_at >= <d1a> AND o.ordered_at < <d1b> AND c.city IN (<v1>, <v2>) GROUP BY 1 "
        "LIMIT <n1>",
        "SELECT a, m FROM (SELECT c.city AS a, SUM(o.amount) AS m FROM orders o JOIN customers c ON "
        "c.customer_id = o.customer_id GROUP BY c.city) WHERE m > <n1>",
        "SELECT o2.order_id FROM orders o JOIN orders o2 ON o2.order_id = o.order_id",
    ],
)
def test_a_specialist_writes_slots_and_the_fixed_aliases(sql: str) -> None:
    assert accepted(SPECIALIST, sql) == sql


@pytest.mark.parametrize(
    "sql",
    [
        "select o.order_id from orders o",
        "SELECT o.order_id  FROM orders o",
        "SELECT c.order_id FROM orders c",
        "SELECT x.order_id FROM orders x",
        "SELECT o.city FROM orders o",
        "SELECT o.order_id FROM orders o WHERE o.amount > <v9>",
        "SELECT o.order_id FROM orders o;",
    ],
)
def test_a_specialist_writes_nothing_else(sql: str) -> None:
    assert not accepts(SPECIALIST, sql)


def test_odd_names_are_written_in_quotes() -> None:
    odd = Schema("postgres", (Table("Order Log", (Column("order", "TEXT"), Column("Größe", "INTEGER"))),))
    constraint = constraint_for(odd)
    assert accepts(constraint, 'SELECT l."order", l."Größe" FROM "Order Log" l')
    assert not accepts(constraint, "SELECT l.order FROM Order Log l")


def test_of_a_big_schema_only_the_given_tables_can_be_named() -> None:
    constraint = constraint_for(shop_schema(), tables=["orders", "products"])
    assert accepts(constraint, "SELECT COUNT(*) FROM orders")
    assert not accepts(constraint, "SELECT COUNT(*) FROM customers")


def test_the_same_schema_has_one_constraint() -> None:
    assert constraint_for(shop_schema()) is constraint_for(shop_schema())
    assert constraint_for(shop_schema(), tables=["orders"]) is not constraint_for(shop_schema())


def _calls(dialect: str) -> list[str]:
    """One call of each function, with as few and with as many arguments as it may have."""
    calls = []
    for arity, names in {**functions(dialect), **window_functions()}.items():
        least, _, most = arity.rstrip("+").partition("-")
        over = " OVER (ORDER BY amount)" if arity in window_functions() else ""
        for count in {int(least), int(most or least)}:
            calls += [
                f"{name.upper()}({', '.join(['amount'] * count)}){over if name in _windows() else ''}"
                for name in names
                if not name.startswith(("date_add", "date_sub")) or dialect != "mysql"
            ]
    return calls


def _windows() -> set[str]:
    return {name for names in window_functions().values() for name in names}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_function_passes_the_gate_with_each_number_of_arguments(dialect: str) -> None:
    refused = []
    for call in _calls(dialect):
        tree = parse(f"SELECT {call} FROM orders", context(dialect))
        if not isinstance(tree, exp.Expression) or not checked_functions(tree, context(dialect)).passed:
            refused.append(call)
    assert refused == []


def test_every_function_of_sqlite_is_there() -> None:
    with sqlite3.connect(":memory:") as connection:
        there = {row[0] for row in connection.execute("SELECT name FROM pragma_function_list")}
    assert all_functions("sqlite") <= there


def test_every_function_of_duckdb_is_there() -> None:
    duckdb = pytest.importorskip("duckdb")
    there = {row[0] for row in duckdb.sql("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()}
    # these are part of the grammar there, not of the catalogue
    assert all_functions("duckdb") - there <= {"coalesce", "ifnull", "percentile_cont", "percentile_disc"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_not_reserved_can_be_a_name(dialect: str) -> None:
    known = {str(word).lower() for word in sqlglot.Dialect.get_or_raise(dialect).tokenizer_class.KEYWORDS}
    words = sorted(word for word in known if word.isidentifier() and word not in reserved(dialect))
    unreadable = []
    for word in words:
        try:
            tree = sqlglot.parse_one(f"SELECT amount AS {word} FROM orders ORDER BY {word}", dialect=dialect)
        except sqlglot.ParseError:
            unreadable.append(word)
            continue
        if not isinstance(tree, exp.Select) or tree.named_selects != [word]:
            unreadable.append(word)
    assert unreadable == []


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("slots", [(), SLOTS], ids=["chat", "specialist"])
def test_whatever_is_babbled_can_be_parsed_and_names_what_is_there(
    dialect: str, slots: tuple[str, ...]
) -> None:
    from graph.checks.names import names
    from graph.checks.read_only import read_only

    constraint: Constraint = constraint_for(shop_schema(dialect), slots=slots)
    ended = 0
    for seed in range(40):
        text, end = babble(constraint, seed, most=160)
        if not end:
            continue
        ended += 1
        for slot in slots:
            text = text.replace(slot, "1")
        tree = parse(text.removeprefix("```sql\n").removesuffix("```"), context(dialect))
        assert isinstance(tree, exp.Expression), text
        for check in (read_only, checked_functions, names):
            assert check(tree, context(dialect)).findings == (), text
    assert ended
