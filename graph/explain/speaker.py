"""Says the parts of one tree. What has no words raises Unsaid, so that nothing is left out in silence."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlglot import exp

from graph.explain.canonical import canonical
from graph.explain.joins import Joined, Joins, joins_of
from graph.explain.origins import Origins, Stored
from graph.explain.vocabulary import Vocabulary
from knowledge.glossary import Term


class Unsaid(Exception):  # noqa: N818 - a turn of the way, not a fault
    """There are no words for this part of a statement."""


class Speaker:
    """The words of one tree. `short` leaves a metric's definition out, as within conditions."""

    def __init__(self, tree: exp.Expr, words: Vocabulary) -> None:
        self.words = words
        self.schema = words.schema
        self.origins = Origins(tree, words.schema)
        self.steps: dict[str, str] = {}
        self._joins: dict[int, Joins] = {}
        self._depth = 0

    def value(self, node: exp.Expr) -> str:
        """An expression in words. Raises Unsaid."""
        from graph.explain.scalars import value

        with self._deeper():
            return value(node, self)

    def condition(self, node: exp.Expr) -> str:
        """A condition in words. Raises Unsaid."""
        from graph.explain.conditions import condition

        with self._deeper():
            return condition(node, self)

    def conditions(self, select: exp.Select) -> list[str]:
        """Those of WHERE and of the joins' own, of a SELECT within another. Raises Unsaid."""
        from graph.explain.conditions import all_of

        joins = self.joins(select)
        where = select.args.get("where")
        parts = all_of(where.this, self, joins) if where is not None else []
        for joined in joins.sources:
            for rest in joined.rest:
                parts += all_of(rest, self, joins)
        return parts

    def joins(self, select: exp.Select) -> Joins:
        if id(select) not in self._joins:
            self._joins[id(select)] = joins_of(select, self.origins)
        return self._joins[id(select)]

    def spelled(self, node: exp.Expr) -> str:
        return canonical(node, self.origins)

    def metric(self, node: exp.Expr) -> Term | None:
        """The metric that an expression is."""
        return self.metric_of(self.spelled(node), node)

    def metric_of(self, spelled: str, node: exp.Expr) -> Term | None:
        return self.words.metric(spelled, lambda: self._restricting(node))

    def _restricting(self, node: exp.Expr) -> frozenset[str]:
        """The stored columns in the conditions and groups of the SELECT around an expression."""
        select = node if isinstance(node, exp.Select) else node.find_ancestor(exp.Select)
        if select is None:
            return frozenset()
        clauses = [*(select.args.get(name) for name in ("where", "group")), *select.expressions]
        columns = [c for clause in clauses if clause is not None for c in clause.find_all(exp.Column)]
        return frozenset(s.full_name for c in columns if (s := self.origins.stored(c)) is not None)

    def sql(self, node: exp.Expr) -> str:
        return node.sql(dialect=self.schema.dialect, comments=False)

    def noun(self, stored: Stored) -> str:
        """What a row of the column's source is called: 'manager' for the second copy of employees."""
        joined = self.joins(stored.select).by_alias(stored.alias)
        return self.noun_of(joined, stored.select) if joined is not None else self.words.noun(stored.table)

    def noun_of(self, joined: Joined, select: exp.Select) -> str:
        table = joined.source.table
        if table is None:
            return self.steps.get(joined.source.alias.lower(), joined.source.alias)
        noun = self.words.noun(table)
        copies = [j for j in self.joins(select).sources if j.source.table == table]
        if len(copies) < 2 or not joined.role or joined.role == noun:
            return noun
        return joined.role if _is_noun(joined.role) else f"{joined.role.replace(' ', '-')} {noun}"

    def subject(self, select: exp.Select) -> str:
        """What the rows of a SELECT are, in the singular: 'order'."""
        joins = self.joins(select)
        joined = joins.by_alias(joins.subject) if joins.subject else None
        if joined is None:
            return "row" if not joins.sources else "combination"
        return "row" if joined.source.table is None else self.noun_of(joined, select)

    def is_subject(self, stored: Stored) -> bool:
        return self.joins(stored.select).subject.lower() == stored.alias.lower()

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        """A nest too deep to follow is shown as SQL."""
        self._depth += 1
        try:
            if self._depth > 60:
                raise Unsaid
            yield
        finally:
            self._depth -= 1


def _is_noun(role: str) -> bool:
    """Whether a key's name stands alone for what it points to: 'manager' does, 'referred by' does not."""
    return " " not in role and role.endswith(("er", "or", "ee", "ist", "ant"))
