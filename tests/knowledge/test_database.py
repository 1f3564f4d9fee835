import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from knowledge.database import Database
from knowledge.errors import DatabaseError, QueryError, QueryTimeoutError
from tests.servers.process import Server

ROOT = Path(__file__).parents[2]

SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
    "postgres": "SELECT COUNT(*) FROM generate_series(1, 1000000000) a",
    "mysql": "SELECT COUNT(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE (a.seq * b.seq) % 7 = 1",
    "duckdb": "SELECT COUNT(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 1",
}
ENDLESS_ROWS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "postgres": "SELECT generate_series(1, 100000000)",
    "mysql": "SELECT seq FROM seq_1_to_1000000000",
    "duckdb": "SELECT range AS i FROM range(1000000000)",
}
WRITES = (
    "INSERT INTO customers VALUES (9, 'Eve', NULL)",
    "UPDATE customers SET name = 'Eve'",
    "DELETE FROM orders",
    "DROP VIEW large_orders",
    "CREATE TABLE loot (i INTEGER)",
    "CREATE INDEX loot ON customers (name)",
    "ALTER TABLE customers ADD COLUMN loot INTEGER",
    "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
    "SELECT 1; DELETE FROM orders",
    "COMMIT; DELETE FROM orders",
)


# --- reading


def test_a_statement_gives_columns_rows_and_the_time_it_took(shop: Database) -> None:
    result = shop.run("SELECT name, customer_id AS id FROM customers ORDER BY customer_id")

    assert result.columns == ("name", "id")
    assert result.rows == (("Ada", 1), ("Grace", 2), ("Zoë", 3))
    assert not result.truncated
    assert 0 < result.seconds < 20


def test_rows_past_the_limit_are_left_out_and_told(shop: Database) -> None:
    assert shop.run("SELECT name FROM customers", max_rows=2).truncated
    assert len(shop.run("SELECT name FROM customers", max_rows=2).rows) == 2
    assert not shop.run("SELECT name FROM customers", max_rows=3).truncated


def test_a_result_without_end_is_cut_without_being_read_whole(shop: Database) -> None:
    started = time.perf_counter()
    result = shop.run(ENDLESS_ROWS[shop.dialect], max_rows=100, timeout_s=5)

    assert len(result.rows) == 100
    assert result.truncated
    assert time.perf_counter() - started < 4


def test_percent_signs_and_colons_reach_the_database_as_they_are(shop: Database) -> None:
    result = shop.run("SELECT note, '%s :name %(x)s 5%' FROM customers WHERE note LIKE '%% sure: %'")

    assert result.rows == (("100% sure: yes", "%s :name %(x)s 5%"),)


def test_a_semicolon_at_the_end_does_no_harm(shop: Database) -> None:
    assert shop.run("SELECT COUNT(*) FROM customers;").rows == ((3,),)


def test_an_empty_result_still_has_its_columns(shop: Database) -> None:
    result = shop.run("SELECT name FROM customers WHERE customer_id = 99")

    assert (result.columns, result.rows, result.truncated) == (("name",), (), False)


def test_several_threads_may_ask_at_once(shop: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: shop.run("SELECT COUNT(*) FROM orders").rows[0][0], range(40)))

    assert counts == [3] * 40


def test_values_that_are_not_utf8_are_shown_with_a_mark(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "old.sqlite")
    connection.execute("CREATE TABLE t (name TEXT)")
    connection.execute("INSERT INTO t VALUES (CAST(x'5A6FEB' AS TEXT))")
    connection.commit()
    connection.close()

    assert Database.open("old.sqlite", folder=tmp_path).run("SELECT name FROM t").rows == (("Zo\ufffd",),)


# --- the second wall: nothing can be written, whatever arrives here


@pytest.mark.parametrize("sql", WRITES)
def test_no_statement_can_write(shop: Database, sql: str) -> None:
    before = _content(shop)

    with pytest.raises(QueryError):
        shop.run(sql)

    assert _content(shop) == before


def _content(shop: Database) -> list[Any]:
    tables = ("customers", "orders", "large_orders")
    return [shop.run(f"SELECT * FROM {table} ORDER BY 1").rows for table in tables]


