import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from knowledge import profile as module
from knowledge.database import Database
from knowledge.profile import ColumnProfile, Profiles, profile
from knowledge.schema import Schema
from tests.servers.process import Server


def made(folder: Path, script: str) -> tuple[Database, Schema]:
    with closing(sqlite3.connect(folder / "made.sqlite")) as connection:
        connection.executescript(script)
    database = Database.open("made.sqlite", folder=folder)
    return database, database.schema()


def test_every_database_gives_the_same_profile(shop: Database) -> None:
    profiles = profile(shop, shop.schema())

    assert profiles.rows("customers") == 3
    assert profiles.column("customers", "name").distinct == 3
    assert profiles.column("customers", "note") == ColumnProfile(
        3,
        nulls=1,
        distinct=2,
        frequent=(("100% sure: yes", 1), ("it's", 1)),
        min="100% sure: yes",
        max="it's",
    )
    amount = profiles.column("orders", "amount")
    assert (amount.min, amount.max) == (3, 99.99)
    ordered = profiles.column("orders", "ordered_at")
    assert (ordered.nulls, ordered.min, ordered.max) == (1, "2025-11-01 10:00:00", "2025-11-02 10:00:00")
    assert profiles.rows("large_orders") == 2


def test_profiles_survive_being_written_and_read(shop: Database, tmp_path: Path) -> None:
    schema = shop.schema()
    profiles = profile(shop, schema)
    profiles.save(tmp_path / "state" / "profiles.json")

    assert Profiles.from_json(profiles.to_json()) == profiles
    assert Profiles.load(tmp_path / "state" / "profiles.json", schema) == profiles


def test_frequent_values_come_first_and_at_most_twelve_are_kept(tmp_path: Path) -> None:
    rows = ", ".join(f"('{chr(97 + n)}')" for n in range(20) for _ in range(n + 1))
    database, schema = made(tmp_path, f"CREATE TABLE t (letter TEXT); INSERT INTO t VALUES {rows};")

    seen = profile(database, schema).column("t", "letter")

    assert seen.distinct == 20
    assert seen.frequent[:2] == (("t", 20), ("s", 19))
    assert len(seen.frequent) == 12
    assert not seen.is_enum


def test_a_column_with_few_values_is_an_enum(tmp_path: Path) -> None:
    database, schema = made(
        tmp_path,
        "CREATE TABLE t (level INTEGER, name TEXT); INSERT INTO t VALUES (2, 'x'), (1, 'x'), (2, NULL);",
    )
    profiles = profile(database, schema)

    assert profiles.column("t", "level").frequent == ((2, 2), (1, 1))
    assert profiles.column("t", "level").is_enum
    assert profiles.column("t", "name").is_enum
    assert not ColumnProfile(0).is_enum


def test_a_text_column_in_which_every_value_differs_has_no_frequent_ones(tmp_path: Path) -> None:
    rows = ", ".join(f"('a{n}@example.com')" for n in range(100))
    database, schema = made(tmp_path, f"CREATE TABLE t (email TEXT); INSERT INTO t VALUES {rows};")

    assert profile(database, schema).column("t", "email").frequent == ()


def test_a_large_table_is_looked_at_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAMPLE_ROWS", 100)
    database, schema = made(
        tmp_path,
        "CREATE TABLE t (i INTEGER);"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 250)"
        " INSERT INTO t SELECT i FROM n;",
    )

    table = profile(database, schema).tables["t"]

    assert (table.rows, table.sampled) == (250, True)
    assert table.columns["i"].distinct == 100


def test_an_empty_table_has_an_empty_profile(tmp_path: Path) -> None:
    database, schema = made(tmp_path, "CREATE TABLE t (i INTEGER, name TEXT);")

    profiles = profile(database, schema)

    assert profiles.rows("t") == 0
    assert profiles.column("t", "name") == ColumnProfile(0)


def test_names_that_need_quotes_are_profiled(tmp_path: Path) -> None:
    database, schema = made(
        tmp_path,
        """CREATE TABLE "Order Lines" ("group" TEXT, "a""b" TEXT);
        INSERT INTO "Order Lines" VALUES (1, 2);""",
    )

    profiles = profile(database, schema)

    assert profiles.column("Order Lines", "group").min == "1"
    assert profiles.column("Order Lines", 'a"b').min == "2"


def test_bytes_and_very_long_texts_are_not_kept(tmp_path: Path) -> None:
    database, schema = made(
        tmp_path,
        "CREATE TABLE t (raw BLOB, story TEXT);"
        f"INSERT INTO t VALUES (x'00ff', '{'long ' * 100}'), (x'00ff', 'short'), (x'01', 'short');",
    )

    profiles = profile(database, schema)

    assert profiles.column("t", "raw").frequent == ()
    assert profiles.column("t", "story").frequent == (("short", 2),)
    Profiles.from_json(profiles.to_json())


def test_one_column_that_cannot_be_read_leaves_the_others(postgres_server: Server) -> None:
    import psycopg

    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE odd (place POINT, shape POLYGON, body JSON, id UUID, ok BOOLEAN, n INTEGER)"
        )
        connection.execute(
            "INSERT INTO odd VALUES ('(1,2)', NULL, '{}', '00000000-0000-0000-0000-000000000001', true, 7)"
        )
        try:
            database = Database.open(postgres_server.url)
            seen = profile(database, database.schema()).tables["odd"].columns
            database.close()
        finally:
            connection.execute("DROP TABLE odd")

    assert seen["n"].frequent == ((7, 1),)
    assert seen["ok"].frequent == ((True, 1),)
    assert seen["id"].distinct == 1
    assert seen["shape"] == ColumnProfile(0)


def test_profiles_of_another_schema_are_not_loaded(tmp_path: Path) -> None:
    database, schema = made(tmp_path, "CREATE TABLE t (i INTEGER);")
    profile(database, schema).save(tmp_path / "profiles.json")

    assert Profiles.load(tmp_path / "profiles.json", Schema("sqlite", ())) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"fingerprint": "x", "tables": 3}', "no json"])
def test_a_damaged_profile_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "profiles.json").write_text(content)

    assert Profiles.load(tmp_path / "profiles.json", Schema("sqlite", ())) is None
    assert Profiles.load(tmp_path / "gone.json", Schema("sqlite", ())) is None


def test_a_view_that_is_too_slow_to_count_does_not_stop_the_others(tmp_path: Path) -> None:
    database, schema = made(
        tmp_path,
        "CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1);"
        "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT SUM(i) AS total FROM n;",
    )
    database.close()

    profiles = profile(Database.open("made.sqlite", folder=tmp_path, timeout_s=0.2), schema)

    assert profiles.rows("t") == 1
    assert profiles.column("endless", "total") == ColumnProfile(0)
