"""Edits of what WHERE, HAVING and CASE ask for."""

import datetime as dt
from collections.abc import Iterator

from sqlglot import exp

from evals.variants.edits.same import may_be_null, same_in_text
from evals.variants.edits.tree import COMPARED, copied, each, is_join, places, swapped
from graph.checks.scopes import conjuncts
from knowledge.schema import Schema

_DAY_LETTERS = 10


def comparison(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """< for <=, = for <>, and back; but not in a join's own condition."""
    for place in places(tree, *COMPARED):
        copy, node = copied(tree, place, exp.Expr)
        if type(node) in COMPARED and not is_join(node) and not same_in_text(node, copy, schema):
            node.replace(swapped(node, COMPARED[type(node)]))
            yield copy


def connective(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """AND for OR, and back."""
    for place in places(tree, exp.And, exp.Or):
        copy, node = copied(tree, place, exp.Connector)
        if node.find_ancestor(exp.Join) is None:
            node.replace(exp.paren(swapped(node, exp.Or if isinstance(node, exp.And) else exp.And)))
            yield copy


def filters(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """One condition less in WHERE or HAVING."""
    for kind in (exp.Where, exp.Having):
        for place in places(tree, kind):
            parts = len(list(conjuncts(copied(tree, place, exp.Expr)[1].this)))
            for number in range(parts):
                copy, clause = copied(tree, place, exp.Expr)
                rest = [part.copy() for n, part in enumerate(conjuncts(clause.this)) if n != number]
                if rest:
                    clause.set("this", exp.and_(*rest, copy=False))
                else:
                    clause.pop()
                yield copy


def date(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """A day earlier or later."""
    for by in (1, -1):
        for copy, literal in each(tree, exp.Literal):
            if not literal.is_string:
                continue
            try:
                moment = dt.datetime.fromisoformat(literal.name) + dt.timedelta(days=by)
            except (ValueError, OverflowError):
                continue
            whole = len(literal.name) == _DAY_LETTERS
            shown = moment.date().isoformat() if whole else moment.isoformat(sep=" ")
            literal.replace(exp.Literal.string(shown))
            yield copy


def number(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """A threshold one higher or lower, in WHERE and HAVING; but not a flag's 0 or 1."""
    for by in (1, -1):
        for copy, literal in each(tree, exp.Literal):
            parent = literal.parent
            compared = isinstance(parent, (exp.Between, *COMPARED))
            flag = isinstance(parent, exp.EQ | exp.NEQ) and literal.name in "01"
            if literal.is_string or not compared or flag or not literal.name.isdigit():
                continue
            if literal.find_ancestor(exp.Where, exp.Having):
                literal.replace(exp.Literal.number(int(literal.name) + by))
                yield copy


def null(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """IS NULL for IS NOT NULL, IN for NOT IN, EXISTS for NOT EXISTS, x for COALESCE(x, y)."""
    for copy, negation in each(tree, exp.Not):
        if isinstance(negation.this, exp.Is | exp.In | exp.Exists | exp.Like):
            negation.replace(negation.this.copy())
            yield copy
    for place in places(tree, exp.Is, exp.In, exp.Exists, exp.Like):
        copy, node = copied(tree, place, exp.Expr)
        if not isinstance(node.parent, exp.Not):
            node.replace(exp.Not(this=node.copy()))
            yield copy
    for copy, filled in each(tree, exp.Coalesce):
        if may_be_null(filled.this, copy, schema):
            filled.replace(filled.this.copy())
            yield copy
