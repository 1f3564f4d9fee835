"""What a log of queries tells, and what is proposed of it."""

import json
import sqlite3
from pathlib import Path

import pytest

from knowledge.database import Database
from knowledge.errors import SettingsError
from knowledge.glossary import Term
from knowledge.patterns import Logged, Patterns, mine, propose, read_log
from knowledge.patterns.template import filled, template
from knowledge.rules import Rule
from knowledge.schema import Schema
from tests.conftest import shop_schema

PAID = "SELECT SUM(o.amount) AS revenue FROM orders o WHERE o.paid = 1"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    path = tmp_path_factory.mktemp("shop") / "shop.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """
            CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name TEXT, is_test INTEGER);
            CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER, amount REAL, paid INTEGER,
                                 ordered_at TIMESTAMP, status TEXT);
            """
        )
    connection.close()
    database = Database.open(f"sqlite:///{path}")
    found = database.schema()
    database.close()
    return found


def mined(schema: Schema, *statements: str, dialect: str = "") -> Patterns:
    return mine((Logged(sql) for sql in statements), schema, dialect)


def test_a_join_is_counted_however_it_is_written(schema: Schema) -> None:
    found = mined(
        schema,
        "SELECT 1 FROM orders o JOIN customers c ON c.customer_id = o.customer_id",
        "SELECT 1 FROM orders, customers WHERE orders.customer_id = customers.customer_id",
        "SELECT 1 FROM ORDERS JOIN Customers USING (customer_id)",
    )
    assert dict(found.joins) == {("customers.customer_id", "orders.customer_id"): 3}
    assert dict(found.with_tables) == {"orders": 3, "customers": 3}


def test_filters_keep_the_values_that_they_compare_with(schema: Schema) -> None:
    found = mined(
        schema,
        "SELECT 1 FROM orders WHERE status = 'X' AND amount > 5",
        "SELECT 1 FROM orders o WHERE o.status = 'S' AND 10 < o.amount",
        "SELECT 1 FROM orders WHERE status IN ('X', 'S') AND ordered_at IS NOT NULL",
    )
    assert dict(found.filters["orders", "status", "="]) == {"'X'": 1, "'S'": 1}
    assert dict(found.filters["orders", "amount", ">"]) == {"5": 1, "10": 1}
    assert dict(found.filters["orders", "status", "IN"]) == {"'X', 'S'": 1}
    assert dict(found.filters["orders", "ordered_at", "IS NOT NULL"]) == {"": 1}


def test_what_is_left_out_by_a_subquery_is_a_filter_of_the_opposite(schema: Schema) -> None:
    sql = (
        "SELECT 1 FROM orders WHERE customer_id NOT IN (SELECT customer_id FROM customers WHERE is_test = 1)"
    )
    found = mined(schema, sql)
    assert dict(found.filters["customers", "is_test", "<>"]) == {"1": 1}


def test_measures_groups_and_grains(schema: Schema) -> None:
    found = mined(
        schema,
        "SELECT status, SUM(amount) AS revenue FROM orders GROUP BY 1",
        "SELECT strftime('%Y-%m', ordered_at) AS m, SUM(o.amount) AS revenue FROM orders o GROUP BY m",
        "SELECT strftime('%Y-%m', ordered_at), 100 * AVG(paid = 1) FROM orders GROUP BY 1",
    )
    assert found.measures["SUM(orders.amount)", "revenue"] == 2
    assert found.measures["100 * AVG(orders.paid = 1)", ""] == 1
    assert dict(found.groups) == {"orders.status": 1}
    assert dict(found.grains) == {("orders.ordered_at", "month"): 1}


def test_columns_of_subqueries_are_those_behind_them(schema: Schema) -> None:
    found = mined(schema, "WITH paid AS (SELECT * FROM orders WHERE paid = 1) SELECT COUNT(*) FROM paid")
    assert dict(found.filters["orders", "paid", "="]) == {"1": 1}
    assert not found.troubles


def test_what_is_not_understood_is_counted_with_its_reason(schema: Schema) -> None:
    found = mined(schema, "DELETE FROM orders", "SELECT FROM WHERE", "SELECT 1 FROM elsewhere", PAID)
    assert (found.read, found.understood) == (4, 1)
    reasons = sorted(reason for reason, _ in found.troubles)
    assert [reason[:24] for reason in reasons] == [
        "is no query but DELETE",
        "is no sqlite that can be",
        "reads no table of the sc",
    ]


def test_a_log_of_another_dialect_says_so(schema: Schema) -> None:
    sql = "SELECT TOP 5 [name] FROM [customers]"
    assert not mined(schema, sql).understood
    assert mined(schema, sql, dialect="tsql").understood == 1


def test_statements_that_differ_in_literals_have_one_form() -> None:
    one, values = template("SELECT a FROM t WHERE b = 'it''s'  AND c > 1.5 GROUP BY 1, 2 LIMIT 3")
    two, _ = template("SELECT a FROM t WHERE b = 'x' AND c > 9 GROUP BY 1, 2 LIMIT 7")
    assert one == two
    assert values == ["'it''s'", "1.5", "3"]
    assert filled(one, values) == "SELECT a FROM t WHERE b = 'it''s' AND c > 1.5 GROUP BY 1, 2 LIMIT 3"


def test_a_filter_that_nearly_all_queries_have_is_proposed_as_a_rule(schema: Schema) -> None:
    found = mined(schema, *[PAID] * 19, "SELECT COUNT(*) FROM orders")
    (rule,) = propose(found, schema, (), ()).rules
    assert (rule.table, rule.condition, rule.queries) == ("orders", "{t}.paid = 1", 20)
    assert rule.share == pytest.approx(0.95)
    known = Rule("paid-only", "Paid orders count.", require={"orders": "{t}.paid = 1"})
    assert propose(found, schema, (known,), ()).rules == ()


def test_a_filter_of_few_queries_or_of_many_values_is_no_rule(schema: Schema) -> None:
    assert propose(mined(schema, *[PAID] * 19), schema, (), ()).rules == ()
    many = [f"SELECT 1 FROM orders WHERE status = 's{n}'" for n in range(40)]
    assert propose(mined(schema, *many), schema, (), ()).rules == ()


def test_names_that_queries_give_are_proposed_as_terms(schema: Schema) -> None:
    turnover = "SELECT SUM(amount) AS turnover FROM orders"
    found = mined(schema, *[PAID] * 9, *[turnover] * 6, *["SELECT name AS customer_name FROM customers"] * 5)
    terms = propose(found, schema, (), ()).terms
    assert [(t.term, t.synonyms, t.metric, t.column) for t in terms] == [
        ("revenue", ("turnover",), "SUM(orders.amount)", ""),
        ("customer name", (), "", "customers.name"),
    ]
    known = Term("sales", "Net.", metric=("SUM(orders.amount)",))
    assert [t.column for t in propose(found, schema, (), (known,)).terms] == ["customers.name"]


def test_one_name_for_two_things_is_a_conflict_and_no_term(schema: Schema) -> None:
    other = "SELECT SUM(amount) / 2 AS revenue FROM orders"
    found = propose(mined(schema, *[PAID] * 6, *[other] * 6), schema, (), ())
    assert [conflict.name for conflict in found.conflicts] == ["revenue"]
    assert found.terms == ()


def test_joins_that_no_key_declares_are_told(schema: Schema) -> None:
    join = "SELECT 1 FROM orders o JOIN customers c ON c.customer_id = o.customer_id"
    assert propose(mined(schema, *[join] * 5), schema, (), ()).joins == (
        ("customers.customer_id", "orders.customer_id", 5),
    )
    declared = shop_schema()
    assert propose(mined(declared, *[join] * 5), declared, (), ()).joins == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("log.sql", "SELECT 1; -- one; two\nSELECT ';' FROM t;\n"),
        ("log.csv", 'query,calls\n"SELECT 1",3\n"SELECT \'a,b\' FROM t",2\n'),
        ("log.tsv", "Query\tCount\nSELECT 1\t3\nSELECT ';' FROM t\t2\n"),
        ("log.jsonl", '{"sql": "SELECT 1"}\n\nnot json\n{"query": "SELECT \';\' FROM t", "calls": "2"}\n'),
        ("log.json", json.dumps([{"statement": "SELECT 1"}, "SELECT 2 FROM t"])),
    ],
)
def test_logs_are_read_in_the_forms_that_tools_write(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    found = list(read_log(tmp_path / name))
    assert len(found) == 2
    assert found[0].sql == "SELECT 1"
    assert found[1].sql.endswith("FROM t")


def test_dbts_models_are_read_with_their_references_as_names(tmp_path: Path) -> None:
    model = (
        "{{ config(materialized='table') }}\nSELECT * FROM {{ ref('orders') }} WHERE day > {{ var('from') }}"
    )
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "paid.sql").write_text(model)
    (found,) = read_log(tmp_path)
    assert "FROM orders WHERE day > '?'" in " ".join(found.sql.split())


def test_a_file_that_is_no_log_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "log.xlsx").write_text("")
    with pytest.raises(SettingsError, match=r"name a \.sql"):
        read_log(tmp_path / "log.xlsx")
    with pytest.raises(SettingsError, match="name a file of queries"):
        list(read_log(tmp_path / "none.sql"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError, match=r"no \.sql file"):
        read_log(tmp_path / "empty")


def test_patterns_are_kept_and_read_again(schema: Schema, tmp_path: Path) -> None:
    found = mined(schema, PAID, "SELECT FROM", "SELECT status, COUNT(*) FROM orders GROUP BY 1")
    found.save(tmp_path / "patterns.json")
    again = Patterns.load(tmp_path / "patterns.json")
    assert again is not None
    assert again.to_json() == found.to_json()
    (tmp_path / "patterns.json").write_text("{")
    assert Patterns.load(tmp_path / "patterns.json") is None
