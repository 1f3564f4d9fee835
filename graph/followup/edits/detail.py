"""Who or what was counted: 'who are they?', 'which ones?', 'list them'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole


@dataclass(frozen=True)
class Detail:
    def text(self, whole: Whole) -> Whole:
        counts = whole.counts
        return whole.put(counts, "which") if counts is not None else whole

    def tree(self, statement: Statement) -> None:
        inner = _counted_groups(statement.select)
        if inner is not None:
            statement.select = inner
            keys = statement.places(statement.select.args["group"].expressions)
            owners = {statement.sources.get(key.table, "") for key in keys if isinstance(key, exp.Column)}
            if len(owners) != 1 or "" in owners:
                raise UncertainError
            statement.select.set("expressions", statement.labels(owners.pop()))
            statement.select.set("group", exp.Group(expressions=keys))
            return
        if statement.grouped or len(statement.select.expressions) != 1:
            raise UncertainError
        counted = statement.measure().unalias()
        if not isinstance(counted, exp.Count) or not isinstance(counted.this, exp.Star):
            raise UncertainError
        statement.select.set("expressions", statement.labels(statement.base))


def _counted_groups(select: exp.Select) -> exp.Select | None:
    """The SELECT inside `SELECT COUNT(*) FROM (SELECT ... GROUP BY ...) AS g`."""
    source = select.args["from_"].this
    if not isinstance(source, exp.Subquery) or not isinstance(source.this, exp.Select):
        return None
    only = select.expressions[0].unalias() if len(select.expressions) == 1 else None
    if select.args.get("where") is not None or not isinstance(only, exp.Count):
        return None
    return source.this.copy() if source.this.args.get("group") is not None else None


def read(match: Match, was: Whole) -> Edit | None:
    return Detail()


KIND = Kind(
    "detail",
    read,
    patterns(
        "who|which exactly? are|were they|those|these|them",
        "give|show|see me? the? list|details|rows $",
        "which ones|one",
        "^ and|ok? who exactly? $",
        "list|show|name|give|see me? them|those|these all?",
        "list|show|name|give|tell|what|whats are|is|me? their|the names|name",
    ),
)
