"""A query as the synthesiser builds it, and its one canonical text."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from knowledge.schema import ForeignKey, Schema


class NoPathError(Exception):
    """The tables that a query names cannot be joined without multiplying rows."""


@dataclass(frozen=True)
class Query:
    """Expressions are SQL text in the schema's aliases; `needs` are the tables behind them.

    Joins follow foreign keys from `base` upwards (many to one) alone, so they never multiply rows. A need
    with a trailing '^' is the row above in the same table ('categories^': the parent category), named by the
    alias and a 2.
    """

    base: str
    select: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    group: tuple[str, ...] = ()
    having: str = ""
    order: str = ""
    limit: str = ""
    distinct: bool = False
    extra_joins: tuple[str, ...] = field(default=())

    def plus(self, **changes: object) -> "Query":
        return replace(self, **changes)  # type: ignore[arg-type]

    def also(self, where: Iterable[str] = (), needs: Iterable[str] = ()) -> "Query":
        return replace(self, where=(*self.where, *where), needs=self.needs | set(needs))


# 'orders by country' means the customer's country, not the one of five warehouses
MANY_ROWS = 1000


class Routes:
    """The ways up from a table along its foreign keys."""

    def __init__(self, schema: Schema, sizes: dict[str, int]) -> None:
        self.schema = schema
        self.sizes = sizes
        self.up: dict[str, list[ForeignKey]] = {}
        self._reach: dict[str, dict[str, tuple[ForeignKey, ...]]] = {}
        for key in schema.foreign_keys:
            if key.table != key.to_table and len(key.columns) == 1:
                self.up.setdefault(key.table, []).append(key)

    def all(self, base: str, target: str, limit: int = 4) -> list[tuple[ForeignKey, ...]]:
        """Every simple route of at most `limit` keys: direct, then by way of a big table, then short."""
        found: list[tuple[ForeignKey, ...]] = []

        def walk(table: str, route: tuple[ForeignKey, ...]) -> None:
            if table == target:
                found.append(route)
                return
            if len(route) < limit:
                for key in self.up.get(table, []):
                    if all(key.to_table != k.table for k in route):
                        walk(key.to_table, (*route, key))

        walk(base, ())

        def rank(route: tuple[ForeignKey, ...]) -> tuple[bool, bool, int]:
            last = route[-1].table if route else base
            return (len(route) > 1, self.sizes.get(last, 0) < MANY_ROWS, len(route))

        return sorted(found, key=rank)

    def reachable(self, base: str) -> dict[str, tuple[ForeignKey, ...]]:
        """Table -> its default route from `base`; `base` itself has the empty route."""
        if base not in self._reach:
            result: dict[str, tuple[ForeignKey, ...]] = {base: ()}
            for table in self.schema.by_name:
                routes = self.all(base, table) if table != base else []
                if routes:
                    result[table] = routes[0]
            self._reach[base] = result
        return self._reach[base]


def join_text(schema: Schema, key: ForeignKey, left: bool = False) -> str:
    """The one way in which this key is written as a join from its table up to the table it points to."""
    child, parent = schema.aliases[key.table], schema.aliases[key.to_table]
    word = "LEFT JOIN" if left else "JOIN"
    return f"{word} {key.to_table} {parent} ON {parent}.{key.to_columns[0]} = {child}.{key.columns[0]}"


def upper_join(schema: Schema, table: str) -> str:
    """The join of a table to the row above it by its self-reference."""
    key = next(k for k in schema.foreign_keys if k.table == k.to_table == table)
    alias = schema.aliases[table]
    return f"JOIN {table} {alias}2 ON {alias}2.{key.to_columns[0]} = {alias}.{key.columns[0]}"


def render(query: Query, routes: Routes) -> str:
    """The canonical SQL text. Raises NoPathError where a needed table cannot be reached."""
    schema = routes.schema
    reach = routes.reachable(query.base)
    keys: list[ForeignKey] = []
    plain = {need.rstrip("^") for need in query.needs} - {query.base}
    for table in sorted(plain, key=lambda t: (len(reach.get(t, ())), t)):
        if table not in reach:
            raise NoPathError(f"{query.base} -> {table}")
        for key in reach[table]:
            if key in keys:
                continue
            if any(k.to_table == key.to_table for k in keys):
                raise NoPathError(f"{key.to_table} twice")
            keys.append(key)
    parts = ["SELECT " + ("DISTINCT " if query.distinct else "") + ", ".join(query.select)]
    parts.append(f"FROM {query.base} {schema.aliases[query.base]}")
    parts += [join_text(schema, key) for key in keys]
    parts += [upper_join(schema, need[:-1]) for need in sorted(query.needs) if need.endswith("^")]
    parts += query.extra_joins
    if query.where:
        parts.append("WHERE " + " AND ".join(query.where))
    if query.group:
        parts.append("GROUP BY " + ", ".join(query.group))
    if query.having:
        parts.append("HAVING " + query.having)
    if query.order:
        parts.append("ORDER BY " + query.order)
    if query.limit:
        parts.append("LIMIT " + query.limit)
    return " ".join(parts)
