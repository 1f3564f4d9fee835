"""Run what passed the checks, within limits."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest

from langgraph.runtime import Runtime

from graph.context import Context
from graph.fingerprint import fingerprint
from graph.state import Proposal, State
from knowledge.errors import QueryError
from knowledge.result import Result

PATIENCE_S = 1.0
SLOWER = 10.0


def execute(state: State, runtime: Runtime[Context]) -> State:
    """Run a few proposals, the model's and the neighbours' in turn, and stop when the first of both agree."""
    done: dict[int, Proposal] = {}
    results: dict[str, Result | str] = {}
    given_up = 0
    for place in list(_order(state["proposals"]))[: runtime.context.executions]:
        proposal = state["proposals"][place]
        sql = proposal.gated.sql if proposal.gated is not None else None
        if sql is None:
            continue
        if sql not in results:
            limit, began = _limit(results, given_up, runtime.context), time.monotonic()
            results[sql] = _run(sql, runtime.context, limit)
            given_up += limit is not None and time.monotonic() - began >= limit
        found = results[sql]
        done[place] = (
            replace(proposal, error=found) if isinstance(found, str) else replace(proposal, result=found)
        )
        if _agreed(list(done.values())):
            break
    return {
        "proposals": tuple(done.get(place, p) for place, p in enumerate(state["proposals"])),
        "repairs": state["repairs"] if in_time(state, runtime.context) else 0,
    }


def in_time(state: State, context: Context) -> bool:
    """Whether the question may still be tried again."""
    return time.monotonic() - state["began"] < context.repair_s


def _limit(results: Mapping[str, Result | str], given_up: int, context: Context) -> float | None:
    """Seconds for the next statement: where others gave rows, nobody waits for one far slower, and for
    each that was given up half as long for the next.
    """
    took = [found.seconds for found in results.values() if isinstance(found, Result)]
    if not took:
        return context.timeout_s
    patience = max(PATIENCE_S / 2.0**given_up, SLOWER * max(took))
    return min(patience, context.timeout_s or context.database.timeout_s)


def _run(sql: str, context: Context, limit: float | None) -> Result | str:
    try:
        return context.database.run(sql, timeout_s=limit, max_rows=context.max_rows)
    except QueryError as error:
        return str(error)


def _order(proposals: tuple[Proposal, ...]) -> Iterator[int]:
    """Places of what can be run and has not been, the best of the model and of the neighbours in turn."""
    ready = [
        place
        for place, p in enumerate(proposals)
        if p.gated is not None and p.gated.sql is not None and p.result is None and not p.error
    ]
    own = [place for place in ready if proposals[place].source == "model"]
    others = [place for place in ready if proposals[place].source != "model"]
    for pair in zip_longest(own, others):
        yield from (place for place in pair if place is not None)


def _agreed(done: list[Proposal]) -> bool:
    ran = [p for p in done if p.result is not None]
    model = next((p for p in ran if p.source == "model"), None)
    other = next((p for p in ran if p.source != "model"), None)
    if model is None or other is None or model.result is None or other.result is None:
        return False
    return fingerprint(model.result) == fingerprint(other.result)
