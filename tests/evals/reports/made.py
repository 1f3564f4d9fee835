"""Runs made by seed: as varied as real ones, of any size, without a model or a database."""

import datetime as dt
import random
from dataclasses import replace
from typing import Any

from evals.runs.info import Run, RunInfo
from evals.runs.score import Score
from evals.verdict import Verdict

CATEGORIES = ("count", "group", "lookup", "ratio", "top", "trend", "follow-up", "unanswerable", "ambiguous")
GOLD = (
    "SELECT c.country, COUNT(*) AS customers FROM customers c JOIN orders o ON o.customer_id = c.customer_id "
    "WHERE c.is_test = 0 AND o.status <> 'X' AND o.ordered_at >= '2025-01-01' GROUP BY c.country "
    "ORDER BY customers DESC LIMIT 5"
)
COUNT = "SELECT COUNT(*) AS customers FROM customers c WHERE c.is_test = 0"
ANSWER = (
    "SELECT c.country, COUNT(DISTINCT c.customer_id) AS customers FROM customers c "
    "JOIN orders o ON o.customer_id = c.customer_id WHERE c.is_test = 0 AND o.ordered_at >= '2024-01-01' "
    "GROUP BY c.country ORDER BY customers DESC LIMIT 5"
)
QUESTIONS = (
    "How many customers ordered this year, by country?",
    "what % of our customers said yes to marketing?",
    "Top 5 products by revenue in Germany last month",
    "Where do this year's new customers come from? Split it by acquisition channel please",
    "and compared to the same month last year?",
    "Revenue by month this year, without the cancelled orders",
)
ENDINGS = (
    (Verdict.EXACT, 0.62),
    (Verdict.SUPERSET, 0.10),
    (Verdict.WRONG, 0.16),
    (Verdict.EXEC_ERROR, 0.03),
    (Verdict.TIMEOUT, 0.01),
    (Verdict.UNANSWERED, 0.04),
    (Verdict.HARNESS_ERROR, 0.01),
    (Verdict.VACUOUS, 0.01),
    (Verdict.UNDECIDED, 0.02),
)
GOLD_ROWS = (("DE", 412), ("FR", 198), ("ES", 120), ("IT", 77), ("AT", 31))
WRONG_ROWS = (("DE", 398), ("FR", 198), ("ES", 117), ("IT", 77), ("PT", 30))


def made_run(cases: int, *, seed: int = 0, model: str = "specialist-12m.gguf", setup: str = "full") -> Run:
    """A run of so many cases; the same for the same seed."""
    dice = random.Random(seed)
    info = RunInfo(
        id=f"r{seed:04d}",
        suites=("dev", "test"),
        model=model,
        setup=setup,
        checksum="9f86d081884c7d65",
        schema="4c1f0a77b2",
        seed=seed,
        variants=2,
        version="0.1.0",
        started=dt.datetime(2025, 11, 14, 9, 5),
        finished=dt.datetime(2025, 11, 14, 9, 12, 40),
    )
    return Run(info, tuple(made_score(number, dice) for number in range(cases)))


def made_score(number: int, dice: random.Random) -> Score:
    category = CATEGORIES[number % len(CATEGORIES)]
    verdict = dice.choices([name for name, _ in ENDINGS], [weight for _, weight in ENDINGS])[0]
    seconds = dice.lognormvariate(-1.2, 0.7)
    base = Score(
        case=f"{'dev' if number % 3 else 'test'}-{number:03d}",
        question=QUESTIONS[number % len(QUESTIONS)],
        category=category,
        verdict=verdict,
        suite="dev" if number % 3 else "test",
        tags=(dice.choice(("easy", "medium", "hard")),),
        person=dice.choice(("marketing", "finance", "support", "operations")),
        must_pass=number % 40 == 7,
        seconds=seconds,
        times={"retrieval": 0.04, "model": seconds * 0.6, "database": seconds * 0.2, "other": seconds * 0.1},
        tokens={"prompt": 612, "cached": 540, "written": dice.randint(40, 160)},
        file="evals/dev.yaml",
        line=4 + 9 * number,
        fingerprint=f"f{number}",
    )
    if category == "follow-up":
        base = replace(base, previous=("How many customers do we have?", "only those in Germany"))
    if category in ("unanswerable", "ambiguous"):
        return _not_to_be_answered(base, dice)
    return _to_be_answered(base, dice)


