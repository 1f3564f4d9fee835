"""How hard a query is to write, measured on its tree, and which tables it reads."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

Level = Literal["easy", "medium", "hard", "extra"]
LEVELS: tuple[Level, ...] = ("easy", "medium", "hard", "extra")


@dataclass(frozen=True)
class Complexity:
    """What a query is made of. `tables` are those it reads, each once; `nesting` is how deep a SELECT stands
    within others, where a CTE starts again at 0; an aggregate with OVER counts as a window alone.
    """

    tables: int = 0
    joins: int = 0
    nesting: int = 0
    set_operations: int = 0
    windows: int = 0
    aggregates: int = 0
    ctes: int = 0

    @property
    def points(self) -> int:
        """One for each join and CTE, one for any aggregate and one more for the third; two for each level of
        nesting, set operation and window.
        """
        twice = self.nesting + self.set_operations + self.windows
        return self.joins + self.ctes + (self.aggregates > 0) + (self.aggregates > 2) + 2 * twice

    @property
    def level(self) -> Level:
        """Up to one point is easy, up to 3 medium, up to 5 hard, more is extra."""
        return LEVELS[bisect_left((1, 3, 5), self.points)]


def complexity(sql: str, dialect: str) -> Complexity | None:
    """Measure a query; None for what is no query of that dialect.

    >>> found = complexity("SELECT city, COUNT(*) FROM staff JOIN teams ON code = team GROUP BY 1", "sqlite")
    >>> found.joins, found.aggregates, found.level
    (1, 1, 'medium')
    """
    measured = _measure(sql, dialect)
    return measured[0] if measured else None


def tables_read(sql: str, dialect: str) -> tuple[str, ...]:
    """The tables that a query reads, in lower case and by the alphabet; names of CTEs are none.

    >>> tables_read("WITH pay AS (SELECT * FROM Staff) SELECT * FROM pay JOIN teams", "sqlite")
    ('staff', 'teams')
    """
    measured = _measure(sql, dialect)
    return measured[1] if measured else ()


@lru_cache(maxsize=4096)
def _measure(sql: str, dialect: str) -> tuple[Complexity, tuple[str, ...]] | None:
    try:
        tree = sqlglot.parse_one(sql, dialect=dialect)
        if not isinstance(tree, exp.Query):
            return None
        sources = [source for scope in traverse_scope(tree) for source in scope.sources.values()]
    except SqlglotError:
        return None
    names = {source.name.casefold() for source in sources if isinstance(source, exp.Table)} - {""}
    found = Complexity(
        tables=len(names),
        joins=_count(tree, exp.Join),
        nesting=max(map(_depth, tree.find_all(exp.Select)), default=0),
        set_operations=_count(tree, exp.SetOperation),
        windows=_count(tree, exp.Window),
        aggregates=sum(map(_aggregates, tree.find_all(exp.AggFunc))),
        ctes=_count(tree, exp.CTE),
    )
    return found, tuple(sorted(names))


def _count(tree: exp.Query, kind: type[exp.Expr]) -> int:
    return sum(1 for _ in tree.find_all(kind))


def _depth(select: exp.Select) -> int:
    depth, node = 0, select.parent
    while node is not None and not isinstance(node, exp.CTE):
        depth += isinstance(node, exp.Select)
        node = node.parent
    return depth


def _aggregates(call: exp.AggFunc) -> bool:
    """Whether a call makes one row of many: SQLite's MAX and MIN of several values do not, nor do windows."""
    parent = call.parent.parent if isinstance(call.parent, exp.Filter) else call.parent
    of_several = isinstance(call, exp.Max | exp.Min) and bool(call.expressions)
    return not isinstance(parent, exp.Window) and not of_several
