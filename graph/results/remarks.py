"""What a check on a result reads and what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from graph.checks.finding import CheckContext, Finding
from graph.checks.scopes import Scopes, first_select
from knowledge.result import Result


@dataclass(frozen=True)
class Seen:
    """A result with the statement that gave it; `values` are those that the question names and tables hold,
    as (table, column, value)."""

    result: Result
    tree: exp.Expr
    context: CheckContext
    values: frozenset[tuple[str, str, str]] = frozenset()

    @cached_property
    def scopes(self) -> Scopes:
        return Scopes(self.tree, self.context.schema)

    @cached_property
    def shown(self) -> tuple[exp.Expr, ...]:
        """The expression of each column of the result; empty where a star hides them."""
        select = first_select(self.tree)
        if select is None or select.is_star or len(select.expressions) != len(self.result.columns):
            return ()
        return tuple(item.unalias() for item in select.expressions)

    @property
    def is_empty(self) -> bool:
        """No rows, or nothing in them."""
        return all(cell is None for row in self.result.rows for cell in row)


@dataclass(frozen=True)
class Remarks:
    """`findings` speak against the result; `notes` are what its reader should know."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def all(self) -> tuple[Finding, ...]:
        return self.findings + self.notes


NOTHING = Remarks()

ResultCheck = Callable[[Seen], Remarks]
