"""DuckDB's estimate of a statement: EXPLAIN gives its plan with the rows that it expects of each step."""

import json
from typing import Any

from knowledge.explain import Estimate, Step, estimate_plan

_WHOLE = {"TOP_N", "ORDER_BY", "HASH_GROUP_BY", "PERFECT_HASH_GROUP_BY", "UNGROUPED_AGGREGATE", "WINDOW"}
_LIMITS = {"LIMIT", "STREAMING_LIMIT"}
_PAIRS = {"CROSS_PRODUCT", "NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN"}


def estimate(connection: Any, sql: str, wanted: int) -> Estimate:
    """`connection` is the driver's; raises its errors."""
    ((_, plan),) = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}").fetchall()
    return estimate_plan(_step(json.loads(plan)[0]), wanted)


def _step(node: dict[str, Any]) -> Step:
    name, told = str(node.get("name", "")).strip(), node.get("extra_info") or {}
    inputs = tuple(_step(child) for child in node.get("children") or ())
    pairs = 1.0
    for below in inputs:
        pairs *= max(below.rows, 1.0)
    given = told.get("Estimated Cardinality")
    rows = float(given) if given is not None else (pairs if inputs else 1.0)
    table = str(told.get("Table") or "").rpartition(".")[2]
    return Step(
        rows,
        reads=pairs if name in _PAIRS else rows,
        tables=(table,) if table else (),
        inputs=inputs,
        whole=name in _WHOLE,
        limits=name in _LIMITS,
    )
