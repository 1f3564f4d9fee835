"""The estimate of MySQL and MariaDB: EXPLAIN's table, whose rows of one SELECT are nested loops."""

from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.explain import Estimate, Step, estimate_plan

_SORTS = ("using filesort", "using temporary")


def estimate(
    table: Sequence[Mapping[str, Any]], sizes: Mapping[str, int], wanted: int, *, whole: bool
) -> Estimate:
    """`table` are the rows of EXPLAIN by column name; `whole`: the statement sums up, groups or combines."""
    selects: dict[Any, list[Mapping[str, Any]]] = {}
    for row in table:
        if row.get("table") and _number(row.get("rows")) is not None:
            selects.setdefault(row.get("id"), []).append(row)
    total: list[Step] = []
    for place, rows in enumerate(selects.values()):
        sorts = any(word in str(row.get("Extra") or "").lower() for row in rows for word in _SORTS)
        again = place and any("DEPENDENT" in str(row.get("select_type")) for row in rows)
        step = _loops(rows, sizes)
        total.append(Step(step.rows, inputs=(step,), whole=True) if whole or sorts or again else step)
    if not total:
        return Estimate(0.0)
    found = [estimate_plan(step, wanted) for step in total]
    worst = max(found, key=lambda one: one.rows)
    return Estimate(sum(one.rows for one in found), worst.costly, worst.joined)


def _loops(rows: Sequence[Mapping[str, Any]], sizes: Mapping[str, int]) -> Step:
    """Each table is read once for every row that the tables before it give."""
    given, reads, tables = 1.0, 0.0, []
    for row in rows:
        name = str(row["table"])
        looked_at = _number(row["rows"]) or 1.0
        if row.get("type") == "ALL":
            looked_at = max(looked_at, float(sizes.get(name, 0)))
        reads += given * looked_at
        given *= max(looked_at * (_number(row.get("filtered")) or 100.0) / 100.0, 1e-9)
        tables.append(name)
    return Step(max(given, 1.0), reads=reads, tables=tuple(dict.fromkeys(tables)))


def _number(given: Any) -> float | None:
    try:
        return float(given)
    except (TypeError, ValueError):
        return None
