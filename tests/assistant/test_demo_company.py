"""The demo company: whole, the same every time, full of the traps that real data has."""

import hashlib
import sqlite3
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlglot
from sqlalchemy import create_engine

from assistant.demo import generate as generating
from assistant.demo.generate import generate
from graph.checks.required_filters import apply_rules
from knowledge.examples import Example, load_examples
from knowledge.glossary import Term, load_glossary
from knowledge.introspect import introspect
from knowledge.rules import load_rules
from knowledge.schema import Schema

WORKSPACE = Path(generating.__file__).with_name("workspace")
KNOWLEDGE = WORKSPACE / "knowledge"
NOW = "2025-11-14 18:00:00"


@pytest.fixture
def company(kestrel: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(kestrel)) as connection:
        yield connection


@pytest.fixture(scope="module")
def schema(kestrel: Path) -> Schema:
    return introspect(create_engine(f"sqlite:///{kestrel}"), "sqlite")


def one(company: sqlite3.Connection, sql: str) -> int:
    return int(company.execute(sql).fetchone()[0])


def tables(company: sqlite3.Connection) -> list[str]:
    found = company.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in found]


def test_the_same_seed_gives_the_same_bytes_in_little_time(kestrel: Path, tmp_path: Path) -> None:
    started = time.process_time()
    generate(tmp_path / "again.sqlite")
    assert time.process_time() - started < 15
    first, second = (hashlib.sha256(p.read_bytes()).digest() for p in (kestrel, tmp_path / "again.sqlite"))
    assert first == second


def test_a_run_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generating, "company", lambda seed: {"countries": [("DE", "too", "few")]})
    with pytest.raises(sqlite3.OperationalError):
        generate(tmp_path / "kestrel.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_it_is_large_and_keeps_every_foreign_key(company: sqlite3.Connection) -> None:
    assert sum(one(company, f"SELECT COUNT(*) FROM {table}") for table in tables(company)) >= 250_000
    assert company.execute("PRAGMA foreign_key_check").fetchall() == []


def test_order_amounts_are_the_sums_of_their_items(company: sqlite3.Connection) -> None:
    wrong = company.execute(
        "SELECT o.order_id FROM orders o LEFT JOIN order_items oi ON oi.order_id = o.order_id GROUP BY 1 "
        "HAVING ABS(o.net_amount - COALESCE(SUM(oi.net_amount), -1)) > 0.001 "
        "OR ABS(o.gross_amount - SUM(oi.gross_amount)) > 0.001"
    )
    assert wrong.fetchall() == []


def test_amounts_have_two_decimals(company: sqlite3.Connection) -> None:
    amounts = {
        "orders": ["gross_amount", "discount_amount", "shipping_fee", "net_amount", "charged_amount"],
        "order_items": ["unit_price", "gross_amount", "net_amount"],
        "refunds": ["amount"],
        "shipments": ["cost"],
        "products": ["list_price", "unit_cost"],
        "subscriptions": ["monthly_price"],
    }
    for table, columns in amounts.items():
        for column in columns:
            assert one(company, f"SELECT COUNT(*) FROM {table} WHERE {column} <> ROUND({column}, 2)") == 0, (
                column
            )


def test_nothing_happens_after_today(company: sqlite3.Connection) -> None:
    planned = {"shipments.promised_on", "campaigns.ended_on"}
    for table in tables(company):
        for _, column, kind, *_ in company.execute(f"PRAGMA table_info({table})").fetchall():
            if kind in ("DATE", "TIMESTAMP") and f"{table}.{column}" not in planned:
                assert one(company, f"SELECT COUNT(*) FROM {table} WHERE {column} > '{NOW}'") == 0, column


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("orders.ordered_at", "orders.paid_at"),
        ("shipments.shipped_at", "shipments.delivered_at"),
        ("tickets.opened_at", "tickets.first_reply_at"),
        ("tickets.first_reply_at", "tickets.closed_at"),
        ("subscriptions.started_on", "subscriptions.cancelled_on"),
        ("refunds.requested_at", "refunds.refunded_at"),
        ("customers.signed_up_at", "customers.deleted_at"),
        ("products.launched_on", "products.discontinued_on"),
    ],
)
def test_nothing_ends_before_it_begins(company: sqlite3.Connection, earlier: str, later: str) -> None:
    table = earlier.split(".")[0]
    assert one(company, f"SELECT COUNT(*) FROM {table} WHERE {later} IS NOT NULL") > 0
    assert one(company, f"SELECT COUNT(*) FROM {table} WHERE {later} < {earlier}") == 0


