"""The conditions that business rules require: put into a tree, and taken out of it again.

>>> # rule: orders need "{t}.status <> 'X'"
>>> # SELECT COUNT(*) FROM orders o  ->  SELECT COUNT(*) FROM orders AS o WHERE o.status <> 'X'
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import sqlglot
from sqlglot import exp

from graph.checks.asked import asks_otherwise
from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.metric_forms import computing
from graph.checks.scopes import Scopes, Source, conjuncts, scopes_of
from knowledge.glossary import Term
from knowledge.rules import Rule
from knowledge.schema import Schema


def required_filters(tree: exp.Expr, context: CheckContext) -> Checked:
    """Put the conditions that rules require into the statement, whatever the model wrote.

    Applies when: a table of a rule's `require` is read anywhere, or a metric of its `only_metrics` computed.
    Violated when: the condition does not stand where that table is read.
    Says: nothing; the rule is named among those applied. Where the question asks otherwise, a note says so.
    Mends: adds the condition.
    """
    scopes = scopes_of(tree, context.schema)
    filtered, applied = _applied(scopes, context.held, context.question, context.terms)
    return Checked(filtered, rules=applied, notes=_yielding(scopes, context))


def _yielding(scopes: Scopes, context: CheckContext) -> tuple[Finding, ...]:
    """The rules that would have had a say, had the question not asked otherwise."""
    notes = []
    for rule in context.held:
        words = asks_otherwise(context.question, rule)
        if words and _demands(scopes, [replace(rule, unless_columns=())], context.terms):
            why = f"the rule {rule.rule} was left out, because the question says '{words}'"
            notes.append(Finding("required_filters", rule.rule, why))
    return tuple(notes)


def apply_rules(
    tree: exp.Expr,
    schema: Schema,
    rules: Sequence[Rule],
    question: str = "",
    terms: Sequence[Term] = (),
) -> tuple[exp.Expr, tuple[str, ...]]:
    """A tree in which every required condition holds, and the names of the rules that had a say in it.

    A condition goes to WHERE; for a table on the nullable side of an outer join it goes to ON, or, where ON
    cannot carry it, into a derived table, so that it never turns the outer join into an inner one.
    """
    return _applied(Scopes(tree, schema), rules, question, terms)


def _applied(
    scopes: Scopes, rules: Sequence[Rule], question: str, terms: Sequence[Term]
) -> tuple[exp.Expr, tuple[str, ...]]:
    tree, active = scopes.tree, _active(rules, question)
    if not active:
        return tree, ()
    demands = _demands(scopes, active, terms)
    if not all(demand.found for demand in demands):
        tree = tree.copy()
        demands = _demands(Scopes(tree, scopes.schema), active, terms)
        for demand in demands:
            if not demand.found:
                _add(demand)
    names = {demand.rule for demand in demands}
    return tree, tuple(rule.rule for rule in active if rule.rule in names)


def strip_rules(tree: exp.Expr, schema: Schema, rules: Sequence[Rule], question: str = "") -> exp.Expr:
    """The inverse: a tree without the conditions that `apply_rules` would put back."""
    active = _active(rules, question)
    if not active:
        return tree
    tree = tree.copy()
    for demand in _demands(Scopes(tree, schema), active, ()):
        for condition in demand.removable:
            _remove(condition)
    return tree


@dataclass(frozen=True)
class _Demand:
    """One rule's condition for one table reference; `found` where it stands already."""

    rule: str
    select: exp.Select
    source: Source
    condition: exp.Expr
    found: tuple[exp.Expr, ...]
    removable: tuple[exp.Expr, ...]


def _active(rules: Sequence[Rule], question: str) -> list[Rule]:
    return [rule for rule in rules if rule.require and not asks_otherwise(question, rule)]


def _demands(scopes: Scopes, rules: Sequence[Rule], terms: Sequence[Term]) -> list[_Demand]:
    schema = scopes.schema
    computed = {rule.rule: computing(scopes, rule.only_metrics, terms) for rule in rules if rule.only_metrics}
    required: list[tuple[Rule, exp.Select, Source, exp.Expr]] = []
    for select in scopes.selects:
        sources = scopes.of(select)
        for rule in rules:
            if rule.only_metrics and id(select) not in computed[rule.rule]:
                continue
            for source in sources:
                template = rule.require.get(source.table) if source.table else None
                if template:
                    condition = _condition(template, source.alias, schema.dialect)
                    required.append((rule, select, source, condition))
    matches = [_matches(*entry[1:], alone=len(scopes.of(entry[1])) == 1) for entry in required]
    settled = {id(node) for found, _ in matches for node in found}
    demands = []
    for (rule, select, source, condition), (found, removable) in zip(required, matches, strict=True):
        if _within(select, settled) or _excused(rule, select, scopes, settled):
            continue
        demands.append(_Demand(rule.rule, select, source, condition, found, removable))
    return demands


