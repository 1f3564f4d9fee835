"""Judging: how a turn ended, held against what its case expects."""

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from evals.compare import Comparison
from evals.compare.order import sorts
from evals.runs.alive import require_alive
from evals.runs.blank import at_fault, blank, fault, fingerprint
from evals.runs.expected import MOST_ROWS, GoldError
from evals.runs.failed import failed_statement
from evals.runs.golds import Golds
from evals.runs.head import head, names
from evals.runs.keeping import cut, kept
from evals.runs.nearest import Given, Match, Where, nearest
from evals.runs.score import Score
from evals.runs.subject import Place, Turn
from evals.runs.variant import Caught, first_wrong
from evals.suite.case import Case
from evals.verdict import Verdict
from graph.checks import CheckContext, gate
from graph.outcome import Answered, Clarify, Refused, Unanswered
from knowledge.database import Database
from knowledge.errors import QueryError, QueryTimeoutError
from knowledge.result import Result

__all__ = ["against_golds", "blank", "fingerprint", "judge", "score"]


def score(case: Case, turn: Turn, seconds: float, place: Place, *, golds: Golds | None = None) -> Score:
    """Judge how a turn ended; an answer is judged by its rows, here and on each variant of the database.

    `seconds` is what the turn took. Raises DatabaseError where the database is gone.
    """
    context = replace(place.context, question=f"{case.question} {case.evidence}".strip())
    where = Where(place.database, context, golds or Golds(), place.fingerprint)
    base = replace(
        blank(case, Verdict.UNANSWERED),
        outcome=type(turn.outcome).__name__.lower(),
        seconds=seconds,
        **kept(turn.record),
    )
    if isinstance(turn.outcome, Answered):
        return _answered(case, turn.outcome, base, where, place)
    if not isinstance(turn.outcome, Refused | Clarify | Unanswered):
        return fault(case, f"the agent gave {type(turn.outcome).__name__}, which is no outcome")
    if isinstance(turn.outcome, Unanswered):
        require_alive(place.database, context)
    return _with_gold(case, _ended(case, turn.outcome, base, context), where)


def judge(
    case: Case, sql: str, result: Result | None, database: Database, context: CheckContext
) -> tuple[Comparison, str]:
    """Compare an answer's rows with every gold of the case: the best verdict and the gold that gave it.

    Without a result, or with a truncated one, the SQL is run here, behind both walls.
    """
    given = _given(sql, result, database, context)
    if isinstance(given, Comparison):
        return given, ""
    match = nearest(case.golds, given, Where(database, context, Golds()), ordered=case.ordered)
    return match.found, match.gold


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
    where = Where(database, context, Golds())
    match = nearest(golds, Given(result, sorted_by_query), where, ordered=ordered)
    return match.found, match.gold


def _answered(case: Case, answer: Answered, base: Score, where: Where, place: Place) -> Score:
    base = replace(
        base,
        sql=cut(answer.sql),
        confidence=answer.confidence,
        presented=not answer.check,
        source=answer.source,
    )
    base = _showing(base, answer.result)
    if case.expected != "answer":
        return replace(base, verdict=Verdict.WRONG, why=f"answered instead of {_NOUNS[case.expected]}")
    given = _given(answer.sql, answer.result, where.database, where.context)
    if isinstance(given, Comparison):
        require_alive(where.database, where.context)
        return _with_gold(case, replace(base, verdict=given.verdict, why=given.why), where)
    match = nearest(case.golds, given, where, ordered=case.ordered)
    if match.found.verdict is Verdict.HARNESS_ERROR:
        require_alive(where.database, where.context)
        return replace(base, verdict=Verdict.HARNESS_ERROR, why=at_fault(case, match.failure))
    scored = _matched(_showing(base, given.result), match)
    if not scored.right or not place.variants:
        return scored
    caught = first_wrong(case, gate(answer.sql, where.context), match, where, place.variants)
    return scored if caught is None else _caught(scored, caught)


