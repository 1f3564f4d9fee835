"""The metrics of the glossary as expressions that can be found again in a statement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

from graph.checks.scopes import Base, Scopes, query_of
from knowledge.glossary import Term
from knowledge.schema import Schema

AGGREGATES = (exp.Sum, exp.Avg, exp.Count, exp.Min, exp.Max)


@dataclass(frozen=True)
class Form:
    """One way to compute a metric.

    `text` and `aggregates` are as `text_of` and `parts_of` write them, `columns` what they are made of.
    `plain`: it sums or averages amounts under no condition of its own, so that it has no other spelling.
    """

    sql: str
    text: str
    aggregates: frozenset[str]
    columns: frozenset[Base]
    plain: bool


def forms(term: Term, schema: Schema) -> tuple[Form, ...]:
    return tuple(_form(sql, schema.dialect) for sql in term.metric)


@lru_cache(maxsize=4096)
def _form(sql: str, dialect: str) -> Form:
    tree = sqlglot.parse_one(sql, into=exp.Condition, dialect=dialect)
    found = list(outer_aggregates(tree))
    columns = {
        (column.table, column.name)
        for column in tree.find_all(exp.Column)
        if column.find_ancestor(exp.Query) is None
    }
    plain = bool(found) and all(_is_plain(node) for node in found)
    return Form(
        sql,
        text_of(tree),
        frozenset(text for node in found for text in parts_of(node)),
        frozenset(columns),
        plain,
    )


def _is_plain(aggregate: exp.Expr) -> bool:
    if not isinstance(aggregate, exp.Sum | exp.Avg):
        return isinstance(aggregate, exp.Count) and isinstance(aggregate.this, exp.Distinct)
    return not any(aggregate.find_all(exp.Case, exp.Predicate, exp.Query, exp.Anonymous))


def outer_aggregates(tree: exp.Expr) -> Iterator[exp.Expr]:
    """The aggregates of an expression, those within sub-queries aside."""
    for node in tree.walk(prune=lambda node: isinstance(node, exp.Query)):
        if isinstance(node, AGGREGATES):
            yield node


def text_of(node: exp.Expr, scopes: Scopes | None = None) -> str:
    """An expression with full column names, without what means nothing: brackets, the sides of a product."""
    if isinstance(node, exp.Column):
        base = scopes.base_of(node) if scopes is not None else (node.table, node.name)
        return f"{base[0]}.{base[1]}".lower() if base is not None else node.sql().lower()
    if isinstance(node, exp.Paren | exp.Alias):
        return text_of(node.this, scopes)
    if isinstance(node, exp.Add | exp.Mul):
        sides = sorted(text_of(side, scopes) for side in (node.this, node.expression))
        return f"({node.key} {' '.join(sides)})"
    if isinstance(node, exp.Literal):
        return f"{float(node.this):g}" if not node.is_string else repr(node.this)
    parts = " ".join(text_of(child, scopes) for child in node.iter_expressions())
    return f"({node.key} {parts})"


def parts_of(aggregate: exp.Expr, scopes: Scopes | None = None) -> set[str]:
    """The texts of an aggregate; a sum of sums is as good as the sums."""
    inner = aggregate.this
    while isinstance(inner, exp.Paren):
        inner = inner.this
    if isinstance(aggregate, exp.Sum) and isinstance(inner, exp.Add | exp.Sub):
        sides = (exp.Sum(this=side) for side in (inner.this.copy(), inner.expression.copy()))
        return {text for side in sides for text in parts_of(_placed(side, aggregate), scopes)}
    return {text_of(aggregate, scopes)}


def _placed(made: exp.Expr, place: exp.Expr) -> exp.Expr:
    """A node that looks up its columns from where another stands."""
    made.parent = place.parent
    return made


def spellings(aggregate: exp.Expr, scopes: Scopes) -> set[str]:
    """An aggregate of a statement as it is, and without the conditions that a CASE puts around its amount."""
    found = {text_of(aggregate, scopes)} | parts_of(aggregate, scopes)
    inner = aggregate.this
    while isinstance(inner, exp.Paren):
        inner = inner.this
    while (
        isinstance(inner, exp.Case) and len(inner.args["ifs"]) == 1 and _is_nothing(inner.args.get("default"))
    ):
        inner = inner.args["ifs"][0].args["true"]
        found.add(f"({aggregate.key} {text_of(inner, scopes)})")
    return found


def _is_nothing(node: exp.Expr | None) -> bool:
    return node is None or isinstance(node, exp.Null) or (isinstance(node, exp.Literal) and node.name == "0")


def computing(scopes: Scopes, metrics: Sequence[str], terms: Sequence[Term]) -> set[int]:
    """The ids of the SELECTs that compute one of the metrics, with those that they read it from.

    Where the glossary does not know a metric, every SELECT is taken for one that computes it.
    """
    wanted = {name.casefold() for name in metrics}
    known = [term for term in terms if term.term.casefold() in wanted and term.metric]
    if len(known) < len(wanted):
        return {id(select) for select in scopes.selects}
    needed = [form.aggregates for term in known for form in forms(term, scopes.schema)]
    found: set[int] = set()
    for select in scopes.selects:
        said: set[str] = set()
        for node in scopes.of_kind(*AGGREGATES):
            if node.find_ancestor(exp.Select) is select:
                said |= spellings(node, scopes)
        if any(aggregates <= said for aggregates in needed):
            found |= {id(inner) for inner in _read_from(select, scopes)}
    return found


def _read_from(select: exp.Select, scopes: Scopes) -> Iterator[exp.Select]:
    yield select
    for source in scopes.of(select):
        query = query_of(source)
        if query is not None:
            for inner in query.find_all(exp.Select):
                if inner is not select:
                    yield from _read_from(inner, scopes)
