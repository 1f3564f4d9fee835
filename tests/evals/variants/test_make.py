"""Variants keep the schema and its constraints, hold what wrong SQL trips over, and repeat themselves."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from evals.variants import existing, make_variants
from evals.variants.fingerprint import fingerprint
from evals.variants.operations import OPERATIONS
from knowledge.database import Database
from knowledge.errors import DatabaseError, SettingsError
from knowledge.schema import Schema
from tests.evals.variants.conftest import file_of, made
from tests.evals.variants.shop import GOLDS


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table and view, sorted."""
    with closing(Database.open(url, max_rows=100_000)) as database:
        tables = [table.name for table in database.schema().tables]
        return {name: sorted(database.run(f'SELECT * FROM "{name}"').rows, key=repr) for name in tables}


def one(url: str, sql: str) -> Any:
    with closing(Database.open(url)) as database:
        return database.run(sql).rows[0][0]


def test_variants_have_the_schema_and_other_rows(shop: tuple[str, str], tmp_path: Path) -> None:
    original = rows_of(shop[0])
    with closing(Database.open(shop[0])) as database:
        fingerprint = database.schema().fingerprint
    variants = made(shop, tmp_path)
    assert len(set(variants)) == 2
    for variant in variants:
        with closing(Database.open(variant)) as database:
            assert database.schema().fingerprint == fingerprint
        assert rows_of(variant)["orders"] != original["orders"]
    assert rows_of(variants[0])["orders"] != rows_of(variants[1])["orders"]
    assert rows_of(shop[0]) == original


def test_golds_still_give_rows(variants: tuple[str, ...]) -> None:
    for variant in variants:
        with closing(Database.open(variant)) as database:
            assert all(database.run(gold).rows for gold in GOLDS)


@pytest.mark.parametrize(
    "trap",
    [
        "SELECT COUNT(*) FROM orders WHERE ordered_at = '2025-03-01 00:00:00'",
        "SELECT COUNT(*) FROM orders WHERE ordered_at = '2025-03-31 23:59:59'",
        "SELECT COUNT(*) FROM orders WHERE ordered_at = '2025-04-01 00:00:00'",
        "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2025-03-01' AND ordered_at < '2025-04-01'"
        " AND status <> 'paid'",
        "SELECT COUNT(*) FROM customers WHERE region IS NULL",
        "SELECT COUNT(*) FROM products WHERE price = 10",
        "SELECT COUNT(*) FROM customers c WHERE NOT EXISTS"
        " (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id)",
        "SELECT COUNT(*) FROM orders o WHERE NOT EXISTS"
        " (SELECT 1 FROM order_lines l WHERE l.order_id = o.order_id)",
        "SELECT COUNT(*) FROM (SELECT customer_id FROM orders GROUP BY customer_id HAVING COUNT(*) = 5) g",
        "SELECT COUNT(*) FROM (SELECT customer_id FROM orders GROUP BY customer_id HAVING COUNT(*) = 6) g",
        "SELECT COUNT(*) FROM (SELECT region FROM customers GROUP BY region HAVING COUNT(*) = 1) g",
        "SELECT COUNT(*) FROM (SELECT customer_id FROM orders GROUP BY customer_id, total, ordered_at"
        " HAVING COUNT(*) > 1) g",
    ],
)
def test_wrong_sql_finds_something_to_trip_over(variants: tuple[str, ...], trap: str) -> None:
    assert all(one(variant, trap) > 0 for variant in variants)


def test_what_holds_in_every_row_still_does(variants: tuple[str, ...]) -> None:
    broken = (
        "SELECT COUNT(*) FROM orders WHERE (status = 'cancelled') <> (cancelled_at IS NOT NULL)",
        "SELECT COUNT(*) FROM orders WHERE cancelled_at < ordered_at",
        "SELECT COUNT(*) FROM orders o WHERE ABS(o.total - COALESCE((SELECT SUM(l.amount) FROM order_lines l"
        " WHERE l.order_id = o.order_id), 0)) > 0.01",
        "SELECT COUNT(*) FROM orders WHERE ordered_at > '2025-10-28 23:59:59'",
        "SELECT COUNT(*) - COUNT(DISTINCT email) FROM customers",
    )
    for variant in variants:
        assert [one(variant, sql) for sql in broken] == [0] * len(broken)


