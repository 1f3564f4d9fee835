"""One way per database to make a copy that may be written, and to write to it."""

from evals.variants.copies.copy import Copier, Copy
from evals.variants.copies.duckdb import DuckDBCopier
from evals.variants.copies.postgres import PostgresCopier
from evals.variants.copies.sqlite import SQLiteCopier

COPIERS: dict[str, Copier] = {
    "sqlite": SQLiteCopier(),
    "duckdb": DuckDBCopier(),
    "postgres": PostgresCopier(),
}

__all__ = ["COPIERS", "Copier", "Copy"]
