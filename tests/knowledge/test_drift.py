"""What changed in a schema, which new name may be an old one, what of the knowledge is set aside."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.database import Database
from knowledge.drift import Change, Known, KnownColumn, changes, kind_of
from knowledge.examples import load_examples
from knowledge.glossary import load_glossary
from knowledge.profile import Profiles, profile
from knowledge.quarantine import Quarantine
from knowledge.renames import renames
from knowledge.rules import load_rules
from knowledge.schema import Column, Schema, Table
from tests.conftest import SHOP_SQL, shop_schema

RULES = """\
rules:
  - rule: no-test-accounts
    says: Never count.
    require:
      customers: "{t}.is_test = 0"
      orders: "{t}.customer_id NOT IN (SELECT customer_id FROM customers WHERE is_test = 1)"
  - rule: no-personal-data
    says: Private.
    forbid: [customers.email]
"""


def shop(path: Path, *statements: str) -> Database:
    with sqlite3.connect(path) as connection:
        connection.executescript(SHOP_SQL)
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return Database.open(f"sqlite:///{path}")


def known(tmp_path: Path) -> Known:
    database = shop(tmp_path / "before.sqlite")
    schema = database.schema()
    found = Known.of(schema, profile(database, schema))
    database.close()
    return found


def test_what_came_went_and_became_another_kind_is_told_in_order() -> None:
    before = Known.of(shop_schema(), Profiles(""))
    schema = shop_schema()
    customers, orders, _ = schema.tables
    customers = replace(customers, columns=(*customers.columns[:-1], Column("joined_at", "TIMESTAMP")))
    amount = [replace(c, type="TEXT") if c.name == "amount" else c for c in orders.columns]
    now = Schema("sqlite", (customers, replace(orders, columns=tuple(amount)), Table("shops", ())))
    assert [str(change) for change in changes(before, now)] == [
        "the column customers.joined_at is new",
        "the column customers.signed_up_at is gone",
        "the type of orders.amount changed from REAL to TEXT",
        "the table products is gone",
        "the table shops is new",
    ]


def test_a_type_that_only_became_wider_is_no_change() -> None:
    assert kind_of("INTEGER") == kind_of("BIGINT") == kind_of("NUMERIC")
    assert kind_of("VARCHAR") == kind_of("TEXT")
    assert len({kind_of(t) for t in ("INTEGER", "TEXT", "TIMESTAMP", "BOOLEAN", "JSON")}) == 5


def test_without_a_schema_known_before_nothing_changed() -> None:
    assert changes(None, shop_schema()) == ()


def test_what_is_known_survives_the_disk_and_a_damaged_file_is_none(tmp_path: Path) -> None:
    found = known(tmp_path)
    found.save(tmp_path / "known.json")
    assert Known.load(tmp_path / "known.json") == found
    assert found.tables["orders"]["status"].values[0] == "paid"
    (tmp_path / "known.json").write_text('{"format": 1, "tables": [1]}')
    assert Known.load(tmp_path / "known.json") is None
    assert Known.load(tmp_path / "nothing.json") is None


def test_a_renamed_column_is_known_by_its_values_and_not_by_its_place(tmp_path: Path) -> None:
    database = shop(
        tmp_path / "shop.sqlite",
        "ALTER TABLE orders ADD COLUMN statu TEXT DEFAULT 'nothing of the old'",
        "ALTER TABLE orders RENAME COLUMN status TO phase",
        "ALTER TABLE orders RENAME COLUMN ordered_at TO placed",
    )
    before, schema = known(tmp_path), database.schema()
    found = renames(database, schema, before, changes(before, schema))
    assert found == {"orders.status": "orders.phase", "orders.ordered_at": "orders.placed"}
    database.close()


def test_a_column_of_another_kind_or_with_other_values_is_no_rename(tmp_path: Path) -> None:
    database = shop(
        tmp_path / "shop.sqlite",
        "ALTER TABLE orders DROP COLUMN status",
        "ALTER TABLE orders ADD COLUMN phase INTEGER DEFAULT 1",
        "ALTER TABLE orders ADD COLUMN remark TEXT DEFAULT 'hello'",
    )
    before, schema = known(tmp_path), database.schema()
    assert renames(database, schema, before, changes(before, schema)) == {}
    database.close()


def test_a_renamed_table_is_known_by_its_columns(tmp_path: Path) -> None:
    database = shop(tmp_path / "shop.sqlite", "ALTER TABLE orders RENAME TO purchases")
    before, schema = known(tmp_path), database.schema()
    assert renames(database, schema, before, changes(before, schema)) == {"orders": "purchases"}
    database.close()


def quarantine(schema: Schema, *found: Change, watched: bool = True, **renamed: str) -> Quarantine:
    return Quarantine(schema, tuple(found), watched, lambda: renamed)


def without(table: str, column: str) -> Schema:
    schema = shop_schema()
    tables = [
        replace(t, columns=tuple(c for c in t.columns if c.name != column)) if t.name == table else t
        for t in schema.tables
    ]
    return replace(schema, tables=tuple(tables))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "file.yaml"
        path.write_text(text)
        return path

    return write


def test_a_stale_term_is_left_out_with_its_line_and_the_others_stay(written: Callable[[str], Path]) -> None:
    path = written(
        "terms:\n  - term: revenue\n    meaning: Money.\n    metric: SUM(orders.amount)\n"
        "  - term: state\n    meaning: State.\n    column: orders.status\n"
    )
    found = quarantine(without("orders", "status"), Change("column gone", "orders", "status"))
    assert [term.term for term in load_glossary(path, found.schema, found)] == ["revenue"]
    (stale,) = found.stale
    assert (stale.kind, stale.name, stale.line) == ("term", "state", 7)
    assert stale.why == "the column orders.status is gone"
    assert stale.file.endswith("file.yaml")


def test_a_mistake_of_the_writer_is_left_out_with_the_nearest_name(written: Callable[[str], Path]) -> None:
    path = written("terms:\n  - term: state\n    meaning: State.\n    column: orders.stauts\n")
    found = quarantine(shop_schema())
    assert load_glossary(path, found.schema, found) == ()
    assert found.stale[0].why == "the table `orders` has no column `stauts`; did you mean `status`?"


def test_a_stale_example_and_one_whose_column_changed_its_type_are_left_out(
    written: Callable[[str], Path],
) -> None:
    path = written(
        "examples:\n  - question: a\n    sql: SELECT o.status FROM orders o\n"
        "  - question: b\n    sql: SELECT SUM(o.amount) FROM orders o\n"
        "  - question: c\n    sql: SELECT name FROM products\n"
    )
    found = quarantine(
        without("orders", "status"), Change("type changed", "orders", "amount", "REAL", "TEXT")
    )
    assert [example.question for example in load_examples(path, found.schema, found)] == ["c"]
    assert [(stale.name, stale.changed) for stale in found.stale] == [("a", False), ("b", True)]


def test_only_the_part_of_a_rule_that_cannot_hold_goes_and_its_table_is_closed(
    written: Callable[[str], Path],
) -> None:
    gone = Change("column gone", "customers", "is_test")
    found = quarantine(without("customers", "is_test"), gone)
    rules = load_rules(written(RULES), found.schema, found)
    assert rules[0].require == {}
    assert rules[1].forbid == ("customers.email",)
    assert found.closed == {
        table: f"answers from {table} are refused until the rule no-test-accounts is mended: {gone}"
        for table in ("customers", "orders")
    }
    assert [(stale.name, stale.line) for stale in found.stale] == [
        ("no-test-accounts: require customers", 5),
        ("no-test-accounts: require orders", 6),
    ]


def test_a_table_that_is_gone_closes_nothing_and_the_rest_of_its_rule_holds(
    written: Callable[[str], Path],
) -> None:
    schema = shop_schema()
    schema = replace(schema, tables=tuple(t for t in schema.tables if t.name != "orders"), foreign_keys=())
    found = quarantine(schema, Change("table gone", "orders"))
    assert load_rules(written(RULES), schema, found)[0].require == {"customers": "{t}.is_test = 0"}
    assert found.closed == {}
    assert len(found.stale) == 1


def test_a_renamed_table_is_closed_under_its_new_name(written: Callable[[str], Path]) -> None:
    schema = shop_schema()
    tables = [replace(t, name="purchases") if t.name == "orders" else t for t in schema.tables]
    schema = replace(schema, tables=tuple(tables), foreign_keys=())
    found = quarantine(schema, Change("table gone", "orders"), orders="purchases")
    load_rules(written(RULES), schema, found)
    assert list(found.closed) == ["purchases"]


@pytest.mark.parametrize(
    ("happened", "watched", "closed"),
    [
        ((Change("column gone", "customers", "email"),), True, []),
        (
            (Change("column gone", "customers", "email"), Change("column new", "customers", "mail")),
            True,
            ["customers"],
        ),
        ((), False, ["customers"]),
    ],
)  # fmt: skip
def test_a_hidden_column_that_is_gone_closes_its_table_where_it_may_have_another_name(
    written: Callable[[str], Path], happened: tuple[Change, ...], watched: bool, closed: list[str]
) -> None:
    found = quarantine(without("customers", "email"), *happened, watched=watched)
    assert load_rules(written(RULES), found.schema, found)[1].forbid == ()
    assert list(found.closed) == closed


def test_a_rule_whose_column_changed_its_type_closes_its_table(written: Callable[[str], Path]) -> None:
    found = quarantine(shop_schema(), Change("type changed", "customers", "is_test", "INTEGER", "TEXT"))
    load_rules(written(RULES), found.schema, found)
    assert set(found.closed) == {"customers", "orders"}
    assert all(stale.changed for stale in found.stale)


def test_a_rule_for_a_metric_that_is_left_out_closes_its_tables(tmp_path: Path) -> None:
    (tmp_path / "glossary.yaml").write_text(
        "terms:\n  - term: revenue\n    meaning: Money.\n    metric: SUM(orders.net)\n"
    )
    (tmp_path / "rules.yaml").write_text(
        "rules:\n  - rule: paid-only\n    says: Paid.\n    require: {orders: \"{t}.status = 'paid'\"}\n"
        "    only_metrics: [revenue]\n"
    )
    found = quarantine(shop_schema())
    load_glossary(tmp_path / "glossary.yaml", found.schema, found)
    load_rules(tmp_path / "rules.yaml", found.schema, found)
    assert list(found.closed) == ["orders"]


def test_a_view_of_a_closed_table_is_closed_too(written: Callable[[str], Path]) -> None:
    schema = without("customers", "is_test")
    view = Table("londoners", (Column("name", "TEXT"),), definition="SELECT name FROM customers")
    schema = replace(schema, tables=(*schema.tables, view))
    found = quarantine(schema)
    load_rules(written(RULES), schema, found)
    assert "londoners" in found.closed


def test_known_columns_keep_what_tells_them_apart() -> None:
    before = Known({"t": {"c": KnownColumn("TEXT", ("a",), "a", "z")}})
    assert changes(before, Schema("sqlite", (Table("t", (Column("c", "TEXT"),)),))) == ()
