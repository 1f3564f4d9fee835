"""One-edit wrong neighbours of a gold: what a model writes when it is nearly right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from evals.variants.edits import EDITS
from graph.checks import CheckContext, gate


@dataclass(frozen=True)
class Mutant:
    """`kind` is the edit, `gold` the query it was made from."""

    kind: str
    sql: str
    gold: str


def mutants(
    gold: str, others: Sequence[str], context: CheckContext, *, ordered: bool = False
) -> list[Mutant]:
    """The neighbours of `gold` that pass the checks and are none of `others`, each once.

    The rules of the context are in the gold and stay out of its neighbours' way, so that a filter that a rule
    requires can be dropped. `ordered` says that the order of the rows counts.
    """
    gated = gate(gold, context)
    if gated.tree is None or gated.sql is None:
        return []
    free = replace(context, rules=())
    seen = {_written(gated.tree, context)}
    for other in others:
        known = gate(other, context)
        if known.tree is not None:
            seen.add(_written(known.tree, context))
    made = []
    for kind, tree in neighbours(gated.tree, context, ordered=ordered):
        sql = tree.sql(dialect=context.dialect)
        checked = gate(sql, free)
        if checked.sql is None or checked.tree is None or checked.findings:
            continue
        written = _written(checked.tree, context)
        if written not in seen:
            seen.add(written)
            made.append(Mutant(kind, checked.sql, gold))
    return made


def neighbours(
    tree: exp.Expr, context: CheckContext, *, ordered: bool = False
) -> Iterator[tuple[str, exp.Expr]]:
    """Every edit of every place in a tree, as (kind, edited tree)."""
    for kind, edit in EDITS:
        for edited in edit(tree, context.schema, ordered):
            yield kind, edited


def _written(tree: exp.Expr, context: CheckContext) -> str:
    """The tree without brackets that mean nothing."""
    bare = tree.copy()
    for node in list(bare.find_all(exp.Paren)):
        needed = isinstance(node.parent, exp.And) and isinstance(node.this, exp.Or)
        if isinstance(node.parent, exp.Where | exp.Having | exp.Join | exp.And) and not needed:
            node.replace(node.this)
    return bare.sql(dialect=context.dialect, normalize=True)