@pytest.mark.parametrize(
    "sql",
    [
        "SET TRANSACTION READ WRITE",
        "SET SESSION TRANSACTION READ WRITE",
        "SET default_transaction_read_only = off",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "PRAGMA query_only = 0",
        "SET access_mode = 'READ_WRITE'",
        "BEGIN",
        "ROLLBACK",
    ],
)
def test_the_wall_cannot_be_taken_down_from_within(shop: Database, sql: str) -> None:
    with suppress(QueryError):
        shop.run(sql)

    for _ in range(6):
        with pytest.raises(QueryError):
            shop.run("DELETE FROM orders")
    assert shop.run("SELECT COUNT(*) FROM orders").rows == ((3,),)


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH DATABASE 'loot.sqlite' AS loot",
        "PRAGMA table_info(customers)",
        "SELECT * FROM pragma_table_info('customers')",
        "SELECT load_extension('loot')",
        "VACUUM INTO 'loot.sqlite'",
        "EXPLAIN DELETE FROM customers",
        "CREATE TEMP TABLE loot (i)",
    ],
)
def test_sqlite_runs_nothing_but_selects(
    sqlite_shop: Path, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(QueryError):
        Database.open(f"sqlite:///{sqlite_shop}").run(sql)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY customers TO 'loot.csv'",
        "ATTACH ':memory:' AS loot",
        "INSTALL httpfs",
        "CREATE TEMP TABLE loot (i INTEGER)",
    ],
)
def test_duckdb_reaches_no_files_and_runs_nothing_but_selects(
    duckdb_shop: Path, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(QueryError):
        Database.open(f"duckdb:///{duckdb_shop}").run(sql)

    assert not list(tmp_path.iterdir())


def test_a_huge_value_cannot_fill_the_memory(sqlite_shop: Path) -> None:
    with pytest.raises(QueryError, match="too big"):
        Database.open(f"sqlite:///{sqlite_shop}").run("SELECT zeroblob(900000000)", own=True)


# --- time limits


def test_a_slow_statement_is_cancelled_in_the_database(shop: Database) -> None:
    started = time.perf_counter()
    with pytest.raises(QueryTimeoutError, match=r"ran past 0\.3 s and was cancelled"):
        shop.run(SLOW[shop.dialect], timeout_s=0.3)

    assert time.perf_counter() - started < 3
    assert shop.run("SELECT COUNT(*) FROM customers").rows == ((3,),)


def test_a_cancelled_statement_uses_no_more_time_of_the_processor(sqlite_shop: Path) -> None:
    database = Database.open(f"sqlite:///{sqlite_shop}")
    with pytest.raises(QueryTimeoutError):
        database.run(SLOW["sqlite"], timeout_s=0.1)

    before = time.process_time()
    time.sleep(0.3)
    assert time.process_time() - before < 0.2


def test_a_cancelled_statement_no_longer_runs_in_the_server(postgres_server: Server) -> None:
    import psycopg

    with pytest.raises(QueryTimeoutError):
        Database.open(postgres_server.url).run("SELECT pg_sleep(30), 'mark'", timeout_s=0.2, own=True)

    with psycopg.connect(postgres_server.url) as connection:
        running = connection.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%mark%'"
            " AND pid <> pg_backend_pid()"
        ).fetchone()
    assert running == (0,)


def test_the_limit_of_one_statement_does_not_hold_for_the_next(shop: Database) -> None:
    with pytest.raises(QueryTimeoutError):
        shop.run(SLOW[shop.dialect], timeout_s=0.2)

    time.sleep(0.3)
    assert shop.run("SELECT name FROM customers", max_rows=1000).rows


# --- what the database says


@pytest.mark.parametrize(
    "sql", ["SELECT nmae FROM customers", "SELECT name FROM custmers", "SELEC 1", "", "  "]
)
def test_a_refused_statement_tells_the_databases_own_words_in_brief(shop: Database, sql: str) -> None:
    with pytest.raises(QueryError) as raised:
        shop.run(sql)

    told = str(raised.value)
    assert told
    assert len(told) < 300
    assert "sqlalche" not in told
    assert "quarry" not in told
    assert not isinstance(raised.value, QueryTimeoutError)


def test_the_words_name_the_column_that_is_missing(shop: Database) -> None:
    with pytest.raises(QueryError, match="nmae"):
        shop.run("SELECT nmae FROM customers")


def test_a_statement_that_is_no_text_is_refused(shop: Database) -> None:
    with pytest.raises(QueryError, match="characters that are not text"):
        shop.run("SELECT '\ud800'")


# --- opening


def test_a_missing_file_is_told_and_not_created(tmp_path: Path) -> None:
    with pytest.raises(
        DatabaseError, match=r"There is no database at .*gone\.sqlite; run quarry init --demo, or"
    ):
        Database.open("sqlite:///gone.sqlite", folder=tmp_path)

    assert not list(tmp_path.iterdir())


def test_a_relative_path_is_taken_from_the_folder_given(sqlite_shop: Path, tmp_path: Path) -> None:
    (tmp_path / "copy of shop.sqlite").write_bytes(sqlite_shop.read_bytes())

    database = Database.open("sqlite:///copy of shop.sqlite", folder=tmp_path)

    assert database.dialect == "sqlite"
    assert database.run("SELECT COUNT(*) FROM orders").rows == ((3,),)


def test_a_path_alone_is_a_file_of_sqlite(sqlite_shop: Path) -> None:
    assert Database.open(str(sqlite_shop)).run("SELECT COUNT(*) FROM orders").rows == ((3,),)


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_a_file_that_is_no_database_is_told(tmp_path: Path, scheme: str) -> None:
    (tmp_path / "notes.db").write_text("These are the notes of a meeting, not a database.\n" * 200)

    with pytest.raises(DatabaseError, match=r"notes\.db is not a .* database.*; correct `database`"):
        Database.open(f"{scheme}:///notes.db", folder=tmp_path)


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="is a folder, not a database"):
        Database.open(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "duckdb:///:memory:"])
