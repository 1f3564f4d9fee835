"""Faults of suites that would make their scores lie."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from evals.suite.case import Case
from evals.suite.leak import Leak, leaks
from evals.suite.lint_golds import gold_problems
from evals.suite.lint_questions import question_problems
from evals.suite.places import Places
from evals.suite.problem import Problem
from graph.checks import CheckContext
from knowledge.database import Database
from knowledge.errors import QuarryError
from knowledge.examples import Example

__all__ = ["Problem", "lint"]


def lint(
    cases: Sequence[Case],
    database: Database,
    context: CheckContext,
    examples: Sequence[Example] = (),
    *,
    taught: Iterable[Example] = (),
    variants: Sequence[Database] = (),
) -> tuple[Problem, ...]:
    """Every fault of the cases, in their order: questions that repeat or are taught, golds that mislead.

    `cases` may come from several suites. `database` and `context` hold for those that name no database of
    their own. `taught` is read once, as a stream, so that it may be a whole training corpus. `variants` are
    databases of the same schema that may tell two alternatives of a gold apart.
    """
    found = [*question_problems(cases, context.schema)]
    found += map(_leak_problem, leaks(cases, chain(examples, taught), context))
    with Places(database, context) as places:
        for case in cases:
            found += _gold_problems(case, places, variants)
    order = {(case.where, case.id): place for place, case in enumerate(cases)}
    return tuple(sorted(found, key=lambda problem: order[problem.where, problem.case]))


def _gold_problems(case: Case, places: Places, variants: Sequence[Database]) -> Iterator[Problem]:
    if not case.golds:
        return
    try:
        database, context = places.of(case)
        yield from gold_problems(case, database, context, () if case.database else variants)
    except QuarryError as error:
        if places.first_trouble(case):
            why = f"the database cannot be used: {str(error).rstrip('.')}"
            yield Problem(case.id, case.where, why, "correct `database`, or bring it back")


def _leak_problem(leak: Leak) -> Problem:
    case, pair = leak.case, leak.taught
    teacher = "the example" if pair.origin in _EXAMPLES else "the training pair"
    if leak.kind == "question":
        why = f"the question is taught by {teacher} '{pair.question}'"
        return Problem(case.id, case.where, why, "ask another question")
    if leak.kind == "sql":
        why = f"the SQL is taught by {teacher} '{pair.question}' [{pair.sql}]"
        return Problem(case.id, case.where, why, "ask for something else, or take the pair out")
    why = f"the wording is taught by {teacher} '{pair.question}'"
    return Problem(case.id, case.where, why, "word it otherwise if it is to test wording", "hint")


_EXAMPLES = ("written", "mined", "correction")