def test_generated_columns_and_views_follow_the_new_rows(variants: tuple[str, ...]) -> None:
    for variant in variants:
        assert one(variant, "SELECT COUNT(*) FROM products WHERE double_price <> price * 2") == 0
        paid = one(variant, "SELECT COUNT(*) FROM orders WHERE status = 'paid'")
        assert one(variant, "SELECT COUNT(*) FROM paid_orders") == paid
        assert one(variant, "SELECT COUNT(*) FROM empty_table") == 0


def test_the_same_seed_gives_the_same_rows(shop: tuple[str, str], tmp_path: Path) -> None:
    first = [rows_of(url) for url in made(shop, tmp_path / "a")]
    if shop[1]:
        made(shop, tmp_path / "a", count=1, seed=9)
    again = [rows_of(url) for url in made(shop, tmp_path / "b")]
    assert first == again
    assert [rows_of(url) for url in made(shop, tmp_path / "c", seed=1)] != first


def test_files_are_the_same_bytes_whatever_python_hashes(sqlite_url: str, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from evals.variants import make_variants;"
        "from knowledge.database import Database; from tests.evals.variants.shop import GOLDS;"
        "url, folder = sys.argv[1:]; schema = Database.open(url).schema();"
        "make_variants(url, schema, Path(folder), golds=GOLDS)"
    )
    found = []
    for number in ("1", "2"):
        folder = tmp_path / number
        environment = {**os.environ, "PYTHONHASHSEED": number, "PYTHONPATH": "."}
        subprocess.run([sys.executable, "-c", script, sqlite_url, str(folder)], check=True, env=environment)
        found.append([hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())])
    assert found[0] == found[1]
    assert len(found[0]) == 2