def test_a_database_without_a_file_is_told(url: str) -> None:
    with pytest.raises(DatabaseError, match="names no file; correct `database`"):
        Database.open(url)


def test_a_locked_database_is_told(tmp_path: Path) -> None:
    writer = sqlite3.connect(tmp_path / "busy.sqlite", isolation_level=None)
    writer.execute("CREATE TABLE t (i)")
    writer.execute("BEGIN EXCLUSIVE")

    with pytest.raises(DatabaseError, match=r"busy\.sqlite is locked by another program; close that program"):
        Database.open("busy.sqlite", folder=tmp_path)
    writer.close()


@pytest.mark.skipif(not os.geteuid(), reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(sqlite_shop: Path, tmp_path: Path) -> None:
    copy = tmp_path / "shut.sqlite"
    copy.write_bytes(sqlite_shop.read_bytes())
    copy.chmod(0)

    with pytest.raises(DatabaseError, match="check the permissions"):
        Database.open(str(copy))


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_server_that_does_not_answer_is_told_with_its_address(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(
            DatabaseError, match=rf"at 127\.0\.0\.1:{port} cannot be reached .*check that it runs"
        ) as e:
            Database.open(f"{scheme}://ann:s3cret-word@127.0.0.1:{port}/shop")

    assert "s3cret-word" not in str(e.value)


@pytest.mark.parametrize("name", ["postgres_server", "mariadb"])
def test_a_wrong_password_is_told_without_it(request: pytest.FixtureRequest, name: str) -> None:
    server: Server = request.getfixturevalue(name)

    with pytest.raises(DatabaseError, match=r"refused .*password.*correct `database`") as raised:
        Database.open(server.url.replace(server.password, "wr0ng-word"))

    assert "wr0ng-word" not in str(raised.value)


@pytest.mark.parametrize("name", ["postgres_server", "mariadb"])
def test_an_unknown_database_is_told(request: pytest.FixtureRequest, name: str) -> None:
    server: Server = request.getfixturevalue(name)

    with pytest.raises(DatabaseError, match="has no database 'nowhere'; correct `database`"):
        Database.open(server.url.rpartition("/")[0] + "/nowhere")


@pytest.mark.parametrize("name", ["postgres_server", "mariadb"])
def test_the_url_that_is_shown_has_no_password(request: pytest.FixtureRequest, name: str) -> None:
    server: Server = request.getfixturevalue(name)
    database = Database.open(server.url)

    assert server.password not in database.url
    assert server.user in database.url
    database.close()


@pytest.mark.parametrize(
    ("url", "module", "extra"),
    [
        ("postgresql://ann@host/shop", "psycopg", "postgres"),
        ("mysql://ann@host/shop", "pymysql", "mysql"),
        ("duckdb:///shop.duckdb", "duckdb_engine", "duckdb"),
    ],
)
def test_a_missing_driver_names_the_extra_to_install(
    url: str, module: str, extra: str, tmp_path: Path
) -> None:
    (tmp_path / "shop.duckdb").touch()
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from pathlib import Path\n"
        "from knowledge.database import Database\n"
        "from knowledge.errors import DatabaseError\n"
        f"try: Database.open({url!r}, folder=Path({str(tmp_path)!r}))\n"
        "except DatabaseError as error: print(error)"
    )

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert f"is not installed; run pip install 'quarry[{extra}]'" in told.stdout


@pytest.mark.parametrize("url", ["oracle://ann:s3cret-word@host/shop", "ftp://host/file"])
def test_a_database_of_another_make_is_told(url: str) -> None:
    with pytest.raises(
        DatabaseError, match=r"is no database that Quarry reads \(SQLite, PostgreSQL, "
    ) as raised:
        Database.open(url)

    assert "s3cret-word" not in str(raised.value)


@pytest.mark.parametrize("url", ["://", "postgresql://ann:s3cret-word@host:port/shop"])
def test_an_address_that_cannot_be_read_is_told_with_an_example(url: str) -> None:
    with pytest.raises(DatabaseError, match="is not an address such as sqlite:///") as raised:
        Database.open(url)

    assert "s3cret-word" not in str(raised.value)


def test_a_server_that_ends_is_a_database_error_and_not_a_wrong_query(postgres_server: Server) -> None:
    import psycopg

    database = Database.open(postgres_server.url)

    def end_it() -> None:
        time.sleep(0.5)
        with psycopg.connect(postgres_server.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%quarry%' AND"
                " pid <> pg_backend_pid()"
            )

    ender = threading.Thread(target=end_it)
    ender.start()
    with pytest.raises(DatabaseError, match="closed the connection"):
        database.run("SELECT pg_sleep(10)", own=True)
    ender.join()
    assert database.run("SELECT 1").rows == ((1,),)


def test_duckdb_ends_without_a_word(duckdb_shop: Path) -> None:
    code = (
        "import sys, torch; from knowledge.database import Database; "
        "Database.open(sys.argv[1]).run('SELECT 1'); print('told', file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, f"duckdb:///{duckdb_shop}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "told\n"
