"""What a gold query gives: its rows, its blocks of ties, and whether its LIMIT leaves the rows to chance."""

from dataclasses import dataclass, replace

from sqlglot import exp

from evals.compare.order import Keyed, blocks_of, cuts_tie, sorts, with_keys
from graph.checks import CheckContext, gate
from knowledge.database import Database
from knowledge.errors import QuarryError, QueryError, QueryTimeoutError
from knowledge.result import Result

MOST_ROWS = 100_000


class GoldError(QuarryError):
    """A gold query fails; that is a fault of the suite, never of the model."""


@dataclass(frozen=True)
class Expected:
    """The outcome of one gold query. `blocks` is None where no order counts."""

    sql: str
    result: Result
    blocks: tuple[int, ...] | None = None
    cuts_tie: bool = False
    sorts: bool = False


@dataclass(frozen=True)
class GoldQuery:
    """A gold that passed the checks: `sql` as it is written, `runs` as the database gets it."""

    sql: str
    runs: str
    query: exp.Query
    dialect: str


def read_gold(sql: str, context: CheckContext) -> GoldQuery:
    """Check one gold query. Raises GoldError."""
    gated = gate(sql, context)
    if gated.sql is None or gated.tree is None:
        raise GoldError(f"the gold does not pass the checks: {gated.why}")
    query = gated.tree.unnest()
    if not isinstance(query, exp.Query):
        raise GoldError("the gold is no query; write one SELECT")
    return GoldQuery(sql, gated.sql, query, context.dialect)


def expected(sql: str, database: Database, context: CheckContext, *, ordered: bool = False) -> Expected:
    """Run one gold query through both walls. Raises GoldError, DatabaseError where the database is gone."""
    return run_gold(read_gold(sql, context), database, ordered=ordered)


def run_gold(gold: GoldQuery, database: Database, *, ordered: bool = False) -> Expected:
    """Run a gold that passed the checks. Raises GoldError, DatabaseError where the database is gone."""
    keyed = with_keys(gold.query)
    try:
        result = database.run(keyed.tree.sql(dialect=gold.dialect), max_rows=MOST_ROWS)
    except QueryTimeoutError:
        raise GoldError("the gold takes longer than the time limit; simplify it") from None
    except QueryError:
        keyed = _without_keys(gold.query)
        result = _run(gold.runs, database)
    if result.truncated:
        raise GoldError(f"the gold gives more than {MOST_ROWS} rows; narrow it")
    shown = _shown(result, keyed)
    return Expected(
        gold.sql,
        shown,
        _blocks(result, shown, keyed) if ordered else None,
        cuts_tie(result, keyed),
        keyed.ordered,
    )


def _run(sql: str, database: Database) -> Result:
    try:
        return database.run(sql, max_rows=MOST_ROWS)
    except QueryError as error:
        raise GoldError(f"the gold fails: {error}") from error


def _without_keys(query: exp.Query) -> Keyed:
    return Keyed(query, (), 0, None, sorts(query), known=False)


def _shown(result: Result, keyed: Keyed) -> Result:
    """The result as the gold itself gives it: without the added keys and the row after the LIMIT."""
    width = len(result.columns) - keyed.added
    rows = result.rows if keyed.limit is None else result.rows[: keyed.limit]
    return replace(result, columns=result.columns[:width], rows=tuple(row[:width] for row in rows))


def _blocks(result: Result, shown: Result, keyed: Keyed) -> tuple[int, ...] | None:
    if not keyed.ordered:
        return None
    if not keyed.known:
        return tuple(range(len(shown.rows)))
    return blocks_of(result.rows[: len(shown.rows)], keyed.keys)
