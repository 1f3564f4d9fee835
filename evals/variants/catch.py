"""How many wrong neighbours of the golds a database tells apart, alone and together with its variants."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from evals.compare import compare
from evals.compare.order import sorts
from evals.runs.expected import MOST_ROWS, Expected, GoldError, expected
from evals.suite.case import Case
from evals.suite.gold import alternatives, expand
from evals.variants.mutants import Mutant, mutants
from graph.checks import CheckContext, gate
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.errors import QueryError, QueryTimeoutError
from knowledge.result import Result

SECONDS = 5.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class GoldFault:
    """A gold that says nothing on a database: 0 is the original, then the variants by their numbers."""

    case: str
    database: int
    why: str


@dataclass(frozen=True)
class Told:
    """One neighbour. `caught` is the number of the first database on which it is wrong, None on no one."""

    case: str
    mutant: Mutant
    caught: int | None


@dataclass(frozen=True)
class Catch:
    """`databases` counts the original and its variants; `golds` the cases that were looked at."""

    databases: int
    golds: int
    told: tuple[Told, ...] = ()
    faults: tuple[GoldFault, ...] = field(default=())

    def caught(self, databases: int, kind: str = "") -> int:
        """How many neighbours are wrong on at least one of the first `databases`."""
        return sum(
            t.caught is not None and t.caught < databases
            for t in self.told
            if not kind or t.mutant.kind == kind
        )

    def count(self, kind: str = "") -> int:
        return sum(not kind or t.mutant.kind == kind for t in self.told)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.mutant.kind for t in self.told))

    def not_told_apart(self, kind: str = "") -> tuple[Told, ...]:
        """Neighbours that are right on every database: truly the same, or the data is too kind."""
        return tuple(t for t in self.told if t.caught is None and (not kind or t.mutant.kind == kind))

    def speaking(self, database: int) -> int:
        """How many golds are neither empty nor failing nor left to chance on a database."""
        return self.golds - len({f.case for f in self.faults if f.database == database})


def catch(
    cases: Sequence[Case],
    database: Database,
    variants: Sequence[Database],
    context: CheckContext,
    *,
    jobs: int = 2,
    progress: Progress | None = None,
) -> Catch:
    """Make the neighbours of every case's golds and run them on the database and, where that does not tell
    them apart, on its variants in turn. A neighbour is wrong where no gold of its case makes it right.
    """
    databases = (database, *variants)
    asked = [case for case in cases if case.expected == "answer" and case.gold and not case.database]
    told: list[Told] = []
    faults: list[GoldFault] = []
    with ThreadPoolExecutor(jobs) as pool:
        for number, case in enumerate(asked, start=1):
            judge = _Judge(case, databases, _asked(case, context))
            faults += judge.faults()
            made = [mutant for gold in judge.first_golds() for mutant in judge.neighbours(gold)]
            found = pool.map(judge.first_wrong, made)
            told += [Told(case.id, mutant, at) for mutant, at in zip(made, found, strict=True)]
            if progress:
                progress(number, len(asked))
    return Catch(len(databases), len(asked), tuple(told), tuple(faults))


def _asked(case: Case, context: CheckContext) -> CheckContext:
    asked = replace(context, question=case.question)
    return replace(asked, clock=FrozenClock(case.today)) if case.today else asked


class _Judge:
    """One case on all databases; what its golds give is kept."""

    def __init__(self, case: Case, databases: Sequence[Database], context: CheckContext) -> None:
        self.case = case
        self.databases = databases
        self.context = context
        self._golds: dict[tuple[str, int], Expected | str] = {}

    def first_golds(self) -> list[str]:
        """One query for each alternative: the one with the least of what stands in its braces."""
        return [expand(gold)[0] for alternative in self.case.gold for gold in alternatives(alternative)]

    def faults(self) -> list[GoldFault]:
        found = []
        for place in range(len(self.databases)):
            whys = [self._why_silent(gold, place) for gold in self.first_golds()]
            if all(whys):
                found.append(GoldFault(self.case.id, place, whys[0]))
        return found

    def _why_silent(self, gold: str, place: int) -> str:
        wanted = self._expected(gold, place)
        if isinstance(wanted, str):
            return wanted
        if not wanted.result.rows or all(cell is None for row in wanted.result.rows for cell in row):
            return "empty"
        return "its LIMIT cuts through a tie" if wanted.cuts_tie else ""

    def neighbours(self, gold: str) -> list[Mutant]:
        return mutants(gold, self.case.golds, self.context, ordered=self.case.ordered)

    def first_wrong(self, mutant: Mutant) -> int | None:
        free = replace(self.context, rules=())
        gated = gate(mutant.sql, free)
        assert gated.tree is not None
        sorted_by_query = sorts(gated.tree)
        for place, database in enumerate(self.databases):
            try:
                result = database.run(mutant.sql, max_rows=MOST_ROWS, timeout_s=SECONDS)
            except QueryTimeoutError:
                if place == 0:
                    return 0
                continue
            except QueryError:
                return place
            if self._wrong(result, place, mutant, sorted_by_query):
                return place
        return None

    def _wrong(self, result: Result, place: int, mutant: Mutant, sorted_by_query: bool) -> bool:
        """Whether no gold makes the result right, and one that speaks says so."""
        spoke = False
        for gold in dict.fromkeys((mutant.gold, *self.case.golds)):
            wanted = self._expected(gold, place)
            if isinstance(wanted, str):
                continue
            found = compare(wanted.result, result, blocks=wanted.blocks)
            unsorted = not sorted_by_query and len(set(wanted.blocks or ())) > 1
            if found.verdict.right and not unsorted:
                return False
            left_to_chance = wanted.cuts_tie and len(result.rows) == len(wanted.result.rows)
            spoke = spoke or (found.verdict.scored and not left_to_chance)
        return spoke

    def _expected(self, gold: str, place: int) -> Any:
        if (gold, place) not in self._golds:
            try:
                self._golds[gold, place] = expected(
                    gold, self.databases[place], self.context, ordered=self.case.ordered
                )
            except GoldError as error:
                self._golds[gold, place] = str(error)
        return self._golds[gold, place]
