"""A statement that would read too much is not run: told by the database's own estimate, before it is run."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge.database import Database
from knowledge.errors import QueryError, QueryTooCostlyError
from knowledge.explain import Estimate, Step, about, estimate_plan, require_cheap
from tests.graph.hostile import DIALECTS
from tests.servers import mariadb as mariadb_server

ROWS = 20_000
MOST = 100_000
TABLES = (
    "CREATE TABLE visits (visit_id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL, seconds INTEGER NOT NULL)",
    "CREATE TABLE pages (page_id INTEGER PRIMARY KEY, title VARCHAR(20) NOT NULL)",
    "CREATE INDEX by_page ON visits (page_id)",
)
CHEAP = (
    "SELECT COUNT(*) FROM visits",
    "SELECT * FROM visits",
    "SELECT * FROM visits LIMIT 5",
    "SELECT seconds FROM visits WHERE visit_id = 77",
    "SELECT SUM(seconds) FROM visits WHERE page_id = 7",
    "SELECT p.title, SUM(v.seconds) FROM visits v JOIN pages p ON p.page_id = v.page_id GROUP BY p.title",
    "SELECT title FROM pages ORDER BY title",
    "SELECT MAX(visit_id) FROM visits",
    "WITH t AS (SELECT page_id, COUNT(*) AS n FROM visits GROUP BY page_id) SELECT MAX(n) FROM t",
)
COSTLY = (
    "SELECT COUNT(*) FROM visits a, visits b",
    "SELECT SUM(a.seconds * b.seconds) FROM visits a CROSS JOIN visits b",
    "SELECT COUNT(*) FROM visits a JOIN visits b ON a.seconds < b.seconds",
    "SELECT a.visit_id FROM visits a, visits b WHERE a.seconds < b.seconds ORDER BY a.seconds + b.seconds",
    "SELECT MAX(n) FROM (SELECT a.visit_id, COUNT(*) AS n FROM visits a, visits b GROUP BY a.visit_id) t",
)


@pytest.fixture(scope="session")
def busy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The URL of a site with many visits, in the database of the dialect asked for."""

    class Sites(dict[str, str]):
        def __missing__(self, dialect: str) -> str:
            self[dialect] = _made(dialect, request, tmp_path_factory.mktemp(f"busy-{dialect}"))
            return self[dialect]

    return Sites()


def _made(dialect: str, request: pytest.FixtureRequest, folder: Path) -> str:
    visits = [(n, n % 500, n % 97) for n in range(1, ROWS + 1)]
    pages = [(n, f"page {n}") for n in range(500)]
    if dialect == "sqlite":
        with sqlite3.connect(folder / "site.sqlite") as connection:
            for statement in TABLES:
                connection.execute(statement)
            connection.executemany("INSERT INTO visits VALUES (?, ?, ?)", visits)
            connection.executemany("INSERT INTO pages VALUES (?, ?)", pages)
        return f"sqlite:///{folder / 'site.sqlite'}"
    if dialect == "duckdb":
        duckdb = pytest.importorskip("duckdb")
        with duckdb.connect(str(folder / "site.duckdb")) as connection:
            for statement in TABLES:
                connection.execute(statement)
            connection.execute(f"INSERT INTO visits SELECT i, i % 500, i % 97 FROM range(1, {ROWS + 1}) r(i)")
            connection.execute("INSERT INTO pages SELECT i, 'page ' || i FROM range(500) r(i)")
        return f"duckdb:///{folder / 'site.duckdb'}"
    if dialect == "postgres":
        return _in_postgres(request, visits, pages)
    return _in_mariadb(request, visits, pages)


def _in_postgres(request: pytest.FixtureRequest, visits: list[Any], pages: list[Any]) -> str:
    import psycopg

    server = request.getfixturevalue("postgres_server")
    with psycopg.connect(server.url, autocommit=True) as owner:
        owner.execute("CREATE DATABASE busy")
    there = replace(server, database="busy")
    with psycopg.connect(there.url, autocommit=True) as connection:
        for statement in TABLES:
            connection.execute(statement)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO pages VALUES (%s, %s)", pages)
            with cursor.copy("COPY visits FROM STDIN") as copy:
                for row in visits:
                    copy.write_row(row)
        connection.execute("ANALYZE")
    return str(there.url)


