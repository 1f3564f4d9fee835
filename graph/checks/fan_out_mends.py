"""The ways to mend a repeated measure without changing what is asked, the simplest first."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from graph.checks.joined import Joined
from graph.checks.pre_aggregation import summed_before
from graph.checks.scopes import Scopes, Source, columns_in, is_star
from graph.checks.semi_join import asked_with_exists


@dataclass(frozen=True)
class Mended:
    """The tree without the fault, and what was done, as the end of a sentence."""

    tree: exp.Expr
    how: str


@dataclass(frozen=True)
class Fault:
    """A repeated aggregate within a copied tree, the joins of its SELECT, and the source that repeats it.

    `hanging` holds the aliases of the sources that come in through that source alone, itself among them.
    """

    aggregate: exp.Expr
    joined: Joined
    by: Source
    hanging: frozenset[str]

    @property
    def select(self) -> exp.Select:
        return self.joined.select


def mended(aggregate: exp.Expr, by: Source, scopes: Scopes, single: frozenset[str]) -> Mended | None:
    """The first way that fits, in a copy of the tree; None where what was meant is not certain."""
    for mend, how in _WAYS:
        fault = _copied(aggregate, by, scopes, single)
        if mend(fault):
            return Mended(fault.select.root(), how)
    return None


def _copied(aggregate: exp.Expr, by: Source, scopes: Scopes, single: frozenset[str]) -> Fault:
    """The fault again, in a copy of the tree."""
    nodes = list(scopes.tree.walk())
    copies = list(scopes.tree.copy().walk())
    twin = next(copy for node, copy in zip(nodes, copies, strict=True) if node is aggregate)
    select = twin.find_ancestor(exp.Select)
    assert isinstance(select, exp.Select)
    joined = Joined(select, Scopes(copies[0], scopes.schema), single)
    source = joined.sources[by.alias.lower()]
    measured = {
        place[0]
        for column in columns_in(twin)
        if (place := joined.place(column)) and place[0] != by.alias.lower()
    }
    rest = measured or set(joined.sources) - {by.alias.lower()}
    return Fault(twin, joined, source, frozenset(joined.reached_through(by.alias.lower(), rest)))


def _counted_once(fault: Fault) -> bool:
    """COUNT(key) -> COUNT(DISTINCT key)."""
    counted = fault.aggregate.this
    if not isinstance(fault.aggregate, exp.Count) or not isinstance(counted, exp.Column):
        return False
    fault.aggregate.set("this", exp.Distinct(expressions=[counted.copy()]))
    return True


def _left_out(fault: Fault) -> bool:
    """A LEFT JOIN whose columns nobody uses is left out; it only repeats rows."""
    join = fault.by.node.parent
    if not isinstance(join, exp.Join) or join.side != "LEFT" or fault.hanging != {fault.by.alias.lower()}:
        return False
    for item in fault.select.expressions:
        if is_star(item) or isinstance(item, exp.Count) or item.find(exp.Star):
            return False
    own = {id(node) for node in join.walk()}
    for column in fault.select.find_all(exp.Column):
        place = fault.joined.place(column)
        if id(column) not in own and place is not None and place[0] in fault.hanging:
            return False
    if any(
        _mentions(inner, fault) for inner in fault.select.find_all(exp.Select) if inner is not fault.select
    ):
        return False
    join.pop()
    return True


def _mentions(inner: exp.Select, fault: Fault) -> bool:
    return any(column.table.lower() in fault.hanging for column in inner.find_all(exp.Column))


def _exists(fault: Fault) -> bool:
    return asked_with_exists(fault.joined, fault.hanging)


def _summed(fault: Fault) -> bool:
    return fault.hanging == {fault.by.alias.lower()} and summed_before(fault.joined, fault.by)


_WAYS: tuple[tuple[Callable[[Fault], bool], str], ...] = (
    (_counted_once, "each was counted once"),
    (_left_out, "the join was left out"),
    (_exists, "it was asked with EXISTS"),
    (_summed, "it was summed up before the join"),
)