@pytest.mark.parametrize("kind", ["sqlite_url", "duckdb_url"])
def test_the_original_is_only_read(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    path = file_of(request.getfixturevalue(kind))
    before, stat = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat()
    path.chmod(0o444)
    made((f"{kind.split('_')[0]}:///{path}", ""), tmp_path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert path.stat().st_mtime_ns == stat.st_mtime_ns
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_sqlite_finds_no_damage_and_its_triggers_are_back(sqlite_url: str, tmp_path: Path) -> None:
    for variant in made((sqlite_url, ""), tmp_path):
        with closing(sqlite3.connect(file_of(variant))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            with pytest.raises(sqlite3.IntegrityError, match="no"):
                connection.execute("UPDATE customers SET name = 'x'")


def test_postgres_holds_its_constraints_and_triggers(postgres_shop: Any, tmp_path: Path) -> None:
    (variant,) = made((postgres_shop.url, postgres_shop.url), tmp_path, count=1)
    engine = create_engine(variant.replace("postgresql://", "postgresql+psycopg://"))
    count = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace ="
    count += " 'public'::regnamespace AND convalidated ORDER BY 1"
    source = create_engine(postgres_shop.url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection, source.connect() as original:
        assert connection.execute(text(count)).all() == original.execute(text(count)).all()
        with pytest.raises(Exception, match="no"):
            connection.execute(text("UPDATE customers SET name = 'x'"))
    for one_engine in (engine, source):
        one_engine.dispose()
    assert one(variant, "SELECT SUM(n) FROM order_counts") == one(variant, "SELECT COUNT(*) FROM orders")


def test_only_finished_variants_of_the_same_data_are_found(shop: tuple[str, str], tmp_path: Path) -> None:
    url = shop[0]
    with closing(Database.open(url)) as database:
        named = fingerprint(url, database, database.schema())
    variants = made(shop, tmp_path, count=3)
    assert existing(tmp_path, named) == variants
    assert existing(tmp_path, "0" * 16) == ()
    assert existing(tmp_path / "none", named) == ()
    assert len(made(shop, tmp_path, count=1)) == len(existing(tmp_path, named)) == 1


def test_other_data_has_another_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "small.sqlite"
    named = []
    for _ in range(2):
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, word TEXT)")
            connection.execute("INSERT INTO t (word) VALUES ('a')")
        connection.close()
        with closing(Database.open(str(path))) as database:
            named.append(fingerprint(database.url, database, database.schema()))
    assert named[0] != named[1]


def test_what_was_killed_half_way_is_no_variant(
    shop: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = shop[0]
    with closing(Database.open(url)) as database:
        named = fingerprint(url, database, database.schema())

    def killed(draft: Any) -> Any:
        raise KeyboardInterrupt
        yield

    with monkeypatch.context() as patch:
        patch.setattr("evals.variants.make.OPERATIONS", (OPERATIONS[0], killed))
        with pytest.raises(KeyboardInterrupt):
            made(shop, tmp_path)
    assert existing(tmp_path, named) == ()
    assert list(tmp_path.iterdir()) == []
    assert len(made(shop, tmp_path)) == 2


def test_a_process_killed_outright_leaves_no_variant(sqlite_url: str, tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from evals.variants import make;"
        "from knowledge.database import Database; url, folder = sys.argv[1:];"
        "make.OPERATIONS = (*make.OPERATIONS, lambda draft: iter([os.kill(os.getpid(), signal.SIGKILL)]));"
        "make.make_variants(url, Database.open(url).schema(), Path(folder))"
    )
    environment = {**os.environ, "PYTHONPATH": "."}
    done = subprocess.run([sys.executable, "-c", script, sqlite_url, str(tmp_path)], env=environment)
    assert done.returncode == -9
    assert list(tmp_path.glob("*.part"))
    with closing(Database.open(sqlite_url)) as database:
        named = fingerprint(sqlite_url, database, database.schema())
    assert existing(tmp_path, named) == ()
    assert existing(tmp_path, named) + made((sqlite_url, ""), tmp_path) == existing(tmp_path, named)
    assert not list(tmp_path.glob("*.part*"))


@pytest.mark.parametrize("most", [10, 40])
def test_a_large_database_is_sampled_without_dangling_keys(
    shop: tuple[str, str], most: int, tmp_path: Path
) -> None:
    for variant in made(shop, tmp_path, most_rows=most, most_rows_in_all=most * 5):
        assert one(variant, "SELECT COUNT(*) FROM products") > 0
        assert one(variant, _DANGLING) == 0
        assert one(variant, _CHILDLESS_SELVES) == 0


_DANGLING = (
    "SELECT COUNT(*) FROM order_lines l LEFT JOIN orders o ON o.order_id = l.order_id"
    " LEFT JOIN customers c ON c.customer_id = o.customer_id WHERE c.customer_id IS NULL"
)
_CHILDLESS_SELVES = (
    "SELECT COUNT(*) FROM customers c LEFT JOIN customers r ON r.customer_id = c.referred_by"
    " WHERE c.referred_by IS NOT NULL AND r.customer_id IS NULL"
)


def test_postgres_needs_a_server_that_the_user_names(postgres_shop: Any, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--into"):
        made((postgres_shop.url, ""), tmp_path)
    with pytest.raises(DatabaseError, match="give a server and a user"):
        made((postgres_shop.url, "postgresql://nobody:x@127.0.0.1:1/postgres"), tmp_path)


def test_mysql_is_said_to_be_unsupported(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="MySQL is not supported"):
        make_variants("mysql://host/shop", Schema("mysql", ()), tmp_path)


def test_the_address_of_a_postgres_variant_is_for_its_owner_alone(postgres_shop: Any, tmp_path: Path) -> None:
    made((postgres_shop.url, postgres_shop.url), tmp_path, count=1)
    (noted,) = tmp_path.iterdir()
    assert noted.stat().st_mode & 0o077 == 0


def test_arrays_json_and_enums_come_through(postgres_shop: Any, tmp_path: Path) -> None:
    for variant in made((postgres_shop.url, postgres_shop.url), tmp_path):
        kept = one(variant, "SELECT COUNT(*) FROM moods WHERE tags = '{a,b}' AND data->>'a' = '1'")
        assert kept >= 1