def _in_mariadb(request: pytest.FixtureRequest, visits: list[Any], pages: list[Any]) -> str:
    server = request.getfixturevalue("mariadb")
    with mariadb_server.connect(server) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE DATABASE busy")
    there = replace(server, database="busy")
    with mariadb_server.connect(there) as connection, connection.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement)
        cursor.executemany("INSERT INTO pages VALUES (%s, %s)", pages)
        cursor.executemany("INSERT INTO visits VALUES (%s, %s, %s)", visits)
        cursor.execute("ANALYZE TABLE visits, pages")
        cursor.fetchall()
    return str(there.url)


@pytest.fixture(params=DIALECTS)
def site(request: pytest.FixtureRequest, busy: dict[str, str]) -> Iterator[Database]:
    database = Database.open(busy[request.param], most_rows_read=MOST)
    yield database
    database.close()


@pytest.mark.real
@pytest.mark.parametrize("sql", CHEAP)
def test_an_honest_question_is_answered(site: Database, sql: str) -> None:
    assert site.run(sql).rows


@pytest.mark.real
@pytest.mark.parametrize("sql", COSTLY)
def test_a_statement_that_would_read_too_much_is_not_run(site: Database, sql: str) -> None:
    with pytest.raises(QueryTooCostlyError) as raised:
        site.run(sql)

    told = str(raised.value)
    assert "it would read about" in told
    assert "100 thousand are allowed" in told
    assert "or ask for less at once" in told
    assert "\n" not in told


@pytest.mark.real
def test_the_costly_part_is_named(site: Database) -> None:
    with pytest.raises(QueryTooCostlyError, match=r"most of them from [abv]"):
        site.run("SELECT COUNT(*) FROM visits a, visits b")


@pytest.mark.real
def test_quarrys_own_statements_may_read_what_they_like(busy: dict[str, str]) -> None:
    database = Database.open(busy["sqlite"], most_rows_read=10)

    assert database.run("SELECT COUNT(*) FROM visits", own=True).rows == ((ROWS,),)
    with pytest.raises(QueryTooCostlyError):
        database.run("SELECT COUNT(*) FROM visits")


@pytest.mark.real
def test_a_wrong_statement_is_told_in_the_databases_words(site: Database) -> None:
    with pytest.raises(QueryError, match="secnds") as raised:
        site.run("SELECT secnds FROM visits")

    assert not isinstance(raised.value, QueryTooCostlyError)


def test_known_sizes_tell_what_sqlite_does_not_know(busy: dict[str, str]) -> None:
    database = Database.open(busy["sqlite"], most_rows_read=MOST)
    database.run("SELECT SUM(seconds) FROM visits")

    database.sizes["visits"] = 40_000_000

    with pytest.raises(QueryTooCostlyError, match="40 million rows, most of them from visits"):
        database.run("SELECT SUM(seconds) FROM visits")


def test_great_keys_are_not_taken_for_many_rows(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "few.sqlite") as connection:
        connection.execute("CREATE TABLE orders (order_id INTEGER PRIMARY KEY, amount REAL)")
        connection.execute("INSERT INTO orders VALUES (900000000000, 1), (900000000001, 2)")
    database = Database.open("few.sqlite", folder=tmp_path, most_rows_read=MOST)

    assert database.run("SELECT SUM(amount) FROM orders").rows == ((3.0,),)


def test_a_limit_asks_for_no_more_than_it_takes() -> None:
    scan = Step(1e9, reads=1e9, tables=("visits",))

    assert estimate_plan(Step(10, inputs=(scan,), limits=True), 1000).rows == pytest.approx(10)
    assert estimate_plan(scan, 1000).rows == pytest.approx(1000)


def test_a_sort_reads_everything_below_it() -> None:
    scan = Step(1e9, reads=1e9, tables=("visits",))

    assert estimate_plan(Step(1e9, inputs=(scan,), whole=True), 10).rows == pytest.approx(1e9)


def test_an_inner_loop_is_read_for_every_row_outside() -> None:
    outer, inner = Step(1000, reads=1000, tables=("a",)), Step(50, reads=50, tables=("b",))

    told = estimate_plan(Step(5e4, inputs=(Step(5e4, inputs=(outer,), again=(inner,)),), whole=True), 10)

    assert told.rows == pytest.approx(51_000)
    assert told.costly == "b"


def test_as_many_rows_as_are_allowed_may_be_read() -> None:
    require_cheap(Estimate(100.0), 100)
    with pytest.raises(QueryTooCostlyError, match="about 2 thousand rows, where 100 are allowed"):
        require_cheap(Estimate(2000.0), 100)


def test_great_numbers_are_told_in_words() -> None:
    assert about(3_210_000_000) == "3.2 billion"
