"""What is taught for another database than SQLite runs there, and gives the same."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from graph.constraint import constraint_for
from graph.specialist import SLOTS
from knowledge.database import Database
from tests.conftest import TODAY
from tests.graph.held import refused
from tests.servers import mariadb as mariadb_server
from tests.servers.postgres import postgres
from training.dialects import in_dialect
from training.material import Material, Source
from training.tokenizer import schema_tokens
from training.written import in_quotes_of

pytestmark = pytest.mark.real

TABLES = (
    "CREATE TABLE staff (staff_id INTEGER PRIMARY KEY, first_name VARCHAR(20), last_name VARCHAR(20))",
    "CREATE TABLE jobs (job_id INTEGER PRIMARY KEY, staff_id INTEGER NOT NULL, kind VARCHAR(20),"
    " cost DECIMAL(10, 2), opened_at TIMESTAMP NULL, closed_at TIMESTAMP NULL,"
    " FOREIGN KEY (staff_id) REFERENCES staff (staff_id))",
    "INSERT INTO staff VALUES (1, 'Ada', 'Byron'), (2, 'Max', 'Planck'), (3, 'Zoe', 'Martin')",
    "INSERT INTO jobs VALUES "
    + ", ".join(
        f"({n}, {1 + n % 3}, '{('repair', 'check', 'visit')[n % 3]}', {n * 1.5}, "
        f"'2025-{1 + n % 11:02d}-{1 + n % 27:02d} 08:00:00', "
        f"'2025-{1 + n % 11:02d}-{1 + n % 27:02d} 20:00:00')"
        for n in range(60)
    ),
    'CREATE TABLE "Spare Parts" ("Part ID" INTEGER PRIMARY KEY, "Part Name" VARCHAR(20),'
    ' "unitPrice" DECIMAL(10, 2), job_id INTEGER NOT NULL, FOREIGN KEY (job_id) REFERENCES jobs (job_id))',
    'INSERT INTO "Spare Parts" VALUES '
    + ", ".join(f"({n}, 'Part {n % 15}', {n * 2.5}, {n % 60})" for n in range(1, 200)),
)
GLOSSARY = """\
terms:
  - term: job
    meaning: What was done.
    table: jobs
    date: jobs.opened_at
    verbs: {jobs.opened_at: [opened], jobs.closed_at: [closed]}
  - term: cost
    meaning: What it cost.
    metric: [SUM(jobs.cost)]
    date: jobs.opened_at
"""
STATEMENTS = (
    "SELECT STRFTIME('%Y-%m', j.opened_at), COUNT(*) FROM jobs j GROUP BY 1 ORDER BY 1",
    "SELECT STRFTIME('%Y', j.opened_at) || '-Q' || ((STRFTIME('%m', j.opened_at) + 2) / 3), COUNT(*) "
    "FROM jobs j GROUP BY 1 ORDER BY 1",
    "SELECT STRFTIME('%H', j.closed_at), COUNT(*) FROM jobs j GROUP BY 1 ORDER BY 1",
    "SELECT AVG(JULIANDAY(j.closed_at) - JULIANDAY(j.opened_at)) FROM jobs j",
    "SELECT COUNT(*) FROM jobs j JOIN staff s ON s.staff_id = j.staff_id "
    "WHERE s.first_name || ' ' || s.last_name = 'Ada Byron'",
)


@dataclass(frozen=True)
class Place:
    dialect: str
    url: str


@pytest.fixture(scope="module", params=["duckdb", "postgres", "mysql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with ExitStack() as stack:
        if request.param == "duckdb":
            duckdb = pytest.importorskip("duckdb")
            path = tmp_path_factory.mktemp("jobs") / "jobs.duckdb"
            with duckdb.connect(str(path)) as connection:
                for statement in TABLES:
                    connection.execute(statement)
            yield Place("duckdb", f"duckdb:///{path}")
        elif request.param == "postgres":
            import psycopg

            server = stack.enter_context(postgres())
            with psycopg.connect(server.url, autocommit=True) as opened:
                for statement in TABLES:
                    opened.execute(statement)
            yield Place("postgres", str(server.url))
        else:
            server = stack.enter_context(mariadb_server.mariadb())
            cursor = mariadb_server.connect(server).cursor()
            for statement in TABLES:
                cursor.execute(in_quotes_of(statement, "mysql"))
            yield Place("mysql", str(server.url))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("jobs") / "jobs.sqlite"
    with sqlite3.connect(path) as connection:
        for statement in TABLES:
            connection.execute(statement)
    connection.close()
    database = Database.open(f"sqlite:///{path}")
    yield database
    database.close()


def test_statements_give_the_same_rows_as_in_sqlite(place: Place, here: Database) -> None:
    database = Database.open(place.url)
    for sql in STATEMENTS:
        there = database.run(in_dialect(sql, place.dialect), own=True).rows
        assert [_plain(row) for row in there] == [_plain(row) for row in here.run(sql, own=True).rows], sql
    database.close()


def _plain(row: tuple[object, ...]) -> list[str]:
    return [f"{float(cell):.4f}" if str(cell).replace(".", "").isdigit() else str(cell) for cell in row]


def test_what_is_synthesised_runs_there(place: Place, tmp_path: Path) -> None:
    (tmp_path / "glossary.yaml").write_text(GLOSSARY)
    material = Material(Source(place.url, tmp_path, tmp_path, TODAY, tmp_path))
    synthesiser = material.synthesiser(5)
    rows = list(islice(synthesiser.rows(), 250))
    kinds = Counter(row.kind for row in rows)
    assert {"count", "by", "by_time", "duration", "top"} <= kinds.keys()
    assert not any("JULIANDAY" in row.target for row in rows)
    assert synthesiser.dropped["does not run or is empty"] < 100, dict(synthesiser.dropped)


def test_names_that_need_quotes_are_tokens_of_their_own_there(place: Place, tmp_path: Path) -> None:
    material = Material(Source(place.url, tmp_path, tmp_path, TODAY, tmp_path))
    targets = [row.target for row in islice(material.synthesiser(6).rows(), 250)]
    tokens = schema_tokens(material.catalogue)
    needed = ['sp."Part Name"', ' FROM "Spare Parts" sp', *['sp."unitPrice"'] * (place.dialect == "postgres")]
    for piece in (in_quotes_of(text, place.dialect) for text in needed):
        assert piece in tokens
        assert any(piece in target for target in targets), piece
    assert refused(constraint_for(material.schema, slots=SLOTS), targets) == []


def test_slots_stay_as_they_are() -> None:
    sql = "SELECT j.kind FROM jobs j WHERE j.kind = <v1> AND j.opened_at >= <d1a> LIMIT <n2>"
    for dialect in ("postgres", "mysql", "duckdb"):
        assert in_dialect(sql, dialect) == sql
