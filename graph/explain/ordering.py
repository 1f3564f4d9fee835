"""Order and number of rows in words."""

from sqlglot import exp

from graph.explain.origins import Stored, positioned
from graph.explain.periods import GRAINS
from graph.explain.scalars import number
from graph.explain.speaker import Speaker, Unsaid


def ordered(query: exp.Expr, say: Speaker) -> str:
    """'revenue, highest first'; empty where there is no order. Raises Unsaid."""
    order = query.args.get("order")
    if order is None:
        return ""
    if order.args.get("siblings"):
        raise Unsaid
    select = query if isinstance(query, exp.Select) else None
    return ", then ".join(_entry(entry, select, say) for entry in order.expressions)


def _entry(entry: exp.Expr, select: exp.Select | None, say: Speaker) -> str:
    if not isinstance(entry, exp.Ordered) or entry.args.get("with_fill"):
        raise Unsaid
    node = positioned(select, entry.this) if select is not None else entry.this
    words = say.value(node) if select is not None else _named(entry.this)
    return f"{words}, {_way(node, bool(entry.args.get('desc')), say)}"


def _named(node: exp.Expr) -> str:
    """In a set operation, columns are ordered by their name or place."""
    if isinstance(node, exp.Column) and not node.table:
        return node.name.replace("_", " ")
    if isinstance(node, exp.Literal) and node.is_int:
        return f"column {node.name}"
    raise Unsaid


def _way(node: exp.Expr, down: bool, say: Speaker) -> str:
    stored = say.origins.stored(node)
    if isinstance(stored, Stored) and stored.column.is_temporal and not isinstance(node, exp.AggFunc):
        return "latest first" if down else "earliest first"
    if isinstance(node, exp.TimeToStr | exp.TimestampTrunc | exp.DateTrunc | exp.Date):
        if isinstance(node, exp.TimeToStr) and GRAINS.get(node.args["format"].name, "") == "":
            raise Unsaid
        return "latest first" if down else "earliest first"
    if isinstance(stored, Stored) and stored.column.is_text:
        return "Z to A" if down else "A to Z"
    return "highest first" if down else "lowest first"


def limited(query: exp.Expr, say: Speaker) -> str:
    """'the first 5'; empty where all rows are taken. Raises Unsaid."""
    limit, offset = query.args.get("limit"), query.args.get("offset")
    if limit is None and offset is None:
        return ""
    count = _count(limit, say)
    skip = _skipped(limit, offset)
    if skip == 0:
        return "the first one" if count == 1 else f"the first {number(str(count))}"
    if count is None:
        return f"all after the first {number(str(skip))}"
    if count == 1:
        return f"number {skip + 1}"
    return f"numbers {skip + 1} to {skip + count}"


def _count(limit: exp.Expr | None, say: Speaker) -> int | None:
    if limit is None:
        return None
    given = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.expression
    if isinstance(limit, exp.Fetch) and limit.args.get("limit_options"):
        options = limit.args["limit_options"]
        if options.args.get("percent") or options.args.get("with_ties"):
            raise Unsaid
    if isinstance(given, exp.Literal) and given.is_int:
        return int(given.name)
    raise Unsaid


def _skipped(limit: exp.Expr | None, offset: exp.Expr | None) -> int:
    given = (
        offset.expression if offset is not None else limit.args.get("offset") if limit is not None else None
    )
    if given is None:
        return 0
    if isinstance(given, exp.Literal) and given.is_int:
        return int(given.name)
    raise Unsaid
