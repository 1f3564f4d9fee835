"""An answer that is right on the database is held against the gold on each of its variants."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.compare.order import sorts
from evals.runs.expected import MOST_ROWS, Expected, GoldError
from evals.runs.golds import variant_fingerprint
from evals.runs.nearest import Given, Match, Where, against
from evals.suite.case import Case
from evals.verdict import Verdict
from graph.checks import Gated
from knowledge.database import Database
from knowledge.errors import QueryError, QueryTimeoutError
from knowledge.result import Result


@dataclass(frozen=True)
class Caught:
    """The `number`-th variant shows that an answer is wrong; `result` is None where it fails there."""

    number: int
    why: str
    wanted: Result
    result: Result | None


def first_wrong(
    case: Case, answer: Gated, match: Match, home: Where, variants: Sequence[Database]
) -> Caught | None:
    """The first variant on which the answer is wrong, None where it is right on all.

    A variant on which the matched gold fails, is empty or cuts a tie says nothing; so does an answer that
    runs out of time there, since that may be the machine's fault. Where the matched gold disagrees, any
    other gold of the case may still agree.
    """
    for number, database in enumerate(variants, start=1):
        print_ = variant_fingerprint(home.fingerprint, number, database)
        caught = _wrong_on(case, answer, match, Where(database, home.context, home.golds, print_), number)
        if caught is not None:
            return caught
    return None


def _wrong_on(case: Case, answer: Gated, match: Match, where: Where, number: int) -> Caught | None:
    wanted = _expected(match.gold, case, where)
    if wanted is None or not wanted.result.rows or answer.sql is None or answer.tree is None:
        return None
    try:
        result = where.database.run(answer.sql, max_rows=MOST_ROWS)
    except QueryTimeoutError:
        return None
    except QueryError as error:
        return Caught(
            number, f"on variant {number} of the database the SQL fails: {error}", wanted.result, None
        )
    given = Given(result, sorts(answer.tree))
    found = against(wanted, given)
    if found.verdict is not Verdict.WRONG:
        return None
    others = (gold for gold in case.golds if gold != match.gold)
    if any(not _clearly_wrong(gold, case, given, where) for gold in others):
        return None
    return Caught(number, f"on variant {number} of the database: {found.why}", wanted.result, result)


def _clearly_wrong(gold: str, case: Case, given: Given, where: Where) -> bool:
    wanted = _expected(gold, case, where)
    return wanted is not None and against(wanted, given).verdict in (Verdict.WRONG, Verdict.VACUOUS)


def _expected(gold: str, case: Case, where: Where) -> Expected | None:
    try:
        return where.expected(gold, ordered=case.ordered)
    except GoldError:
        return None
