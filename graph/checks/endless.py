"""Nothing that by its own text never ends or fills the memory: loops, series, long texts, all with all."""

import re
from collections.abc import Iterator

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes, Source, conjuncts, reads_cte

MOST_ROWS = 10_000_000
LONGEST_TEXT = 2**20
_USUAL_TEXT = 100
_MOST_CROSSED = 3
_SERIES = (exp.GenerateSeries, exp.ExplodingGenerateSeries, exp.GenerateDateArray)
_SECONDS = {
    "microsecond": 1e-6, "millisecond": 1e-3, "sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600,
    "day": 86_400, "week": 604_800, "month": 2_592_000, "quarter": 7_776_000, "year": 31_536_000,
}  # fmt: skip
_LONGEST_SPAN = 9_999 * _SECONDS["year"]
_WIDTH = re.compile(r"%[^a-zA-Z%]*(?:\*|\d{5,})")


def endless(tree: exp.Expr, context: CheckContext) -> Checked:
    """Refuse what can be told to be endless without asking the database; the rest meets its time limit.

    >>> # WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n  ->  finding at 'n'
    """
    found = [*_loops(tree, context), *_series(tree), *_long_texts(tree), *_all_with_all(tree, context)]
    return Checked(tree, tuple(dict.fromkeys(found)))


def _loops(tree: exp.Expr, context: CheckContext) -> Iterator[Finding]:
    for cte in tree.find_all(exp.CTE):
        name = cte.alias.lower()
        if (
            not isinstance(cte.this, exp.SetOperation)
            or not cte.parent
            or not cte.parent.args.get("recursive")
        ):
            continue
        if cte.this.args.get("limit"):
            continue
        first, *others = _branches(cte.this)
        names = [column.name.lower() for column in cte.args["alias"].columns] or [
            item.alias_or_name.lower() for item in first.expressions
        ]
        for branch in others:
            tables = list(branch.find_all(exp.Table))
            if not any(table.name.lower() == name and reads_cte(table) for table in tables):
                continue
            walks = any(table.name.lower() != name for table in tables)
            if not walks and not _ends(branch, names):
                why = "never ends, or only after far too many rounds"
                yield _finding(
                    name, f"the recursion of {name} {why}", "end it with a condition on its counter"
                )


def _branches(query: exp.Expr) -> list[exp.Select]:
    if isinstance(query, exp.SetOperation):
        return _branches(query.this) + _branches(query.expression)
    if isinstance(query, exp.Subquery):
        return _branches(query.this)
    return [query] if isinstance(query, exp.Select) else []


def _ends(branch: exp.Select, names: list[str]) -> bool:
    """Whether a condition holds a column that changes from round to round on its way to a bound."""
    where = branch.args.get("where")
    return where is not None and any(_bounds(one, branch, names) for one in conjuncts(where.this))


def _bounds(condition: exp.Expr, branch: exp.Select, names: list[str]) -> bool:
    if isinstance(condition, exp.Between):
        condition = exp.LTE(this=condition.this, expression=condition.args["high"])
    if not isinstance(condition, exp.LT | exp.LTE | exp.GT | exp.GTE | exp.NEQ):
        return False
    left = {column.name.lower() for column in condition.this.find_all(exp.Column)} & {*names}
    right = {column.name.lower() for column in condition.expression.find_all(exp.Column)} & {*names}
    grows_to_right = isinstance(condition, exp.LT | exp.LTE)
    for columns, bound, upward in (
        (left, condition.expression, grows_to_right),
        (right, condition.this, not grows_to_right),
    ):
        for column in columns:
            step = _step(branch, names.index(column))
            if step is None or (isinstance(step, exp.Column) and step.name.lower() == column):
                continue
            if isinstance(condition, exp.NEQ) or _moves(step, upward):
                return _within(bound, step)
    return False


def _step(branch: exp.Select, place: int) -> exp.Expr | None:
    if place >= len(branch.expressions):
        return None
    item = branch.expressions[place]
    return item.unalias() if isinstance(item, exp.Expr) else None


def _moves(step: exp.Expr, upward: bool) -> bool:
    """Whether a step goes towards its bound; one that is no plain sum is taken to do so."""
    if isinstance(step, exp.Add | exp.Sub):
        amount = step.expression
        backward = isinstance(amount, exp.Neg)
        return (isinstance(step, exp.Add) != backward) == upward
    return True


