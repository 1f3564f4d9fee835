"""What the first wall costs: every check on the statements of a suite, parsing and writing aside."""

import datetime as dt
import gc
import time
from dataclasses import replace
from pathlib import Path

from evals.suite.case import load_suite
from graph.checks import CHECKS, CheckContext, Finding
from graph.checks.parse import parse
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.glossary import load_glossary
from knowledge.rules import load_rules
from tests.bench.row import Row, of_series

TITLE = "Checks on a statement"
_MOST = 0.005
_ROUNDS = 3


def measure(folder: Path) -> list[Row]:
    database = Database.open(str(folder / "kestrel.sqlite"))
    try:
        schema = database.schema()
    finally:
        database.close()
    knowledge = folder / "knowledge"
    context = CheckContext(
        schema,
        load_rules(knowledge / "rules.yaml", schema),
        "",
        FrozenClock(dt.date(2025, 11, 14)),
        load_glossary(knowledge / "glossary.yaml", schema),
    )
    cases = [case for case in load_suite(folder / "evals" / "dev.yaml") if case.golds]
    asked = [(case.golds[0], replace(context, question=case.question)) for case in cases]
    rounds = [[_seconds(sql, where) for sql, where in asked] for _ in range(_ROUNDS)]
    best = [min(times) for times in zip(*rounds, strict=True)]
    note = f"All {len(CHECKS)} checks, {len(asked)} statements, the best of {_ROUNDS} rounds each."
    return [of_series("all checks together", best, goal=_MOST, note=note)]


def _seconds(sql: str, context: CheckContext) -> float:
    tree = parse(sql, context)
    assert not isinstance(tree, Finding), f"{sql}: {tree}"
    gc.collect()
    started = time.perf_counter()
    for check in CHECKS:
        tree = check(tree, context).tree
    return time.perf_counter() - started
