"""Faults of the golds: those that fail, give nothing, or leave the answer to chance."""

from collections.abc import Iterator, Sequence

import sqlglot
from sqlglot import exp

from evals.compare import compare
from evals.compare.cells import canonical
from evals.runs.expected import Expected, GoldError, GoldQuery, expected, run_gold
from evals.suite.case import Case
from evals.suite.gold import alternatives, expand
from evals.suite.problem import Problem
from evals.verdict import Verdict
from graph.checks import CheckContext, apply_rules, gate
from graph.checks.scopes import conjuncts
from knowledge.database import Database


def gold_problems(
    case: Case, database: Database, context: CheckContext, variants: Sequence[Database] = ()
) -> Iterator[Problem]:
    """Each kind of fault once, with the first query that shows it, and alternatives that come to the same."""
    told: set[str] = set()
    usable: dict[str, Expected] = {}
    for gold in case.golds:
        found = _tried(gold, case, database, context)
        if isinstance(found, Expected):
            usable[gold] = found
            continue
        why, remedy = found
        if why not in told:
            told.add(why)
            yield Problem(case.id, case.where, f"{why} [{gold}]", remedy)
    if case.must_pass and case.golds and not usable:
        why = "the case must pass, but none of its golds can be scored"
        yield Problem(case.id, case.where, why, "mend a gold, or no model can be released")
    yield from _repeated_alternatives(case, usable, context, variants)


def _tried(gold: str, case: Case, database: Database, context: CheckContext) -> Expected | tuple[str, str]:
    """What a gold gives, or why it cannot be used and the remedy."""
    gated = gate(gold, context)
    if gated.tree is None or gated.sql is None:
        return f"the gold does not pass the checks: {gated.why}", "write it as an answer would have to be"
    if gated.findings:
        return f"the gold had to be mended: {gated.findings[0]}", "write it so that nothing needs mending"
    missing = _missing_condition(gold, context) if gated.rules else ""
    if missing:
        return f"the gold leaves out what the rules require: {missing}", "add the condition"
    query = gated.tree.unnest()
    if not isinstance(query, exp.Query):
        return "the gold is no query", "write one SELECT"
    try:
        wanted = run_gold(GoldQuery(gold, gated.sql, query, context.dialect), database, ordered=case.ordered)
    except GoldError as error:
        return str(error), "correct the gold"
    return _misleading(wanted, case) or wanted


def _misleading(wanted: Expected, case: Case) -> tuple[str, str] | None:
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


def _repeated_alternatives(
    case: Case, usable: dict[str, Expected], context: CheckContext, variants: Sequence[Database]
) -> Iterator[Problem]:
    """Alternatives whose every query gives, on every database at hand, what one of an earlier one gives."""
    written = [expand(alternative) for gold in case.gold for alternative in alternatives(gold)]
    for place, later in enumerate(written):
        for number, earlier in enumerate(written[:place], start=1):
            if all(any(_same(one, other, usable) for one in earlier) for other in later) and all(
                any(_same_there(one, other, case, context, variants) for one in earlier) for other in later
            ):
                why = f"alternative {place + 1} gives what alternative {number} gives"
                yield Problem(case.id, case.where, why, "remove one if they mean the same", "hint")
                break


def _same(one: str, other: str, results: dict[str, Expected]) -> bool:
    left, right = results.get(one), results.get(other)
    if left is None or right is None:
        return False
    return compare(left.result, right.result, blocks=left.blocks).verdict is Verdict.EXACT


def _same_there(
    one: str, other: str, case: Case, context: CheckContext, variants: Sequence[Database]
) -> bool:
    for variant in variants:
        try:
            there = {sql: expected(sql, variant, context, ordered=case.ordered) for sql in (one, other)}
        except GoldError:
            return False
        both_empty = not there[one].result.rows and not there[other].result.rows
        if not both_empty and not _same(one, other, there):
            return False
    return True
