"""What a word that only an example explains asks of the rows: what the example's other words do not ask for.

'How many corpos do we have', with `company_name IS NOT NULL`: where corpos are asked for again, that holds as
a business rule does, for this question alone. What the word counts or adds up is left to the model.
"""

import re

from sqlglot import exp

from graph.canonical import NotCanonicalError
from graph.checks import Finding, apply_rules
from graph.checks.parse import parse
from graph.checks.scopes import conjuncts
from graph.context import Context
from graph.missing import unheard
from graph.slotted import means, without_rules
from graph.vocabulary import roots
from knowledge.examples import Example
from knowledge.link import Linked
from knowledge.rules import Rule


def meaning(example: Example, words: set[str], context: Context) -> tuple[Rule, ...]:
    """One rule for each condition; none where the example has other words that nobody knows."""
    linked = context.retriever.linker.link(example.question)
    if unheard(linked, context.vocabulary) - words:
        return ()
    try:
        tree = without_rules(example.sql, context.check(example.question))
    except NotCanonicalError:
        return ()
    where = tree.args.get("where")
    found = conjuncts(where.this if where is not None else None)
    return tuple(rule for condition in found if (rule := _rule(condition, linked, context)))


def with_meaning(sql: str, rules: tuple[Rule, ...], context: Context) -> str:
    """The statement with these conditions; empty where it does not read a table that they are about."""
    tree = parse(sql, context.check(""))
    if isinstance(tree, Finding):
        return sql
    held, applied = apply_rules(tree, context.schema, rules)
    return held.sql(dialect=context.schema.dialect) if len(applied) == len(rules) else ""


def _rule(condition: exp.Expr, linked: Linked, context: Context) -> Rule | None:
    """The condition as a rule of its table; None where the question's other words ask for it."""
    tables = {alias: name for name, alias in context.schema.aliases.items()}
    columns = list(condition.find_all(exp.Column))
    aliases = {column.table for column in columns}
    table = tables.get(next(iter(aliases))) if len(aliases) == 1 else None
    if table is None or condition.find(exp.Select):
        return None
    if any(means(slot, literal) for slot in linked.slots for literal in condition.find_all(exp.Literal)):
        return None
    places = {f"{table}.{column.name}" for column in columns}
    named = {f"{hit.table}.{hit.column}" for hit in linked.hits}
    for mention in context.vocabulary.mentions(roots(linked.text)):
        named |= mention.places
    if places & named:
        return None
    text = re.sub(rf"\b{aliases.pop()}\.", "{t}.", condition.sql(dialect=context.schema.dialect))
    return Rule(f"'{linked.question}'", "", require={table: text})