def _matches(
    select: exp.Select, source: Source, condition: exp.Expr, *, alone: bool
) -> tuple[tuple[exp.Expr, ...], tuple[exp.Expr, ...]]:
    """Conditions equal to the required one, and those of them that can go without changing the outcome."""
    wanted = {condition}
    if alone:
        wanted.add(_unqualified(condition, source.alias))
    where = select.args.get("where")
    in_where = [c for c in conjuncts(where.this if where else None) if c in wanted]
    nullable = _nullable(select, source)
    if nullable:
        join = source.node.parent
        on = join.args.get("on") if isinstance(join, exp.Join) else None
        in_on = [c for c in conjuncts(on) if c in wanted]
        return tuple(in_where + in_on), tuple(c for c in in_on if c is not on)
    in_ons: list[exp.Expr] = []
    for join in select.args.get("joins") or ():
        if not join.side:
            in_ons += [c for c in conjuncts(join.args.get("on")) if c in wanted]
    whole = {id(join.args.get("on")) for join in select.args.get("joins") or ()}
    return tuple(in_where + in_ons), tuple(in_where + [c for c in in_ons if id(c) not in whole])


def _nullable(select: exp.Select, source: Source) -> bool:
    """Whether the rows of a source may be missing, so that a condition in WHERE would drop others' rows."""
    holder = _holder(select, source.node)
    joins = select.args.get("joins") or []
    if isinstance(holder, exp.Join) and holder.side in ("LEFT", "FULL"):
        return True
    later = joins[joins.index(holder) + 1 :] if isinstance(holder, exp.Join) else joins
    if any(join.side in ("RIGHT", "FULL") for join in later):
        return True
    return source.node.parent is not holder


def _holder(select: exp.Select, node: exp.Expr) -> exp.Expr:
    """The FROM or JOIN of `select` in which a table reference stands."""
    while node.parent is not None and node.parent is not select:
        node = node.parent
    return node


def _excused(rule: Rule, select: exp.Select, scopes: Scopes, settled: set[int]) -> bool:
    own = {source.table for source in scopes.of(select)}
    if own & set(rule.unless_tables):
        return True
    if not rule.unless_columns:
        return False
    excusing = {tuple(name.lower().rsplit(".", 1)) for name in rule.unless_columns}
    names = {column for _, column in excusing}
    for inner in scopes.selects:
        if inner is not select and not _inside(inner, select):
            continue
        for column in scopes.columns[id(inner)]:
            if column.name.lower() not in names or _within(column, settled):
                continue
            table = scopes.table_of(column)
            if table is None or (table.lower(), column.name.lower()) not in excusing:
                continue
            if inner is select or table not in own:
                return True
    return False


def _inside(node: exp.Expr, ancestor: exp.Expr) -> bool:
    parent = node.parent
    while parent is not None and parent is not ancestor:
        parent = parent.parent
    return parent is ancestor


def _within(node: exp.Expr | None, marked: Iterable[int]) -> bool:
    while node is not None:
        if id(node) in marked:
            return True
        node = node.parent
    return False


@lru_cache(maxsize=4096)
def _condition(template: str, alias: str, dialect: str) -> exp.Expr:
    name = exp.to_identifier(alias).sql(dialect=dialect)
    parsed: exp.Expr = sqlglot.parse_one(template.replace("{t}", name), dialect=dialect)
    if isinstance(parsed, exp.Or):
        parsed = exp.paren(parsed, copy=False)
    return parsed


@lru_cache(maxsize=4096)
def _unqualified(condition: exp.Expr, alias: str) -> exp.Expr:
    bare = condition.copy()
    for column in bare.find_all(exp.Column):
        if column.table == alias:
            column.set("table", None)
    return bare


def _add(demand: _Demand) -> None:
    select, source, condition = demand.select, demand.source, demand.condition.copy()
    if not _nullable(select, source):
        _conjoin_where(select, condition)
        return
    join = source.node.parent
    later_sides = [j.side for j in _later(select, join)]
    if (
        isinstance(join, exp.Join)
        and join.side == "LEFT"
        and join.parent is select
        and join.args.get("on") is not None
        and not any(side in ("RIGHT", "FULL") for side in later_sides)
    ):
        join.set("on", _conjunction(join.args["on"], condition))
    else:
        _wrap(demand, condition)


def _conjoin_where(select: exp.Select, condition: exp.Expr) -> None:
    where = select.args.get("where")
    if where is None:
        select.set("where", exp.Where(this=condition))
    else:
        where.set("this", _conjunction(where.this, condition))


def _conjunction(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    if isinstance(left, exp.Or | exp.Xor):
        left = exp.Paren(this=left)
    return exp.And(this=left, expression=right)


def _later(select: exp.Select, join: exp.Expr | None) -> list[exp.Join]:
    joins: list[exp.Join] = select.args.get("joins") or []
    return joins[joins.index(join) + 1 :] if isinstance(join, exp.Join) and join in joins else []


def _wrap(demand: _Demand, condition: exp.Expr) -> None:
    """Put a filtered derived table of the same name in the table's place."""
    table = demand.source.node
    owner = table.find_ancestor(exp.Select)
    if owner is not None and owner is not demand.select:
        _conjoin_where(owner, condition)
        return
    inner = exp.select("*").where(condition, copy=False)
    derived = inner.subquery(demand.source.alias, copy=False)
    derived.set("joins", table.args.get("joins"))
    table.set("joins", None)
    table.replace(derived)
    inner.from_(table, copy=False)


def _remove(condition: exp.Expr) -> None:
    parent = condition.parent
    while isinstance(parent, exp.Paren):
        condition, parent = parent, parent.parent
    if isinstance(parent, exp.And):
        parent.replace(parent.expression if parent.this is condition else parent.this)
    elif isinstance(parent, exp.Where):
        parent.pop()
