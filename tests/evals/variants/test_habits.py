"""What no row breaks is noticed, given enough rows, and only then."""

import sqlite3
from contextlib import closing
from pathlib import Path

from evals.variants.copies import COPIERS
from evals.variants.draft import learnt
from evals.variants.habits import Habits
from evals.variants.reading import read_snapshot
from evals.variants.roles import Roles
from knowledge.database import Database


def seen(path: Path, script: str, rows: dict[str, list[tuple[object, ...]]]) -> tuple[Roles, Habits]:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
        for table, values in rows.items():
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)
        connection.commit()
    with closing(Database.open(str(path))) as database:
        schema = database.schema()
        facts = COPIERS["sqlite"].facts(database, schema, database.url)
        return learnt(read_snapshot(database, schema, facts))


TICKETS = "CREATE TABLE tickets (id INTEGER PRIMARY KEY, state TEXT, opened TIMESTAMP, closed TIMESTAMP)"


def tickets(count: int) -> list[tuple[object, ...]]:
    return [
        (
            n,
            "closed" if n % 2 else "open",
            f"2025-01-{n % 28 + 1:02} 10:00:00",
            f"2025-01-{n % 28 + 1:02} 11:00:00" if n % 2 else None,
        )
        for n in range(count)
    ]


def test_a_status_goes_with_an_empty_date_and_closing_follows_opening(tmp_path: Path) -> None:
    _, habits = seen(tmp_path / "a.sqlite", TICKETS, {"tickets": tickets(80)})
    good = {"id": 1, "state": "closed", "opened": "2025-01-01 10:00:00", "closed": "2025-01-01 11:00:00"}
    assert habits.fit("tickets", good)
    assert not habits.fit("tickets", {**good, "state": "open"})
    assert not habits.fit("tickets", {**good, "opened": "2025-01-01 12:00:00"})


def test_a_few_rows_make_no_habit(tmp_path: Path) -> None:
    _, habits = seen(tmp_path / "a.sqlite", TICKETS, {"tickets": tickets(8)})
    assert habits.fit("tickets", {"id": 1, "state": "open", "opened": "2025-01-09", "closed": "2025-01-01"})


ORDERS = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL, made TIMESTAMP);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id), quantity INTEGER,
  price REAL, amount REAL, sent TIMESTAMP);
"""


def orders(count: int, off: float = 0.0) -> dict[str, list[tuple[object, ...]]]:
    made: list[tuple[object, ...]] = []
    lines: list[tuple[object, ...]] = []
    for n in range(count):
        parts = [(k + 1, 1.5 + n % 7) for k in range(2 + n % 2)]
        made.append((n, sum(q * p for q, p in parts) + off, f"2025-01-{n % 28 + 1:02} 08:00:00"))
        for q, p in parts:
            lines.append((len(lines), n, q, p, q * p, f"2025-02-{n % 28 + 1:02} 08:00:00"))
    return {"orders": made, "lines": lines}


def test_lines_add_up_to_their_order_and_leave_after_it(tmp_path: Path) -> None:
    _, habits = seen(tmp_path / "a.sqlite", ORDERS, orders(60))
    assert [(rule.parent, rule.child) for rule in habits.adds_up] == [("total", "amount")]
    assert any(
        f.total == "amount" and {f.left, f.right} == {"quantity", "price"} for f in habits.formulas["lines"]
    )
    (key,) = {rule.key for rule in habits.inherited}
    early = {"order_id": 1, "sent": "2025-01-01 07:00:00"}
    assert not habits.fit_parent(key, early, {"id": 1, "made": "2025-01-02 08:00:00"})


def test_sums_that_are_off_are_none(tmp_path: Path) -> None:
    _, habits = seen(tmp_path / "a.sqlite", ORDERS, orders(60, off=0.5))
    assert habits.adds_up == []


def test_names_that_all_differ_identify_their_rows(tmp_path: Path) -> None:
    script = "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, colour TEXT)"
    many = [(n, f"thing {n}", "red" if n % 2 else "blue") for n in range(40)]
    _, habits = seen(tmp_path / "a.sqlite", script, {"things": many})
    assert habits.identifying["things"] == [("name",)]
    _, habits = seen(tmp_path / "b.sqlite", script, {"things": many[:10]})
    assert habits.identifying["things"] == []


def test_columns_are_known_by_what_they_hold(tmp_path: Path) -> None:
    script = "CREATE TABLE t (id INTEGER PRIMARY KEY, day TEXT, state TEXT, size REAL, note TEXT, odd TEXT)"
    rows = [
        (
            n,
            f"2025-01-{n % 28 + 1:02}",
            "ab"[n % 2],
            n * 1.5,
            f"Somebody wrote this long text, number {n}",
            None,
        )
        for n in range(40)
    ]
    roles, _ = seen(tmp_path / "a.sqlite", script, {"t": rows})
    assert [role.role for role in roles["t"].values()] == [
        "key",
        "moment",
        "choice",
        "measure",
        "prose",
        "other",
    ]
