"""DuckDB: opened read-only, shut in (no files, no extensions), held to one SELECT that it parsed itself."""

import atexit
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import psutil
from sqlalchemy import URL, Engine, NullPool, PoolProxiedConnection, QueuePool, create_engine

from knowledge.errors import QueryError
from knowledge.explain import Estimate
from knowledge.explain_duckdb import estimate
from knowledge.readonly import duckdb_tree
from knowledge.readonly.door import POOL, Fetched, Limits, gather, require_file
from knowledge.readonly.running import EndedError, Running, Why, aside

_SHUT_IN = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}
_MOST_MEMORY = 2 * 2**30
"""How much a statement may take beside the memory that DuckDB manages, which has a limit of its own."""


class DuckDBDoor:
    schemes = ("duckdb",)
    dialect = "duckdb"
    product = "DuckDB"
    extra = "duckdb"
    probe = "SELECT 1"

    def engine(self, url: URL) -> Engine:
        return _engine(url, poolclass=QueuePool, **POOL)

    def inspecting_engine(self, url: URL) -> Engine:
        return _engine(url, poolclass=NullPool)

    def require_harmless(self, connection: PoolProxiedConnection, sql: str) -> None:
        raw: Any = connection.driver_connection
        with _told():
            if "known" not in connection.info:
                functions = raw.execute(duckdb_tree.FUNCTIONS_SQL).fetchall()
                views = raw.execute(duckdb_tree.VIEWS_SQL).fetchall()
                connection.info["known"] = duckdb_tree.Known(functions, views)
            ((tree,),) = raw.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
        duckdb_tree.require_harmless(tree, connection.info["known"])

    def estimate(
        self, connection: PoolProxiedConnection, sql: str, limits: Limits, sizes: Mapping[str, int]
    ) -> Estimate | None:
        with _told():
            raw: Any = connection.driver_connection
            return estimate(raw, _one_select(raw, sql).query, limits.rows)

    def running(self, connection: PoolProxiedConnection, limits: Limits, url: URL) -> Running:
        raw: Any = connection.driver_connection
        process = psutil.Process()
        most = process.memory_info().rss + _MOST_MEMORY + _managed()

        def stop(why: Why, tries: int) -> None:
            raw.interrupt()

        return Running(stop, limits.seconds, lambda: process.memory_info().rss > most)

    def fetch(self, connection: PoolProxiedConnection, sql: str, limits: Limits) -> Fetched:
        raw: Any = connection.driver_connection
        with _told():
            statement = _one_select(raw, sql)
            return aside(lambda: _fetched(raw, statement, limits), raw.interrupt)

    def excess(self, connection: PoolProxiedConnection) -> tuple[str, ...]:
        return ()

    def trouble(self, error: BaseException, url: URL) -> str:
        words = str(getattr(error, "orig", None) or error)
        if "lock" in words:
            return f"{url.database} is locked by another program; close that program, then try again."
        if "different configuration" in words:
            return f"{url.database} is open for writing in this program; close that connection first."
        return f"{url.database} is not a DuckDB database that can be read; correct `database` in quarry.toml."


@contextmanager
def _told() -> Iterator[None]:
    """DuckDB's errors as ours."""
    import duckdb

    try:
        yield
    except duckdb.InterruptException as error:
        raise EndedError(QueryError("the statement was interrupted")) from error
    except duckdb.Error as error:
        raise QueryError(str(error).split("\n\nLINE ")[0].strip()) from error


def _fetched(raw: Any, statement: Any, limits: Limits) -> Fetched:
    cursor = raw.execute(statement)
    columns = tuple(column[0] for column in cursor.description or ())
    rows, cut = gather(iter(cursor.fetchone, None), limits)
    return Fetched(columns, rows, cut)


def _one_select(raw: Any, sql: str) -> Any:
    import duckdb

    statements = raw.extract_statements(sql)
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise QueryError("only one SELECT can be run")
    return statements[0]


@cache
def _managed() -> int:
    """Bytes that DuckDB may manage for its sorts, joins and buffers, before it goes to disk: a quarter."""
    return max(psutil.virtual_memory().total // 4, 2**30)


def _engine(url: URL, **settings: Any) -> Engine:
    require_file(url)
    _end_quietly()
    config = {**_SHUT_IN, "memory_limit": f"{_managed() // 2**20}MiB"}
    return create_engine(
        url.set(drivername="duckdb"), connect_args={"read_only": True, "config": config}, **settings
    )


@cache
def _end_quietly() -> None:
    """Where torch is loaded too, the driver prints a page of leaks of its own when the process has ended."""
    atexit.register(_drop_standard_error)


def _drop_standard_error() -> None:
    sys.stderr.flush()
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
