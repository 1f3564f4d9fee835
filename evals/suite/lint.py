"""Faults of a suite that would make its scores lie."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp

from evals.compare.cells import canonical
from evals.runs.expected import GoldError, expected
from evals.suite.case import Case
from graph.checks import CheckContext, apply_rules, gate
from graph.checks.scopes import conjuncts
from knowledge.database import Database
from knowledge.examples import Example

NEAR = 95.0
"""From this likeness on (of 100), two questions that name the same numbers are the same question."""


@dataclass(frozen=True)
class Problem:
    """One fault, where it stands, and what to do about it."""

    case: str
    where: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where} ({self.case}): {self.why}; {self.remedy}."


def lint(
    cases: Sequence[Case], database: Database, context: CheckContext, examples: Sequence[Example] = ()
) -> tuple[Problem, ...]:
    """Every fault of the suite: questions that repeat or are taught, golds that fail or mislead."""
    found: list[Problem] = []
    for number, case in enumerate(cases):
        found += _question_problems(case, cases[:number], examples)
        found += _gold_problems(case, database, replace(context, question=case.question))
    return tuple(found)


def _question_problems(case: Case, earlier: Sequence[Case], examples: Sequence[Example]) -> Iterator[Problem]:
    plain = _plain(case.question)
    for other in earlier:
        if _plain(other.question) == plain:
            yield Problem(case.id, case.where, f"the question is that of {other.id}", "remove one of them")
    for example in examples:
        if _near(plain, _plain(example.question)):
            why = f"the question is taught by the example '{example.question}'"
            yield Problem(case.id, case.where, why, "ask another question")


def _gold_problems(case: Case, database: Database, context: CheckContext) -> Iterator[Problem]:
    """Each kind of fault once, with the first query that shows it."""
    told: set[str] = set()
    for gold in case.golds:
        why, remedy = _gold_problem(gold, case, database, context) or ("", "")
        if why and why not in told:
            told.add(why)
            yield Problem(case.id, case.where, f"{why} [{gold}]", remedy)


def _gold_problem(gold: str, case: Case, database: Database, context: CheckContext) -> tuple[str, str] | None:
    gated = gate(gold, context)
    if gated.tree is None:
        return f"the gold does not pass the checks: {gated.why}", "write it as an answer would have to be"
    if gated.findings:
        return f"the gold had to be mended: {gated.findings[0]}", "write it so that nothing needs mending"
    missing = _missing_condition(gold, context)
    if missing:
        return f"the gold leaves out what the rules require: {missing}", "add the condition"
    try:
        wanted = expected(gold, database, context, ordered=case.ordered)
    except GoldError as error:
        return str(error), "correct the gold"
    if not wanted.result.rows:
        return "the gold gives no rows", "ask for something that is there"
    if all(canonical(cell) is None for row in wanted.result.rows for cell in row):
        return "the gold gives nothing but NULL", "ask for something that is there"
    if wanted.cuts_tie:
        return "the LIMIT of the gold cuts through a tie", "sort by one more column or change the LIMIT"
    if case.ordered and not wanted.sorts:
        return "the case is ordered, but the gold does not sort", "add ORDER BY or remove `ordered`"
    return None


def _missing_condition(gold: str, context: CheckContext) -> str:
    """The innermost condition that the rules would have to add to the gold; empty where it holds them all."""
    tree = sqlglot.parse_one(gold, dialect=context.dialect)
    applied, _ = apply_rules(tree, context.schema, context.rules, context.question)
    if applied == tree:
        return ""
    added = _conditions(applied, context.dialect) - _conditions(tree, context.dialect)
    return min(added, key=len, default="a rule")


def _conditions(tree: exp.Expr, dialect: str) -> set[str]:
    holders = [where.this for where in tree.find_all(exp.Where)]
    holders += [join.args.get("on") for join in tree.find_all(exp.Join)]
    return {condition.sql(dialect=dialect) for holder in holders for condition in conjuncts(holder)}


def _near(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    same_numbers = re.findall(r"\d+", one) == re.findall(r"\d+", other)
    return same_numbers and fuzz.ratio(one, other, score_cutoff=NEAR) >= NEAR


def _plain(question: str) -> str:
    """The words alone, in small letters."""
    return " ".join(re.findall(r"\w+", question.casefold()))
