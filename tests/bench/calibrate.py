"""Fit the judge's weights on the development cases: `python -m tests.bench.calibrate [SUITE...]`.

Every case is asked; all that its candidates tell is held against whether their rows are right. What is
reported of the new weights is by leave-one-case-out: each case is judged by weights fitted on the others.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from langgraph.runtime import Runtime

from assistant.settings import load_settings
from assistant.workspace import Workspace
from evals.metrics.calibration import Answer, Calibration, calibration
from evals.metrics.risk import risk_curve
from evals.metrics.stats import wilson
from evals.runs.judge import judge as held_against_golds
from evals.runs.setup import Setup
from evals.suite.case import Case, load_suite
from graph.confidence import Look, chance, evidence, groups
from graph.context import Context, Weights
from graph.fingerprint import fingerprint
from graph.missing import strange
from graph.nodes import check, execute, generate, recall, retrieve
from graph.nodes.judge import bare, looked_at, round_trip
from graph.signs import signs
from graph.state import State
from tests.bench.demo import workspace
from tests.bench.logistic import fit

FIXED = ("unused", "strange", "similarity", "reworded")
"""Signs that the cases hardly ever show; their weights stay as they are."""
RIDGE = 5.0
MOST_RISK = 0.05


@dataclass(frozen=True)
class Tried:
    """One case: for each statement that ran what speaks for it, and whether it is right."""

    case: str
    found: tuple[dict[str, float], ...]
    right: tuple[bool, ...]


Scorer = Callable[[dict[str, float]], float]


def gather(folder: Path, suites: Sequence[Path]) -> list[Tried]:
    """Ask every case that has an answer, without earlier turns and without stopping early."""
    with Workspace(folder, load_settings(folder)) as opened:
        opened.prepare_alone()
        context = opened.make_agent(Setup()).context
        cases = [case for suite in suites for case in load_suite(suite)]
        return [_try(case, context) for case in cases if not case.previous and not case.database]


def _try(case: Case, context: Context) -> Tried:
    runtime = Runtime(context=context)
    state: State = {"question": case.question}
    for node in (recall, retrieve, generate, check, execute):
        state = {**state, **node({**state, "outcome": None}, runtime)}
    proposals = looked_at(state, context)
    ran = [p for p in proposals if p.result is not None]
    said = {p.sql: bare(p, context) for p in ran}
    likeness = round_trip(case.question, said, context) if ran else {}
    linked, weights = state["retrieval"].linked, context.weights
    odd = len(strange(linked, context.vocabulary, state["retrieval"].examples))
    looks = {
        sql: Look(likeness.get(sql), signs(text, linked, context.vocabulary)) for sql, text in said.items()
    }
    verdicts: dict[str, bool] = {}
    found, right = [], []
    for group in groups(proposals, looks, weights):
        for proposal in group.proposals:
            found.append(evidence(proposal, group, looks[proposal.sql], odd, weights))
            assert proposal.result is not None
            rows = fingerprint(proposal.result)
            if rows not in verdicts:
                verdicts[rows] = _is_right(case, proposal.gated.sql or "" if proposal.gated else "", context)
            right.append(verdicts[rows])
    return Tried(case.id, tuple(found), tuple(right))


def _is_right(case: Case, sql: str, context: Context) -> bool:
    if case.expected != "answer":
        return False
    return held_against_golds(case, sql, None, context.database, context.check(case.question))[
        0
    ].verdict.right


def fitted(tried: Sequence[Tried], weights: Weights) -> Weights:
    """The weights with which `tried` is likeliest; every case counts the same."""
    names = [name for name in tried[0].found[0] if name not in FIXED]
    rows = np.array([[float(found[name]) for name in names] for one in tried for found in one.found])
    right = np.array([float(is_right) for one in tried for is_right in one.right])
    weight = np.array([1 / len(one.found) for one in tried for _ in one.found])
    offset = np.array(
        [sum(getattr(weights, name) * found[name] for name in FIXED) for one in tried for found in one.found]
    )
    bias, coefficients = fit(rows, right, weight=weight, offset=offset, ridge=RIDGE)
    values: dict[str, float] = dict(zip(names, (round(float(c), 2) for c in coefficients), strict=True))
    return replace(weights, bias=round(bias, 2), **values)


def judged(one: Tried, weights: Weights) -> tuple[float, bool]:
    """The confidence of the likeliest statement, and whether it is right."""
    chances = [chance(found, weights) for found in one.found]
    best = int(np.argmax(chances))
    return chances[best], one.right[best]


def threshold_for(answers: Sequence[tuple[float, bool]], most_risk: float = MOST_RISK) -> float:
    """The lowest confidence from which on at most this share is wrong."""
    point = risk_curve(answers).at_risk(most_risk)
    return point.confidence if point else 1.0


def report(title: str, answers: Sequence[tuple[str, float, bool]], thresholds: Sequence[float]) -> None:
    """Print calibration and what is presented; `thresholds` are the one for each answer."""
    found = calibration([Answer(*answer) for answer in answers])
    curve = risk_curve([(confidence, right) for _, confidence, right in answers])
    given = [
        right
        for (_, confidence, right), least in zip(answers, thresholds, strict=True)
        if confidence >= least
    ]
    wrong = wilson(len(given) - sum(given), len(given))
    print(f"\n{title}: {sum(right for *_, right in answers)} of {len(answers)} right if all were answered")
    print(f"  ECE {_shown(found)}, Brier {found.brier:.3f}, mean risk over coverage {curve.area:.3f}")
    print(
        f"  presented {len(given)}, of these {len(given) - sum(given)} wrong "
        f"({wrong.low:.1%} to {wrong.high:.1%} at 95%); threshold {min(thresholds):.2f} to "
        f"{max(thresholds):.2f}"
    )
    for one in found.bins:
        right_of = f"{one.right.hits}/{one.right.cases}"
        print(f"    {one.low:.2f}-{one.high:.2f}: said {one.confidence:.2f}, right {right_of}")
    outcomes = [right for _, _, right in sorted(answers, key=lambda answer: -answer[1])]
    for errors in range(6):
        most = max(n for n in range(len(outcomes) + 1) if outcomes[:n].count(False) <= errors)
        print(f"    with {errors} wrong: {most} presented")


def _shown(found: Calibration) -> str:
    assert found.error is not None
    assert found.interval is not None
    return f"{found.error:.3f} ({found.interval.low:.3f} to {found.interval.high:.3f})"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.calibrate", description=__doc__)
    parser.add_argument(
        "suite", nargs="*", default=["dev"], help="suites of the demo to fit on; dev without any"
    )
    parser.add_argument(
        "--limits", default="dev-limits", help="a suite without answers, to see what gets through"
    )
    parser.add_argument("--workspace", type=Path, help="a demo workspace; that of the bench without it")
    said = parser.parse_args()
    folder = said.workspace or workspace()
    evals = folder / "evals"
    every = gather(folder, [evals / f"{name}.yaml" for name in said.suite])
    tried = [one for one in every if one.found]
    before = Weights()
    report(
        "The weights as they are",
        [(one.case, *judged(one, before)) for one in tried],
        [Context.__dataclass_fields__["threshold"].default] * len(tried),
    )
    scored = [(one.case, *judged(one, fitted([o for o in tried if o is not one], before))) for one in tried]
    others = [[(c, r) for _, c, r in scored[:n] + scored[n + 1 :]] for n in range(len(scored))]
    report("New weights, each case by those of the others", scored, [threshold_for(rest) for rest in others])
    after = fitted(tried, before)
    least = threshold_for([(confidence, right) for _, confidence, right in scored])
    print(f"\n{after}\nthreshold={least:.2f}")
    limits = [one for one in gather(folder, [evals / f"{said.limits}.yaml"]) if one.found]
    shown = [one.case for one in limits if judged(one, after)[0] >= least]
    print(f"\nOf {len(limits)} cases of {said.limits}, asked all the same, these would be presented: {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
