"""PostgreSQL's estimate of a statement, from the plan that its EXPLAIN gives as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.explain import Estimate, Step, estimate_plan

_WHOLE = {"Sort", "Hash", "Aggregate", "SetOp", "Recursive Union", "Bitmap Heap Scan"}
_LOOPS = {"Nested Loop"}
_KEPT = {"Materialize", "Memoize", "CTE Scan"}


def estimate(plan: dict[str, Any], sizes: Mapping[str, int], wanted: int) -> Estimate:
    """`sizes` are the rows of the tables that `scanned` names."""
    return estimate_plan(_step(plan, sizes), wanted)


def scanned(plan: dict[str, Any]) -> set[tuple[str, str]]:
    """(schema, table) of every table that is read from its beginning to its end."""
    return {
        (str(node.get("Schema", "")), str(node["Relation Name"]))
        for node in nodes(plan)
        if "Relation Name" in node and node.get("Node Type") == "Seq Scan"
    }


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The steps of a plan, outermost first."""
    yield plan
    for below in plan.get("Plans") or ():
        yield from nodes(below)


def _step(node: dict[str, Any], sizes: Mapping[str, int]) -> Step:
    kind = str(node.get("Node Type", ""))
    rows = float(node.get("Plan Rows", 1))
    name = node.get("Relation Name") or node.get("Function Name")
    below = [_step(one, sizes) for one in node.get("Plans") or ()]
    inner = tuple(below[1:]) if kind in _LOOPS else ()
    streams = kind == "Aggregate" and node.get("Strategy") == "Sorted"
    return Step(
        rows,
        reads=max(rows, sizes.get(str(name), 0)) if kind == "Seq Scan" else rows,
        tables=(str(name),) if name else (),
        inputs=tuple(below[:1]) if inner else tuple(below),
        whole=kind in _WHOLE and not streams,
        limits=kind == "Limit",
        again=inner,
        kept=kind in _KEPT,
    )
