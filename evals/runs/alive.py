"""Is the database still there? Asked before a failure is booked as the model's."""

from itertools import islice

from sqlglot import exp

from graph.checks import CheckContext
from knowledge.database import Database
from knowledge.errors import DatabaseError, QueryError, QueryTimeoutError

TABLES = 3
SECONDS = 10.0


def require_alive(database: Database, context: CheckContext) -> None:
    """Read a row of one of the first tables; raise DatabaseError where none of them can be read."""
    words = ""
    for table in islice(context.schema.tables, TABLES):
        probe = exp.select("1").from_(exp.to_identifier(table.name, quoted=True)).limit(1)
        try:
            database.run(probe.sql(dialect=context.dialect), timeout_s=SECONDS, max_rows=1)
        except QueryTimeoutError:
            return
        except QueryError as error:
            words = str(error)
        else:
            return
    if words:
        raise DatabaseError(
            f"the database {database.url} has lost its tables ({words}); bring it back, then resume the run"
        )
