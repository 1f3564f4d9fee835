"""Which gold of a case an answer's rows match, or come nearest to."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.compare import Comparison, compare
from evals.runs.expected import Expected, GoldError
from evals.runs.golds import Golds
from evals.verdict import Verdict
from graph.checks import CheckContext
from knowledge.database import Database
from knowledge.result import Result


@dataclass(frozen=True)
class Given:
    """What an answer gave. `sorts` says that its SQL sorts its own rows, at its top level."""

    result: Result
    sorts: bool = True


@dataclass(frozen=True)
class Match:
    """`gold`, the `alternative`-th of the case, is the one that matched or came nearest; `wanted` is what it
    gives. `failure` says why the first gold that failed did so.
    """

    found: Comparison
    gold: str = ""
    alternative: int | None = None
    wanted: Expected | None = None
    failure: str = ""


@dataclass(frozen=True)
class Where:
    """A database to judge on. `fingerprint` is that of its data, empty where nobody can tell."""

    database: Database
    context: CheckContext
    golds: Golds
    fingerprint: str = ""

    def expected(self, sql: str, *, ordered: bool) -> Expected:
        """What a gold gives here. Raises GoldError, DatabaseError."""
        return self.golds.expected(
            sql, self.database, self.context, ordered=ordered, fingerprint=self.fingerprint
        )


def nearest(golds: Sequence[str], given: Given, where: Where, *, ordered: bool = False) -> Match:
    """Compare with each gold until one is exact; where none is right and one failed: harness_error."""
    best = Match(Comparison(Verdict.WRONG))
    rank: tuple[int, ...] = (len(_RANKING),)
    failure = ""
    for place, gold in enumerate(golds):
        try:
            wanted = where.expected(gold, ordered=ordered)
        except GoldError as error:
            failure = failure or str(error)
            continue
        found = against(wanted, given)
        if found.verdict is Verdict.EXACT:
            return Match(found, gold, place, wanted, failure)
        new = (_RANKING.index(found.verdict) - found.rounded, *_distance(wanted.result, given.result))
        if new < rank:
            best, rank = Match(found, gold, place, wanted), new
    if failure and not best.found.verdict.right:
        return Match(Comparison(Verdict.HARNESS_ERROR, failure), failure=failure)
    return best


def against(wanted: Expected, given: Given) -> Comparison:
    """One gold against one answer.

    Where order counts, rows that no ORDER BY of the answer's own has sorted are in order by chance: wrong.
    """
    found = compare(wanted.result, given.result, blocks=wanted.blocks)
    if found.verdict.right and not given.sorts and len(set(wanted.blocks or ())) > 1:
        return Comparison(Verdict.WRONG, "the right rows, but the query does not sort them")
    left_to_chance = wanted.cuts_tie and len(given.result.rows) == len(wanted.result.rows)
    if found.verdict is Verdict.WRONG and left_to_chance:
        return Comparison(Verdict.UNDECIDED, "the LIMIT of the gold cuts through a tie")
    return found


def _distance(wanted: Result, given: Result) -> tuple[int, int, int]:
    """How far two results are apart in shape and names, so that the nearest of many wrong golds is shown."""
    names = {name.casefold() for name in given.columns}
    return (
        abs(len(wanted.columns) - len(given.columns)),
        sum(name.casefold() not in names for name in wanted.columns),
        abs(len(wanted.rows) - len(given.rows)),
    )


_RANKING = (Verdict.EXACT, Verdict.SUPERSET, Verdict.UNDECIDED, Verdict.WRONG, Verdict.VACUOUS)
