"""Whatever the schema, a variant keeps its constraints: SQLite itself is asked."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.variants import make_variants
from knowledge.database import Database

WORDS = ("red", "green", "blue", "", "Red", "a longer text that somebody wrote by hand")
DAYS = ("2025-01-01", "2025-01-31", "2024-12-31", "2025-02-28")
MOMENTS = tuple(f"{day} 23:59:59" for day in DAYS)
KINDS = {
    "INTEGER": st.integers(-3, 40),
    "REAL": st.sampled_from([0.0, 0.5, 1.25, 99.99, -2.5]),
    "TEXT": st.sampled_from(WORDS),
    "DATE": st.sampled_from(DAYS),
    "TIMESTAMP": st.sampled_from(MOMENTS),
}


@dataclass(frozen=True)
class Shape:
    """A parent, a child that points to it (and perhaps to itself), with whatever constraints were drawn."""

    script: str
    rows: tuple[tuple[str, tuple[object, ...]], ...]


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4))
    filled = draw(st.lists(st.booleans(), min_size=len(kinds), max_size=len(kinds)))
    unique = draw(st.one_of(st.none(), st.integers(0, len(kinds) - 1)))
    checked = draw(st.booleans())
    composite = draw(st.booleans())
    required, itself = draw(st.booleans()), draw(st.booleans())
    columns = [f"c{n} {kind}{' NOT NULL' if filled[n] else ''}" for n, kind in enumerate(kinds)]
    rules = ["CHECK (c0 IS NULL OR LENGTH(c0) < 60)"] if checked else []
    if checked and kinds[0] in ("INTEGER", "REAL"):
        rules = ["CHECK (c0 IS NULL OR c0 >= -3)"]
    if unique is not None:
        rules.append(f"UNIQUE (c{unique})")
    key = "PRIMARY KEY (parent_id, line)" if composite else "PRIMARY KEY (line)"
    script = f"""
        CREATE TABLE parent (id TEXT PRIMARY KEY NOT NULL, {", ".join([*columns, *rules])});
        CREATE TABLE child (
          parent_id TEXT {"NOT NULL" if required or composite else ""} REFERENCES parent (id),
          line INTEGER NOT NULL, boss INTEGER {"REFERENCES child (line)" if itself and not composite else ""},
          amount REAL NOT NULL CHECK (amount >= 0), doubled REAL AS (amount * 2), {key});
        CREATE VIEW both AS SELECT p.id, c.amount FROM parent p JOIN child c ON c.parent_id = p.id;
        CREATE TRIGGER no_more BEFORE INSERT ON child WHEN NEW.amount > 50
          BEGIN SELECT RAISE(ABORT, 'no'); END;
    """
    rows: list[tuple[str, tuple[object, ...]]] = []
    seen: set[object] = set()
    for n in range(draw(st.integers(0, 12))):
        cells = [draw(KINDS[k] if filled[i] else st.none() | KINDS[k]) for i, k in enumerate(kinds)]
        if unique is not None and cells[unique] is not None:
            if cells[unique] in seen:
                continue
            seen.add(cells[unique])
        rows.append(("parent", (f"p{n}", *cells)))
    parents = [values[0] for _, values in rows]
    for line in range(1, draw(st.integers(0, 20)) + 1 if parents else 1):
        parent = draw(
            st.sampled_from(parents) if required or composite else st.none() | st.sampled_from(parents)
        )
        boss = draw(st.none() | st.integers(1, line)) if itself and not composite else None
        amount = draw(st.sampled_from([0.0, 1.0, 7.5]))
        rows.append(("child (parent_id, line, boss, amount)", (parent, line, boss, amount)))
    return Shape(script, tuple(rows))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shapes(), st.integers(0, 3))
def test_constraints_hold_in_any_schema(shape: Shape, seed: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(shape.script)
            for table, values in shape.rows:
                marks = ", ".join("?" * len(values))
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)
            connection.commit()
            objects = connection.execute(_OBJECTS).fetchall()
        golds = ("SELECT COUNT(*) FROM child WHERE amount > 1", "SELECT id FROM parent ORDER BY id LIMIT 2")
        with closing(Database.open(str(path))) as database:
            schema = database.schema()
        for variant in make_variants(str(path), schema, Path(folder) / "made", seed=seed, golds=golds):
            with closing(sqlite3.connect(variant.removeprefix("sqlite:///"))) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
                assert connection.execute(_OBJECTS).fetchall() == objects
                for table in ("parent", "child"):
                    given_rows = sum(name.split()[0] == table for name, _ in shape.rows)
                    count = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                    assert count >= given_rows
                    assert (count > 0) == (given_rows > 0)


_OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"
