"""How tables join: the graph of the foreign keys, and the best way through it."""

import heapq
from collections import defaultdict
from collections.abc import Iterable

from knowledge.schema import ForeignKey, Schema

_STEP = 1.0
_OPTIONAL = 0.1
_MEETING = 2.5


def join_path(schema: Schema, tables: Iterable[str]) -> tuple[ForeignKey, ...] | None:
    """The keys that join all of `tables`, through other tables where needed, in an order that can be written.

    Each key joins one new table to those before it, beginning at the first of `tables`. None where no keys
    join them all.
    """
    wanted = list(dict.fromkeys(tables))
    graph = _graph(schema)
    reached, keys = set(wanted[:1]), list[ForeignKey]()
    missing = wanted[1:]
    while missing:
        paths = [path for table in missing if (path := _path(graph, reached, table)) is not None]
        if not paths:
            return None
        for key in min(paths, key=lambda found: found[0])[1]:
            keys.append(key)
            reached |= {key.table, key.to_table}
        missing = [table for table in missing if table not in reached]
    return tuple(keys)


def condition(key: ForeignKey, aliases: dict[str, str]) -> str:
    """'oi.order_id = o.order_id'."""
    near, far = aliases[key.table], aliases[key.to_table]
    pairs = zip(key.columns, key.to_columns, strict=True)
    return " AND ".join(f"{near}.{column} = {far}.{to_column}" for column, to_column in pairs)


def neighbours(schema: Schema, table: str) -> tuple[ForeignKey, ...]:
    """The keys from and to a table, its own first; a key to itself is among them."""
    own = [key for key in schema.foreign_keys if key.table == table]
    others = [key for key in schema.foreign_keys if key.to_table == table and key.table != table]
    return (*own, *others)


_Graph = dict[str, list[tuple[str, bool, float, ForeignKey]]]


def _graph(schema: Schema) -> _Graph:
    """Table -> (next table, whether the step goes up to a parent, its cost, the key)."""
    graph: _Graph = defaultdict(list)
    for key in schema.foreign_keys:
        if key.table == key.to_table:
            continue
        columns = schema.by_name[key.table].by_name
        cost = _STEP + (_OPTIONAL if any(columns[name].nullable for name in key.columns) else 0)
        graph[key.table].append((key.to_table, True, cost, key))
        graph[key.to_table].append((key.table, False, cost, key))
    return graph


def _path(graph: _Graph, sources: set[str], goal: str) -> tuple[float, tuple[ForeignKey, ...]] | None:
    """The cheapest path. A meeting at a common parent (both have a country) is seldom what is meant."""
    heap: list[tuple[float, int, str, bool, tuple[ForeignKey, ...]]] = [
        (0.0, count, source, False, ()) for count, source in enumerate(sorted(sources))
    ]
    count, done = len(heap), set[tuple[str, bool]]()
    while heap:
        cost, _, table, came_up, path = heapq.heappop(heap)
        if table == goal:
            return cost, path
        if (table, came_up) in done:
            continue
        done.add((table, came_up))
        for to_table, up, step, key in graph[table]:
            count += 1
            meeting = _MEETING if came_up and not up else 0.0
            heapq.heappush(heap, (cost + step + meeting, count, to_table, up, (*path, key)))
    return None