def _to_be_answered(base: Score, dice: random.Random) -> Score:
    if base.verdict in (Verdict.UNANSWERED, Verdict.HARNESS_ERROR):
        why = {
            Verdict.UNANSWERED: "No candidate was sure enough.",
            Verdict.HARNESS_ERROR: "the database stopped answering: connection refused",
        }
        return replace(base, why=why[base.verdict], golds=(GOLD,))
    right = base.verdict.right
    confidence = min(0.99, max(0.05, dice.gauss(0.86 if right else 0.55, 0.15)))
    failed = base.verdict in (Verdict.EXEC_ERROR, Verdict.TIMEOUT)
    gold = COUNT if base.category == "count" and right else GOLD
    answer = gold if right else ANSWER
    error = "no such column: o.net_amuont" if base.verdict is Verdict.EXEC_ERROR else ""
    return replace(
        base,
        right=right,
        outcome="answered",
        why="" if right else error or "row 1: customers is 398, not 412",
        sql=answer,
        gold=gold,
        golds=(gold,),
        alternative=0,
        confidence=confidence,
        presented=confidence >= 0.6 and not failed,
        source="model",
        columns=() if failed else ("country", "customers"),
        rows=() if failed else GOLD_ROWS if right else WRONG_ROWS,
        row_count=None if failed else 5,
        gold_columns=("country", "customers"),
        gold_rows=GOLD_ROWS,
        gold_row_count=5,
        errors=(error,) if error else (),
        repairs=dice.randint(0, 2),
        sql_seconds=0.012,
        gold_seconds=0.008,
        record=record(base, answer, error),
    )


def _not_to_be_answered(base: Score, dice: random.Random) -> Score:
    expected = "refuse" if base.category == "unanswerable" else "clarify"
    if dice.random() < 0.8:
        verdict = Verdict.REFUSED if expected == "refuse" else Verdict.CLARIFIED
        return replace(
            base,
            verdict=verdict,
            expected=expected,
            right=True,
            outcome="refused" if expected == "refuse" else "clarify",
            why="The database holds no salaries.",
        )
    confidence = dice.uniform(0.3, 0.9)
    return replace(
        base,
        verdict=Verdict.WRONG,
        expected=expected,
        outcome="answered",
        why="answered instead of refusing" if expected == "refuse" else "answered instead of asking back",
        sql=ANSWER,
        columns=("country", "customers"),
        rows=WRONG_ROWS,
        row_count=5,
        confidence=confidence,
        presented=confidence > 0.6,
        record=record(base, ANSWER, ""),
    )


def record(base: Score, answer: str, error: str) -> dict[str, Any]:
    """As graph.record.Record gives it."""
    return {
        "question": base.question,
        "thread": base.case,
        "retrieved": {
            "cards": [{"name": "customers", "score": 0.83}, {"name": "orders", "score": 0.77}],
            "terms": [{"name": "customer", "score": 1.0}],
            "examples": [{"name": "How many customers do we have?", "sql": GOLD, "score": 0.71}],
            "pairs": [],
        },
        "candidates": [
            _candidate(answer, chosen=not error, error=error),
            _candidate(GOLD.replace("LIMIT 5", "LIMIT 10"), findings=True),
            _candidate(GOLD.replace("customers c ", "customer c "), error="no such table: customer"),
        ],
        "errors": [error] if error else [],
        "steps": [{"name": "retrieve", "seconds": 0.04}, {"name": "generate", "seconds": 0.2}],
    }


def _candidate(sql: str, *, chosen: bool = False, error: str = "", findings: bool = False) -> dict[str, Any]:
    return {
        "sql": sql,
        "source": "model",
        "logprob": -3.21,
        "tokens": 62,
        "findings": [
            {
                "check": "required_filters",
                "where": "orders",
                "why": "cancelled orders are counted",
                "mend": "add o.status <> 'X'",
                "mended": True,
            }
        ]
        if findings
        else [],
        "error": error,
        "rows": None if error else 5,
        "seconds": 0.012,
        "chosen": chosen,
    }
