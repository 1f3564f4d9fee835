"""One turn against one case."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from sqlglot import exp

from evals.compare import Comparison, compare
from evals.compare.order import sorts
from evals.runs.expected import MOST_ROWS, Expected, GoldError, expected
from evals.suite.case import Case
from evals.verdict import Verdict
from graph.checks import CheckContext, gate
from graph.outcome import Answered, Clarify, Outcome, Refused
from knowledge.database import Database
from knowledge.errors import QueryError, QueryTimeoutError
from knowledge.result import Result


class Proposed(Protocol):
    @property
    def sql(self) -> str: ...


class Record(Protocol):
    """What of a turn's record a score keeps: `times` splits its seconds."""

    @property
    def times(self) -> dict[str, float]: ...

    @property
    def candidates(self) -> Sequence[Proposed]: ...


class Turn(Protocol):
    """What an agent gives for a question."""

    @property
    def outcome(self) -> Outcome: ...

    @property
    def record(self) -> Record: ...


@dataclass(frozen=True)
class Score:
    """One case of a run. `presented` says that the answer was shown without 'please check'.

    `right` is the verdict held against what the case expects: a refusal is right where one was asked for.
    """

    case: str
    question: str
    category: str
    verdict: Verdict
    right: bool = False
    why: str = ""
    outcome: str = ""
    sql: str = ""
    gold: str = ""
    confidence: float | None = None
    presented: bool = False
    source: str = ""
    rounded: bool = False
    seconds: float = 0.0
    times: dict[str, float] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    person: str = ""
    tags: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def scored(self) -> bool:
        return self.verdict.scored

    @property
    def wrong_presented(self) -> bool:
        """A wrong answer shown as if it were right: the worst outcome."""
        return self.presented and self.scored and not self.right

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Score":
        lists = {name: tuple(data[name]) for name in ("candidates", "tags")}
        return cls(**{**data, **lists, "verdict": Verdict(data["verdict"])})


def score(case: Case, turn: Turn, seconds: float, database: Database, context: CheckContext) -> Score:
    """Judge how a turn ended; an answer is judged by its rows."""
    context = replace(context, question=case.question)
    base = replace(
        blank(case, Verdict.UNANSWERED),
        outcome=type(turn.outcome).__name__.lower(),
        seconds=seconds,
        times=dict(turn.record.times),
        candidates=tuple(candidate.sql for candidate in turn.record.candidates),
    )
    if not isinstance(turn.outcome, Answered):
        return _ended(case, turn.outcome, base)
    answer = turn.outcome
    base = replace(
        base,
        sql=answer.sql,
        confidence=answer.confidence,
        presented=not answer.check,
        source=answer.source,
    )
    if case.expected != "answer":
        return replace(base, verdict=Verdict.WRONG, why=f"answered instead of {_NOUNS[case.expected]}")
    found, gold = judge(case, answer.sql, answer.result, database, context)
    return replace(
        base,
        verdict=found.verdict,
        right=found.verdict.right,
        why=found.why,
        gold=gold,
        rounded=found.rounded,
    )


def judge(
    case: Case, sql: str, result: Result | None, database: Database, context: CheckContext
) -> tuple[Comparison, str]:
    """Compare an answer's rows with every gold of the case: the best verdict and the gold that gave it.

    Without a result, or with a truncated one, the SQL is run here, behind both walls.
    """
    gated = gate(sql, context)
    if gated.sql is None or gated.tree is None:
        return Comparison(Verdict.EXEC_ERROR, f"the answer does not pass the checks: {gated.why}"), ""
    if not _reads_table(gated.tree, context):
        return Comparison(Verdict.WRONG, "the query reads no table"), ""
    if result is None or result.truncated:
        try:
            result = database.run(gated.sql, max_rows=MOST_ROWS)
        except QueryTimeoutError as error:
            return Comparison(Verdict.TIMEOUT, str(error)), ""
        except QueryError as error:
            return Comparison(Verdict.EXEC_ERROR, str(error)), ""
    return against_golds(
        case.golds,
        result,
        database,
        context,
        ordered=case.ordered,
        sorted_by_query=sorts(gated.tree),
    )


def against_golds(
    golds: Sequence[str],
    result: Result,
    database: Database,
    context: CheckContext,
    *,
    ordered: bool = False,
    sorted_by_query: bool = True,
) -> tuple[Comparison, str]:
    """Compare a result with each gold until one is exact; where none is right and one failed: harness_error.

    Where order counts, rows that no ORDER BY of the answer's own has sorted are in order by chance: wrong.
    """
    best, best_gold, failure = Comparison(Verdict.WRONG), "", ""
    rank = len(_RANKING)
    for gold in golds:
        try:
            wanted = expected(gold, database, context, ordered=ordered)
        except GoldError as error:
            failure = failure or str(error)
            continue
        found = _against(wanted, result, sorted_by_query)
        if found.verdict is Verdict.EXACT:
            return found, gold
        place = _RANKING.index(found.verdict) - found.rounded
        if place < rank:
            best, best_gold, rank = found, gold, place
    if failure and not best.verdict.right:
        return Comparison(Verdict.HARNESS_ERROR, failure), ""
    return best, best_gold


def blank(case: Case, verdict: Verdict, why: str = "") -> Score:
    """A score of a case that says nothing yet but the verdict."""
    return Score(
        case=case.id,
        question=case.question,
        category=case.category,
        verdict=verdict,
        why=why,
        person=case.person,
        tags=case.tags,
        fingerprint=fingerprint(case),
    )


def fingerprint(case: Case) -> str:
    """Changes with the question and what is expected, so that an old score is not taken for a new one."""
    facts = json.dumps([case.question, case.gold, case.ordered, case.expected])
    return hashlib.sha256(facts.encode()).hexdigest()[:12]


def _ended(case: Case, outcome: Outcome, base: Score) -> Score:
    if isinstance(outcome, Refused):
        return replace(base, verdict=Verdict.REFUSED, right=case.expected == "refuse", why=outcome.reason)
    if isinstance(outcome, Clarify):
        return replace(
            base, verdict=Verdict.CLARIFIED, right=case.expected == "clarify", why=outcome.question
        )
    return replace(base, why=getattr(outcome, "reason", ""))


def _against(wanted: Expected, result: Result, sorted_by_query: bool) -> Comparison:
    found = compare(wanted.result, result, blocks=wanted.blocks)
    if found.verdict.right and not sorted_by_query and len(set(wanted.blocks or ())) > 1:
        return Comparison(Verdict.WRONG, "the right rows, but the query does not sort them")
    left_to_chance = wanted.cuts_tie and len(result.rows) == len(wanted.result.rows)
    if found.verdict is Verdict.WRONG and left_to_chance:
        return Comparison(Verdict.UNDECIDED, "the LIMIT of the gold cuts through a tie")
    return found


def _reads_table(tree: exp.Expr, context: CheckContext) -> bool:
    known = {name.casefold() for name in context.schema.by_name}
    return any(table.name.casefold() in known for table in tree.find_all(exp.Table))


_NOUNS = {"refuse": "refusing", "clarify": "asking back"}
_RANKING = (
    Verdict.EXACT,
    Verdict.SUPERSET,
    Verdict.UNDECIDED,
    Verdict.WRONG,
    Verdict.VACUOUS,
)
