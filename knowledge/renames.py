"""Which new name may stand for one that is gone: the same kind of column, with the same values."""

from collections.abc import Sequence

from rapidfuzz import fuzz
from sqlglot import exp

from knowledge.database import Database
from knowledge.drift import Change, Known, KnownColumn, kind_of
from knowledge.errors import QueryError
from knowledge.schema import Schema, Table

_LIKELY = 0.5
_SAME_COLUMNS = 0.7
_SECONDS = 5.0
_ROWS = 100_000


def renames(database: Database, schema: Schema, known: Known, changes: Sequence[Change]) -> dict[str, str]:
    """Old name -> new name, of tables ('orders') and of columns ('orders.status'), each at most once.

    A guess, for people to judge: values are looked at in the first 100,000 rows, for five seconds at most.
    """
    found: dict[str, str] = {}
    fresh = [schema.by_name[c.table] for c in changes if c.happened == "table new"]
    for gone in (c.table for c in changes if c.happened == "table gone"):
        table = _same_table(known.tables[gone], [t for t in fresh if t.name not in found.values()])
        if table is not None:
            found[gone] = table.name
    for change in changes:
        if change.happened != "column gone":
            continue
        was = known.tables[change.table][change.column]
        new = [c.column for c in changes if c.happened == "column new" and c.table == change.table]
        free = [name for name in new if f"{change.table}.{name}" not in found.values()]
        scored = [(_likeness(database, schema, change, was, name), name) for name in free]
        best = max(scored, default=(0.0, ""))
        if best[0] >= _LIKELY:
            found[change.name] = f"{change.table}.{best[1]}"
    return found


def _same_table(was: dict[str, KnownColumn], new: list[Table]) -> Table | None:
    """The new table with most of the columns of the one that is gone."""
    shares = []
    for table in new:
        columns = table.by_name.keys()
        shares.append((len(was.keys() & columns) / max(1, len(was.keys() | columns)), table.name))
    share, name = max(shares, default=(0.0, ""))
    return next(t for t in new if t.name == name) if share >= _SAME_COLUMNS else None


def _likeness(database: Database, schema: Schema, gone: Change, was: KnownColumn, name: str) -> float:
    """From 0 to 1: 0 for another kind of column, else mostly the share of the old values that are there."""
    column = schema.by_name[gone.table].by_name[name]
    if kind_of(was.type) != kind_of(column.type):
        return 0.0
    spelling = fuzz.ratio(gone.column, name) / 100
    try:
        share = _share(database, gone.table, name, was)
    except QueryError:
        share = None
    return spelling if share is None else 0.8 * share + 0.2 * spelling


def _share(database: Database, table: str, column: str, was: KnownColumn) -> float | None:
    """How many of the known values the new column has; where none are known, whether its ends are the same.

    None where nothing was known of the values.
    """
    value = exp.column("value")
    source = exp.to_identifier(table, quoted=True)
    rows = exp.select(exp.column(column, quoted=True).as_("value")).from_(exp.Table(this=source))
    inner = rows.limit(_ROWS).subquery("s")
    if was.values:
        known = value.isin(*(exp.convert(one) for one in was.values))
        query = exp.select(exp.Count(this=exp.Distinct(expressions=[value.copy()]))).from_(inner).where(known)
        (seen,) = _one(database, query)
        return int(str(seen)) / len(was.values)
    if was.low is not None and was.high is not None:
        ends = _one(database, exp.select(exp.Min(this=value), exp.Max(this=value.copy())).from_(inner))
        before = (str(was.low), str(was.high))
        return sum(str(end)[:10] == old[:10] for end, old in zip(ends, before, strict=True)) / 2
    return None


def _one(database: Database, query: exp.Select) -> tuple[object, ...]:
    return tuple(database.run(query.sql(dialect=database.dialect), timeout_s=_SECONDS, max_rows=1).rows[0])
