"""How the sources of one SELECT are joined, and which of them repeat the rows of others."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from sqlglot import exp

from graph.checks.scopes import Scopes, Source, column_name, conjuncts
from knowledge.schema import ForeignKey

Place = tuple[str, str]
"""The alias of a source, in small letters, and one of its columns."""


class Joined:
    """The equalities between the sources of a SELECT, from ON, USING and WHERE.

    `single` names columns ('shipments.order_id') that hold each value once, though no key says so.
    """

    def __init__(self, select: exp.Select, scopes: Scopes, single: frozenset[str] = frozenset()) -> None:
        self.select = select
        self.scopes = scopes
        self.single = single
        self.sources = {source.alias.lower(): source for source in scopes.of(select)}
        self.equal: list[tuple[Place, Place]] = []
        self.fixed: set[Place] = set()
        for condition in self._conditions():
            self._read(condition)
        for join in select.args.get("joins") or ():
            self._read_using(join)

    def multipliers(self, start: Iterable[str]) -> list[Source]:
        """The sources of which several rows may meet one row of `start`, nearest first.

        Only what keys tell for certain counts: a table that points here, whose own key is not settled by the
        join, by an equality with a value, or by what the SELECT groups by.
        """
        seen, found = set(start), list[Source]()
        while True:
            near = [alias for alias in self.sources if alias not in seen and self._columns(alias, seen)]
            if not near:
                return found
            single = next((alias for alias in near if not self._repeats(alias, seen)), None)
            alias = single or near[0]
            if single is None:
                found.append(self.sources[alias])
            seen.add(alias)

    def place(self, column: exp.Column) -> Place | None:
        """Where a column stands among this SELECT's own sources."""
        source = self.scopes.source_of(column)
        if source is None or self.sources.get(source.alias.lower()) is not source:
            return None
        return source.alias.lower(), self._name(source, column.name)

    def aliases_in(self, node: exp.Expr) -> set[str]:
        """The aliases of this SELECT's sources that an expression uses, its sub-queries included."""
        columns = [column for column in node.find_all(exp.Column) if not isinstance(column.this, exp.Star)]
        return {place[0] for column in columns if (place := self.place(column)) is not None}

    def reached_through(self, alias: str, start: Iterable[str]) -> set[str]:
        """`alias` and the sources that hang on `start` through it alone."""
        seen, waiting = set(start), list(start)
        while waiting:
            here = waiting.pop()
            for one, other in self.equal:
                for near, far in ((one[0], other[0]), (other[0], one[0])):
                    if near == here and far != alias and far not in seen:
                        seen.add(far)
                        waiting.append(far)
        return set(self.sources) - seen

    def _conditions(self) -> Iterator[exp.Expr]:
        where = self.select.args.get("where")
        yield from conjuncts(where.this if where is not None else None)
        for join in self.select.args.get("joins") or ():
            yield from conjuncts(join.args.get("on"))

    def _read(self, condition: exp.Expr) -> None:
        if not isinstance(condition, exp.EQ):
            return
        sides = [condition.this, condition.expression]
        places = [self.place(side) if isinstance(side, exp.Column) else None for side in sides]
        if places[0] is not None and places[1] is not None:
            self.equal.append((places[0], places[1]))
        for place, other in ((places[0], sides[1]), (places[1], sides[0])):
            if place is not None and isinstance(other, exp.Literal | exp.Subquery):
                self.fixed.add(place)

    def _read_using(self, join: exp.Join) -> None:
        names = [name.name for name in join.args.get("using") or ()]
        if not names or not isinstance(join.this, exp.Table | exp.Subquery):
            return
        right = join.this.alias_or_name.lower()
        for name in names:
            for alias, source in self.sources.items():
                if alias == right:
                    break
                if self._offers(source, name):
                    self.equal.append(((alias, self._name(source, name)), (right, self._right(right, name))))
                    break

    def _right(self, alias: str, name: str) -> str:
        source = self.sources.get(alias)
        return self._name(source, name) if source is not None else name

    def _offers(self, source: Source, name: str) -> bool:
        if source.table is None:
            return False
        columns = self.scopes.schema.by_name[source.table].by_name
        return self._name(source, name) in columns

    def _name(self, source: Source, name: str) -> str:
        if source.table is None:
            return name.lower()
        return column_name(self.scopes.schema, source.table, name)

    def _columns(self, alias: str, seen: set[str]) -> dict[str, set[Place]]:
        """The columns of a source that equal columns of sources in `seen`, with those."""
        found: dict[str, set[Place]] = {}
        for one, other in self.equal:
            for mine, theirs in ((one, other), (other, one)):
                if mine[0] == alias and theirs[0] in seen:
                    found.setdefault(mine[1], set()).add(theirs)
        return found

    def _repeats(self, alias: str, seen: set[str]) -> bool:
        """Whether several rows of a source may meet one row of those in `seen`, as far as keys tell."""
        source = self.sources[alias]
        if source.table is None:
            return False
        table = self.scopes.schema.by_name[source.table]
        columns = self._columns(alias, seen)
        if any(f"{source.table}.{name}" in self.single for name in columns):
            return False
        if not table.primary_key or not self._points_there(source.table, columns):
            return False
        settled = set(columns) | {name for name in table.primary_key if self._is_settled((alias, name))}
        return not set(table.primary_key) <= settled

    def _points_there(self, table: str, columns: dict[str, set[Place]]) -> bool:
        return any(
            self._is_key(key, columns) for key in self.scopes.schema.foreign_keys if key.table == table
        )

    def _is_key(self, key: ForeignKey, columns: dict[str, set[Place]]) -> bool:
        """Whether a join goes along a key: to the table that it points to, or to another that does too."""
        if not set(key.columns) <= set(columns):
            return False
        return all(
            any(self._leads_to(theirs, key.to_table, to) for theirs in columns[name])
            for name, to in zip(key.columns, key.to_columns, strict=True)
        )

    def _leads_to(self, place: Place, table: str, name: str) -> bool:
        source = self.sources[place[0]]
        if source.table is None:
            return self._derived_leads_to(source, place[1], table, name)
        if (source.table, place[1]) == (table, name):
            return True
        return any(
            key.table == source.table
            and key.to_table == table
            and (place[1], name) in zip(key.columns, key.to_columns, strict=True)
            for key in self.scopes.schema.foreign_keys
        )

    def _derived_leads_to(self, source: Source, column: str, table: str, name: str) -> bool:
        base = self.scopes.base_of(_column_of(source, column, self.select))
        if base is None:
            return False
        return base == (table, name) or any(
            key.table == base[0]
            and key.to_table == table
            and (base[1], name) in zip(key.columns, key.to_columns, strict=True)
            for key in self.scopes.schema.foreign_keys
        )

    def _is_settled(self, place: Place) -> bool:
        """Whether a key's column has one value in each group: grouped by, fixed, or the key of what is."""
        for same in self._same(place):
            if same in self._grouped or same in self.fixed:
                return True
            source = self.sources[same[0]]
            if source.table is None or same[0] == place[0]:
                continue
            if self.scopes.schema.by_name[source.table].primary_key == (same[1],):
                mine = self._grouped | self.fixed
                if any(alias == same[0] for alias, _ in mine):
                    return True
        return False

    def _same(self, place: Place) -> set[Place]:
        """The columns that equal a column, itself among them."""
        found, waiting = {place}, [place]
        while waiting:
            here = waiting.pop()
            for one, other in self.equal:
                for near, far in ((one, other), (other, one)):
                    if near == here and far not in found:
                        found.add(far)
                        waiting.append(far)
        return found

    @cached_property
    def _grouped(self) -> set[Place]:
        return {
            place
            for item in grouped_by(self.select)
            for column in item.find_all(exp.Column)
            if (place := self.place(column)) is not None
        }


def grouped_by(select: exp.Select) -> list[exp.Expr]:
    """What a SELECT groups by, with places and aliases of its list spelled out."""
    group = select.args.get("group")
    if group is None:
        return []
    aliases = {item.alias.lower(): item.this for item in select.expressions if isinstance(item, exp.Alias)}
    found = []
    for item in group.expressions:
        if isinstance(item, exp.Literal) and not item.is_string and item.this.isdigit():
            number = int(item.this)
            if 1 <= number <= len(select.expressions):
                found.append(select.expressions[number - 1].unalias())
        elif isinstance(item, exp.Column) and not item.table and item.name.lower() in aliases:
            found.append(aliases[item.name.lower()])
        else:
            found.append(item)
    return found


def _column_of(source: Source, name: str, select: exp.Select) -> exp.Column:
    column = exp.column(name, table=source.alias)
    column.parent = select
    return column
