"""Finds in the golds what they compare with, and in the database the rows that they read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from evals.suite.case import Case
from evals.suite.gold import alternatives, expand
from evals.variants.comparisons import SECONDS, Comparisons
from evals.variants.focus import Focus
from evals.variants.snapshot import Snapshot
from graph.checks import CheckContext, gate
from graph.checks.scopes import Scopes, conjuncts
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.errors import QueryError
from knowledge.schema import ForeignKey, Schema

MOST_WITNESSES = 20_000


def gold_queries(cases: Sequence[Case], context: CheckContext) -> tuple[str, ...]:
    """One query for each alternative of each case's golds, as the workspace's database gets it."""
    found = []
    for case in cases:
        asked = replace(context, question=case.question)
        if case.today:
            asked = replace(asked, clock=FrozenClock(case.today))
        for gold in case.gold if not case.database else ():
            found += [gate(expand(one)[-1], asked).sql for one in alternatives(gold)]
    return tuple(dict.fromkeys(sql for sql in found if sql))


def focuses(golds: Sequence[str], database: Database, schema: Schema, snapshot: Snapshot) -> list[Focus]:
    """One for each different SELECT over tables; what cannot be parsed or run says nothing."""
    found: dict[str, Focus] = {}
    for gold in golds:
        try:
            tree = sqlglot.parse_one(gold, dialect=schema.dialect)
        except SqlglotError:
            continue
        scopes = Scopes(tree, schema)
        for select in scopes.selects:
            looker = _Looker(select, scopes, tree, snapshot, database)
            query = looker.query() if looker.sources else ""
            if query and query not in found:
                try:
                    rows = looker.run(query) or looker.run(looker.query(nested=False))
                    found[query] = looker.focus(rows, looker.run(looker.passing_query()))
                except QueryError:
                    continue
    return list(found.values())


class _Looker:
    """Looks at one SELECT of a gold."""

    def __init__(
        self, select: exp.Select, scopes: Scopes, tree: exp.Expr, snapshot: Snapshot, database: Database
    ) -> None:
        self.select = select
        self.scopes = scopes
        self.tree = tree
        self.snapshot = snapshot
        self.database = database
        self.own = scopes.of(select)
        self.sources = [
            source
            for source in self.own
            if source.table in snapshot.tables and snapshot.tables[source.table].facts.key
        ]
        self.compared = Comparisons(select, self.sources, snapshot, database)

    def run(self, query: str) -> Sequence[Sequence[Any]]:
        return self.database.run(query, max_rows=MOST_WITNESSES, timeout_s=SECONDS).rows if query else ()

    def query(self, *, nested: bool = True) -> str:
        """The keys of the rows that the SELECT reads, and what it groups by; without its outer query.

        Without `nested` the conditions that hold queries of their own are left out.
        """
        query = self._bare(nested)
        keys = [
            exp.column(name, source.alias, quoted=True)
            for source in self.sources
            for name in self.snapshot.tables[source.table or ""].facts.key
        ]
        listed = [exp.alias_(key, f"quarry_{n}") for n, key in enumerate([*keys, *self._grouped()])]
        query.set("expressions", listed)
        query.set("order", exp.Order(expressions=[key.copy() for key in keys]))
        return query.sql(dialect=self.snapshot.dialect)

    def passing_query(self) -> str:
        """The groups that HAVING lets through; empty where there is none."""
        keys = self._grouped()
        if not keys or not self.select.args.get("having"):
            return ""
        query = self._bare()
        query.set("expressions", [exp.alias_(key, f"quarry_{n}") for n, key in enumerate(keys)])
        query.set("group", exp.Group(expressions=[key.copy() for key in keys]))
        having = self.select.args["having"].copy()
        query.set("having", having.transform(self.compared.spelled_out))
        return query.sql(dialect=self.snapshot.dialect)

    def focus(self, rows: Sequence[Sequence[Any]], passing: Sequence[Sequence[Any]]) -> Focus:
        witnesses, groups, numbers = [], [], dict[tuple[Any, ...], int]()
        for row in rows:
            at, places = 0, dict[str, int]()
            for source in self.sources:
                table = self.snapshot.tables[source.table or ""]
                width = len(table.facts.key)
                place = table.by_key.get(tuple(row[at : at + width]))
                at += width
                if place is not None:
                    places[source.alias] = place
            witnesses.append(places)
            groups.append(numbers.setdefault(tuple(row[at:]), len(numbers)))
        return Focus(
            tables={source.alias: source.table or "" for source in self.sources},
            conditions=tuple(dict.fromkeys(self.compared.conditions())),
            thresholds=tuple(dict.fromkeys(self.compared.thresholds())),
            witnesses=tuple(witnesses),
            parents=tuple(self._parents()),
            owners=tuple(self._owners()),
            limited=self._limited,
            groups=tuple(groups),
            passing=frozenset(numbers[tuple(key)] for key in passing if tuple(key) in numbers),
        )

    def _bare(self, nested: bool = True) -> exp.Select:
        """The same sources and the conditions that need no outer query."""
        bare = exp.Select()
        for part in ("from_", "joins", "laterals"):
            given = self.select.args.get(part)
            if given is not None:
                bare.set(part, [n.copy() for n in given] if isinstance(given, list) else given.copy())
        where = self.select.args.get("where")
        kept = [
            condition.copy()
            for condition in conjuncts(where.this if where else None)
            if not self._reaches_out(condition) and (nested or condition.find(exp.Select) is None)
        ]
        if kept:
            bare.set("where", exp.Where(this=exp.and_(*kept, copy=False)))
        with_ = self.tree.args.get("with_")
        if with_ is not None:
            bare.set("with_", with_.copy())
        return bare

    def _reaches_out(self, condition: exp.Expr) -> bool:
        """Whether a condition reads a source of an outer query."""
        known = {source.alias.lower() for source in self.own}
        for column in condition.find_all(exp.Column):
            owner = column.find_ancestor(exp.Select)
            inner = set[str]()
            while owner is not None and owner is not self.select:
                inner |= {source.alias.lower() for source in self.scopes.of(owner)}
                owner = owner.find_ancestor(exp.Select)
            if column.table and column.table.lower() not in known | inner:
                return True
        return False

    @property
    def _limited(self) -> bool:
        return bool(self.select.args.get("limit") and self.select.args.get("order"))

    def _grouped(self) -> list[exp.Expr]:
        """What the rows are grouped by, where it matters how large the groups are."""
        group = self.select.args.get("group")
        if group is None or not (self.select.args.get("having") or self._limited):
            return []
        keys = [key for key in group.expressions if not isinstance(key, exp.Literal)]
        return [self.compared.spelled_out(key).copy() for key in keys]

    def _owners(self) -> Iterator[str]:
        found = [self.compared.column(key) for key in self._grouped()]
        grouped = {(column[0].alias, column[1]) for column in found if column}
        for source in self.sources:
            key = self.snapshot.tables[source.table or ""].facts.key
            if all((source.alias, name) in grouped for name in key):
                yield source.alias

    def _parents(self) -> Iterator[tuple[str, ForeignKey]]:
        group = self.select.args.get("group")
        told = [*self.select.selects, *(group.expressions if group is not None else ())]
        for node in told:
            column = self.compared.column(self.compared.spelled_out(node.unalias()))
            for key in self.snapshot.keys_from(column[0].table or "") if column else ():
                if column and key.columns == (column[1],):
                    yield column[0].alias, key
