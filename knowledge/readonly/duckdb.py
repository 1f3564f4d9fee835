"""DuckDB: opened read-only, shut in (no files, no extensions), held to one SELECT, interrupted in time."""

import atexit
import os
import sys
import threading
from functools import cache
from typing import Any

from sqlalchemy import URL, Engine, NullPool, PoolProxiedConnection, QueuePool, create_engine

from knowledge.errors import QueryError, QueryTimeoutError
from knowledge.readonly.door import POOL, Rows, require_file

_SHUT_IN = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


class DuckDBDoor:
    schemes = ("duckdb",)
    dialect = "duckdb"
    product = "DuckDB"
    extra = "duckdb"

    def engine(self, url: URL) -> Engine:
        return _engine(url, poolclass=QueuePool, **POOL)

    def inspecting_engine(self, url: URL) -> Engine:
        return _engine(url, poolclass=NullPool)

    def fetch(
        self, connection: PoolProxiedConnection, sql: str, limit: int, seconds: float
    ) -> tuple[tuple[str, ...], Rows]:
        import duckdb

        raw: Any = connection.driver_connection
        timer = threading.Timer(seconds, raw.interrupt)
        timer.start()
        try:
            statements = raw.extract_statements(sql)
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise QueryError("only one SELECT can be run")
            cursor = raw.execute(statements[0])
            columns = tuple(column[0] for column in cursor.description or ())
            rows = cursor.fetchmany(limit)
        except duckdb.InterruptException as error:
            raise QueryTimeoutError(f"the statement ran past {seconds:g} s and was cancelled") from error
        except duckdb.Error as error:
            raise QueryError(str(error).split("\n\nLINE ")[0].strip()) from error
        finally:
            timer.cancel()
            timer.join()
        return columns, rows

    def trouble(self, error: BaseException, url: URL) -> str:
        words = str(getattr(error, "orig", None) or error)
        if "lock" in words:
            return f"{url.database} is locked by another program; close that program, then try again."
        if "different configuration" in words:
            return f"{url.database} is open for writing in this program; close that connection first."
        return f"{url.database} is not a DuckDB database that can be read; correct `database` in quarry.toml."


def _engine(url: URL, **settings: Any) -> Engine:
    require_file(url)
    _end_quietly()
    return create_engine(
        url.set(drivername="duckdb"), connect_args={"read_only": True, "config": dict(_SHUT_IN)}, **settings
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