def _given(sql: str, result: Result | None, database: Database, context: CheckContext) -> Given | Comparison:
    """What the SQL gives in full, or the verdict that it earns before any gold is looked at."""
    gated = gate(sql, context)
    if gated.sql is None or gated.tree is None:
        return Comparison(Verdict.EXEC_ERROR, f"the answer does not pass the checks: {gated.why}")
    if not _reads_table(gated.tree, context):
        return Comparison(Verdict.WRONG, "the query reads no table")
    if result is None or result.truncated:
        try:
            result = database.run(gated.sql, max_rows=MOST_ROWS)
        except QueryTimeoutError as error:
            return Comparison(Verdict.TIMEOUT, str(error))
        except QueryError as error:
            return Comparison(Verdict.EXEC_ERROR, str(error))
    return Given(result, sorts(gated.tree))


def _ended(case: Case, outcome: Refused | Clarify | Unanswered, base: Score, context: CheckContext) -> Score:
    if isinstance(outcome, Refused):
        right = case.expected == "refuse"
        return replace(base, verdict=Verdict.REFUSED, right=right, why=cut(outcome.reason))
    if isinstance(outcome, Clarify):
        right = case.expected == "clarify"
        return replace(base, verdict=Verdict.CLARIFIED, right=right, why=cut(outcome.question))
    return _without_answer(case, outcome.reason, base, context)


def _without_answer(case: Case, reason: str, base: Score, context: CheckContext) -> Score:
    """An answer was due and none came: where the database refused the model's SQL, that is why."""
    failed = failed_statement(base.record, context) if case.expected == "answer" else None
    if failed is None:
        return replace(base, right=case.expected == "refuse", why=cut(reason))
    sql, error = failed
    return replace(base, verdict=Verdict.EXEC_ERROR, sql=cut(sql), why=cut(error))


def _matched(base: Score, match: Match) -> Score:
    found = replace(
        base,
        verdict=match.found.verdict,
        right=match.found.verdict.right,
        why=match.found.why,
        gold=match.gold,
        alternative=match.alternative,
        rounded=match.found.rounded,
    )
    return found if match.wanted is None else _beside(found, match.wanted.result)


def _caught(scored: Score, caught: Caught) -> Score:
    """Right on the database, wrong on a variant: the rows are those of the variant."""
    wrong = replace(scored, verdict=Verdict.WRONG, right=False, why=caught.why, variant=caught.number)
    shown = _showing(wrong, caught.result or Result((), ()))
    return _beside(shown, caught.wanted)


def _with_gold(case: Case, base: Score, where: Where) -> Score:
    """The first gold that works, to be shown beside what has no rows; one that works there must be."""
    failure = ""
    for number, gold in enumerate(case.golds):
        try:
            wanted = where.expected(gold, ordered=case.ordered)
        except GoldError as error:
            failure = failure or str(error)
            continue
        return _beside(replace(base, gold=gold, alternative=number), wanted.result)
    if failure:
        require_alive(where.database, where.context)
        return replace(base, verdict=Verdict.HARNESS_ERROR, right=False, why=at_fault(case, failure))
    return base


def _showing(base: Score, result: Result) -> Score:
    return replace(
        base,
        columns=names(result),
        rows=head(result),
        row_count=len(result.rows),
        sql_seconds=result.seconds,
    )


def _beside(base: Score, wanted: Result) -> Score:
    return replace(
        base,
        gold_columns=names(wanted),
        gold_rows=head(wanted),
        gold_row_count=len(wanted.rows),
        gold_seconds=wanted.seconds,
    )


def _reads_table(tree: exp.Expr, context: CheckContext) -> bool:
    known = {name.casefold() for name in context.schema.by_name}
    return any(table.name.casefold() in known for table in tree.find_all(exp.Table))


_NOUNS = {"refuse": "refusing", "clarify": "asking back"}