def _within(bound: exp.Expr, step: exp.Expr) -> bool:
    number = _number(bound)
    amount = _number(step.expression) if isinstance(step, exp.Add | exp.Sub) else None
    if number is None:
        return True
    longest = MOST_ROWS if isinstance(step, exp.Add | exp.Sub) else LONGEST_TEXT
    return abs(number) / max(abs(amount or 1.0), 1e-9) <= longest


def _series(tree: exp.Expr) -> Iterator[Finding]:
    for select in tree.find_all(exp.Select):
        members = 1.0
        for node in select.find_all(*_SERIES):
            if node.find_ancestor(exp.Select) is select:
                members *= max(_length_of_series(node), 1.0)
        if members > MOST_ROWS:
            yield _finding("series", "the series has far too many members", "take fewer, or larger steps")


def _length_of_series(node: exp.Expr) -> float:
    """How many members a series of constants has; 1 where they are no constants."""
    start, end, step = (node.args.get(key) for key in ("start", "end", "step"))
    step = step if step is not None else node.args.get("interval")
    low, high = _number(start), _number(end)
    if low is not None and high is not None:
        return abs(high - low) / max(abs(_number(step) or 1.0), 1e-9)
    days = (_date(start), _date(end))
    span = _LONGEST_SPAN if None in days else abs((days[1] or 0.0) - (days[0] or 0.0))
    if not isinstance(step, exp.Interval | exp.Literal) or (None in days and not isinstance(start, exp.Cast)):
        return 1.0
    return span / max(_seconds(step), 1e-9)


def _date(node: exp.Expr | None) -> float | None:
    """A date as seconds, about."""
    text = node.this if isinstance(node, exp.Cast) else node
    if not isinstance(text, exp.Literal) or not (found := re.match(r"(\d{4})-(\d\d)-(\d\d)", text.name)):
        return None
    year, month, day = (int(part) for part in found.groups())
    return year * _SECONDS["year"] + month * _SECONDS["month"] + day * _SECONDS["day"]


def _seconds(step: exp.Expr) -> float:
    text = step.this.name if isinstance(step, exp.Interval) and step.this is not None else step.name
    unit = str(step.args.get("unit") or "") if isinstance(step, exp.Interval) else ""
    found = re.match(r"\s*([\d.]+)?\s*([a-z]+)?", f"{text} {unit}".lower().strip())
    amount, word = (found[1], found[2]) if found else (None, None)
    return float(amount or 1) * _SECONDS.get((word or "day").rstrip("s"), _SECONDS["day"])


def _long_texts(tree: exp.Expr) -> Iterator[Finding]:
    for node in tree.find_all(exp.Repeat, exp.Pad, exp.Space, exp.Replace, exp.Anonymous, exp.Format):
        if _length(node) > LONGEST_TEXT:
            yield _finding("text", "it makes a text that is far too long", "make it shorter")


def _length(node: exp.Expr | None) -> float:
    """The most characters that an expression makes of its constants; a column counts as a usual text."""
    if isinstance(node, exp.Literal):
        return float(len(node.name))
    if isinstance(node, exp.Repeat):
        return _length(node.this) * _times(node.args.get("times"))
    if isinstance(node, exp.Pad):
        return max(_times(node.args.get("expression")), _length(node.this))
    if isinstance(node, exp.Space):
        return _times(node.this)
    if isinstance(node, exp.Replace):
        return _length(node.this) * max(_length(node.args.get("replacement")), 1.0)
    formats = isinstance(node, exp.Format) or (
        isinstance(node, exp.Anonymous) and node.name.lower() in {"format", "printf"}
    )
    if formats and node is not None:
        pattern = node.this if isinstance(node, exp.Format) else next(iter(node.expressions), None)
        wide = isinstance(pattern, exp.Literal) and _WIDTH.search(pattern.name)
        return float("inf") if wide else _USUAL_TEXT
    if isinstance(node, exp.Anonymous) and node.name.lower() in {"list_resize", "array_resize"}:
        return _times(node.expressions[1]) if len(node.expressions) > 1 else _USUAL_TEXT
    if node is None or isinstance(node, exp.Column):
        return _USUAL_TEXT
    return max((_length(one) for one in node.iter_expressions()), default=_USUAL_TEXT)


