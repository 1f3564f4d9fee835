"""A run: one agent against all cases of a suite."""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.runs.journal import Header, Journal
from evals.runs.score import Score, Turn, blank, fingerprint, score
from evals.suite.case import Case
from evals.verdict import Verdict
from graph.checks import CheckContext
from knowledge.database import Database
from knowledge.errors import DatabaseError, IndexingError, ModelError, SettingsError

Ask = Callable[[str], Turn]
Progress = Callable[[Score, int, int], None]
SETUP_ERRORS = (SettingsError, DatabaseError, ModelError, IndexingError)


@dataclass(frozen=True)
class Run:
    """The scores of a suite in the order of its cases."""

    header: Header
    scores: tuple[Score, ...]


def run_suite(
    ask: Ask,
    database: Database,
    cases: Sequence[Case],
    context: CheckContext,
    *,
    header: Header | None = None,
    store: Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Ask every case's question and score how it ended.

    With a `store` each score is on disk before the next question is asked: a run that was stopped, even by
    Ctrl-C, goes on where it stopped. `progress` is called with each new score, its number and the total.
    A missing model, database or index stops the run; any other fault of ours is booked as harness_error,
    which a later run of the same store tries again.
    """
    header = header or Header()
    journal = Journal(store, header) if store else None
    known = {old.case: old for old in journal.scores} if journal else {}
    scores: list[Score] = []
    for number, case in enumerate(cases, start=1):
        old = known.get(case.id)
        if old and old.fingerprint == fingerprint(case) and old.verdict is not Verdict.HARNESS_ERROR:
            scores.append(old)
            continue
        new = _score(ask, case, database, context)
        scores.append(new)
        if journal:
            journal.append(new)
        if progress:
            progress(new, number, len(cases))
    return Run(journal.header if journal else header, tuple(scores))


def _score(ask: Ask, case: Case, database: Database, context: CheckContext) -> Score:
    started = time.perf_counter()
    try:
        turn = ask(case.question)
        return score(case, turn, time.perf_counter() - started, database, context)
    except SETUP_ERRORS:
        raise
    except Exception as fault:
        place = traceback.extract_tb(fault.__traceback__)[-1]
        why = f"{type(fault).__name__}: {fault} ({Path(place.filename).name}, line {place.lineno})"
        return blank(case, Verdict.HARNESS_ERROR, why)