@pytest.mark.parametrize(
    "trap",
    [
        "customers WHERE is_test = 1",
        "customers WHERE deleted_at IS NOT NULL",
        "customers WHERE company_name IS NOT NULL",
        "customers WHERE birth_date IS NULL",
        "customers WHERE last_name = 'O''Neil'",
        "customers WHERE last_name = 'D''Angelo'",
        "customers WHERE last_name LIKE '%Müller%'",
        "customers WHERE first_name IN ('Zoë', 'Søren', 'Łukasz')",
        "customers WHERE customer_id NOT IN (SELECT customer_id FROM orders)",
        "orders WHERE status = 'X'",
        "orders WHERE status = 'N'",
        "orders WHERE paid_at IS NULL AND status = 'D'",
        "orders WHERE currency <> 'EUR' AND charged_amount <> gross_amount",
        "orders WHERE customer_id IN (SELECT customer_id FROM customers WHERE is_test = 1)",
        "subscriptions WHERE customer_id IN (SELECT customer_id FROM customers WHERE is_test = 1)",
        "tickets WHERE customer_id IN (SELECT customer_id FROM customers WHERE is_test = 1)",
        "subscriptions WHERE status = 'cancelled' AND cancel_reason IS NULL",
        "refunds WHERE status <> 'approved'",
        "refunds WHERE order_item_id IS NULL",
        "refunds WHERE order_item_id IS NOT NULL",
        "shipments WHERE status = 'lost'",
        "shipments WHERE status = 'in_transit'",
        "shipments WHERE DATE(delivered_at) > promised_on",
        "tickets WHERE topic = 'spam'",
        "tickets WHERE employee_id IS NULL AND status = 'open'",
        "tickets WHERE satisfaction IS NULL AND status = 'closed'",
        "tickets WHERE employee_id IN (SELECT employee_id FROM employees WHERE left_on IS NOT NULL)",
        "products WHERE product_id NOT IN (SELECT product_id FROM order_items)",
        "products WHERE discontinued_on IS NOT NULL",
        "campaigns WHERE campaign_id NOT IN (SELECT campaign_id FROM orders WHERE campaign_id IS NOT NULL)",
        "suppliers WHERE is_active = 0",
        "suppliers WHERE rating IS NULL",
        "inventory WHERE quantity = 0",
        "inventory WHERE quantity > 0 AND quantity < reorder_level",
        "employees WHERE manager_id IS NULL",
    ],
)
def test_it_has_the_traps_of_real_data(company: sqlite3.Connection, trap: str) -> None:
    assert one(company, f"SELECT COUNT(*) FROM {trap}") > 0


@pytest.mark.parametrize("table", ["products", "campaigns", "suppliers", "tags", "categories", "warehouses"])
def test_names_are_unique(company: sqlite3.Connection, table: str) -> None:
    assert one(company, f"SELECT COUNT(*) - COUNT(DISTINCT name) FROM {table}") == 0


def test_the_settings_say_where_the_data_ends() -> None:
    settings = tomllib.loads((WORKSPACE / "quarry.toml").read_text(encoding="utf-8"))
    assert settings["today"] == date(2025, 11, 14)
    assert settings["database"] == "sqlite:///kestrel.sqlite"
    assert settings["model"] == "models/kestrel.gguf"


@pytest.fixture(scope="module")
def terms(schema: Schema) -> tuple[Term, ...]:
    return load_glossary(KNOWLEDGE / "glossary.yaml", schema)


def test_the_glossary_covers_tables_metrics_and_filters(terms: tuple[Term, ...], schema: Schema) -> None:
    assert len(terms) >= 90
    assert sum(bool(term.metric) for term in terms) >= 22
    assert sum(bool(term.filter) for term in terms) >= 15
    assert {term.table for term in terms if term.table} == set(schema.by_name) - {"product_tags"}


def test_the_glossary_has_words_for_exactly_the_codes_that_occur(
    terms: tuple[Term, ...], company: sqlite3.Connection
) -> None:
    for term in terms:
        if term.values:
            table, column = term.column.split(".")
            rows = company.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
            assert set(term.values) == {str(value) for (value,) in rows}, term.term


def test_every_filter_keeps_some_rows_and_drops_some(
    terms: tuple[Term, ...], company: sqlite3.Connection
) -> None:
    for term in terms:
        if term.filter:
            columns = sqlglot.parse_one(term.filter, dialect="sqlite").find_all(sqlglot.exp.Column)
            table = next(column.table for column in columns if column.table)
            kept = one(company, f"SELECT COUNT(*) FROM {table} WHERE {term.filter}")
            assert 0 < kept < one(company, f"SELECT COUNT(*) FROM {table}"), term.term


EXAMPLES = load_examples(KNOWLEDGE / "examples.yaml")


def test_there_are_enough_rules_and_examples(schema: Schema) -> None:
    assert len(load_rules(KNOWLEDGE / "rules.yaml", schema)) >= 8
    assert len(load_examples(KNOWLEDGE / "examples.yaml", schema)) >= 40


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_every_example_gives_rows(company: sqlite3.Connection, example: Example) -> None:
    rows = company.execute(example.sql).fetchall()
    assert rows
    assert rows[0][-1] is not None
    assert example.by
    assert example.on


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_every_example_obeys_the_rules(schema: Schema, example: Example) -> None:
    tree = sqlglot.parse_one(example.sql, dialect="sqlite")
    ruled, _ = apply_rules(tree, schema, load_rules(KNOWLEDGE / "rules.yaml"), example.question)
    assert ruled.sql("sqlite") == tree.sql("sqlite")