def _times(node: exp.Expr | None) -> float:
    """A count; where it hangs on data, its greatest constant, at least one."""
    number = _number(node)
    if number is not None:
        return max(number, 0.0)
    constants = [_number(one) or 0.0 for one in node.find_all(exp.Literal)] if node is not None else []
    return max([1.0, *constants])


def _number(node: exp.Expr | None) -> float | None:
    if isinstance(node, exp.Neg):
        number = _number(node.this)
        return None if number is None else -number
    if isinstance(node, exp.Cast | exp.Paren):
        return _number(node.this)
    if isinstance(node, exp.Literal) and not node.is_string:
        try:
            return float(node.name)
        except ValueError:
            return None
    return None


def _all_with_all(tree: exp.Expr, context: CheckContext) -> Iterator[Finding]:
    """Tables side by side that no condition ties together: rows times rows times rows."""
    scopes = Scopes(tree, context.schema)
    for select in scopes.selects:
        sources = [source for source in scopes.of(select) if not _is_one_row(source)]
        if len(sources) < 2:
            continue
        groups = _groups(select, sources, scopes)
        named = [next((one for one in group if one.table), group[0]) for group in groups]
        tables = [source for source in named if source.table]
        crossed = all(_is_crossed(source) for source in named[1:])
        if len(groups) > _MOST_CROSSED or len(tables) > 2 or (len(tables) > 1 and not crossed):
            told = " and ".join(dict.fromkeys(source.alias for source in named))
            yield _finding(told, f"no condition ties {told} together", "join them on their keys")


def _groups(select: exp.Select, sources: list[Source], scopes: Scopes) -> list[list[Source]]:
    """The sources of a SELECT, those together that a condition ties to each other."""
    group = {source.alias.lower(): place for place, source in enumerate(sources)}

    def tie(aliases: set[str]) -> None:
        places = {group[alias] for alias in aliases & group.keys()}
        for alias, place in group.items():
            if place in places:
                group[alias] = min(places)

    where = select.args.get("where")
    for condition in conjuncts(where.this if where is not None else None):
        tie(_mentioned(condition, sources, scopes))
    for join in select.args.get("joins") or ():
        if join.args.get("using") or str(join.method).upper() == "NATURAL":
            tie({source.alias.lower() for source in sources})
        for condition in conjuncts(join.args.get("on")):
            tie(_mentioned(condition, sources, scopes))
        if not isinstance(join.this, exp.Table) or not isinstance(join.this.this, exp.Identifier):
            tie({join.alias_or_name.lower()} | _mentioned(join.this, sources, scopes))
    return [[s for s in sources if group[s.alias.lower()] == place] for place in sorted({*group.values()})]


def _mentioned(node: exp.Expr, sources: list[Source], scopes: Scopes) -> set[str]:
    """The aliases that an expression speaks of; a bare column may belong to any table that has it."""
    found: set[str] = set()
    for column in node.find_all(exp.Column):
        if column.table:
            found.add(column.table.lower())
            continue
        table = scopes.table_of(column)
        found |= {source.alias.lower() for source in sources if source.table in (table, None)}
    return found


def _is_one_row(source: Source) -> bool:
    """A derived table or a common table expression that sums up, or has no tables."""
    query = source.node.this if isinstance(source.node, exp.Subquery) else _definition(source.node)
    if not isinstance(query, exp.Select):
        return False
    limit = query.args.get("limit")
    if isinstance(limit, exp.Limit) and _number(limit.expression) == 1:
        return True
    if query.args.get("group"):
        return False
    sums = any(
        item.find(exp.AggFunc) is not None and item.find(exp.Window) is None for item in query.expressions
    )
    return sums or (query.args.get("from_") is None and not any(query.find_all(*_SERIES, exp.UDTF)))


def _definition(table: exp.Expr) -> exp.Expr | None:
    if not isinstance(table, exp.Table) or not reads_cte(table):
        return None
    for cte in table.root().find_all(exp.CTE):
        if cte.alias.lower() == table.name.lower() and isinstance(cte.this, exp.Expr):
            return cte.this
    return None


def _is_crossed(source: Source) -> bool:
    join = source.node.find_ancestor(exp.Join, exp.From)
    return isinstance(join, exp.Join) and str(join.kind).upper() == "CROSS"


def _finding(where: str, why: str, mend: str) -> Finding:
    return Finding("endless", where, why, mend)
