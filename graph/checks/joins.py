"""Tables are joined as the keys and the rules say."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.joined import Joined
from graph.checks.remembered import remembered
from graph.checks.scopes import Base, Scopes, column_name, first_select, scopes_of
from knowledge.rules import Rule
from knowledge.schema import Schema

Pair = frozenset[Base]


def joins(tree: exp.Expr, context: CheckContext) -> Checked:
    """Find joins that compare what has nothing to do with each other, that a rule forbids, or that lack one.

    Applies when: columns of two tables are compared, by ON, USING, WHERE or IN (SELECT ...), or two tables of
    a rule's `require_join` stand in one FROM.
    Violated when: both columns are keys, of different things; a rule's `forbid_join` names the pair; the
    condition of a `require_join` is missing.
    Says: which columns do not belong together, or which condition is missing.
    Mends: words for the model.
    """
    scopes = scopes_of(tree, context.schema)
    compared = list(_compared(scopes))
    findings = [
        _finding(pair, f"{_told(pair)} are keys of different things", _right_way(pair, context.schema))
        for pair in compared
        if _are_different_keys(pair, context.schema)
    ]
    for rule in context.held:
        findings += _forbidden(rule, compared, context.schema)
        findings += _missing(rule, scopes)
    return Checked(tree, tuple(dict.fromkeys(findings)))


def _compared(scopes: Scopes) -> Iterator[Pair]:
    """The pairs of stored columns that are held against each other."""
    for node in scopes.of_kind(exp.EQ):
        if isinstance(node.this, exp.Column) and isinstance(node.expression, exp.Column):
            yield from _pair(scopes, node.this, node.expression)
    for node in scopes.of_kind(exp.In):
        query = node.args.get("query")
        select = first_select(query) if query is not None else None
        if isinstance(node.this, exp.Column) and select is not None and len(select.expressions) == 1:
            selected = select.expressions[0].unalias()
            if isinstance(selected, exp.Column) and not isinstance(selected.this, exp.Star):
                yield from _pair(scopes, node.this, selected)
    for node in scopes.of_kind(exp.Join):
        if node.args.get("using") and isinstance(node.parent, exp.Select):
            joined = Joined(node.parent, scopes)
            for one, other in joined.equal:
                bases = [_stored(joined, place) for place in (one, other)]
                if bases[0] is not None and bases[1] is not None and bases[0] != bases[1]:
                    yield frozenset((bases[0], bases[1]))


def _pair(scopes: Scopes, left: exp.Column, right: exp.Column) -> Iterator[Pair]:
    one, other = scopes.base_of(left), scopes.base_of(right)
    if one is not None and other is not None and one != other:
        yield frozenset((one, other))


def _stored(joined: Joined, place: tuple[str, str]) -> Base | None:
    table = joined.sources[place[0]].table
    return (table, place[1]) if table is not None else None


def _are_different_keys(pair: Pair, schema: Schema) -> bool:
    kinds = [_things(schema).get(base) for base in pair]
    return len(kinds) == 2 and None not in kinds and kinds[0] != kinds[1]


@remembered
def _things(schema: Schema) -> dict[Base, Base]:
    """Every column that is part of a foreign key or its target -> the key that it stands for in the end."""
    points: dict[Base, set[Base]] = {}
    for key in schema.foreign_keys:
        for name, to in zip(key.columns, key.to_columns, strict=True):
            points.setdefault((key.table, name), set()).add((key.to_table, to))
    found: dict[Base, Base] = {}
    for start in {*points, *(target for targets in points.values() for target in targets)}:
        here, seen = start, {start}
        while len(points.get(here, ())) == 1 and not points[here] <= seen:
            (here,) = points[here]
            seen.add(here)
        if len(points.get(here, ())) <= 1:
            found[start] = here
    return found


def _right_way(pair: Pair, schema: Schema) -> str:
    """The key between two tables, where there is just one."""
    tables = {table for table, _ in pair}
    keys = [key for key in schema.foreign_keys if {key.table, key.to_table} == tables]
    if len(tables) != 2 or len(keys) != 1:
        return "join along the keys"
    (key,) = keys
    pairs = zip(key.columns, key.to_columns, strict=True)
    return "join by " + " AND ".join(f"{key.table}.{name} = {key.to_table}.{to}" for name, to in pairs)


def _forbidden(rule: Rule, compared: Sequence[Pair], schema: Schema) -> Iterator[Finding]:
    for text in rule.forbid_join:
        wanted = _wanted(text, schema)
        for pair in compared:
            tables = frozenset(table for table, _ in pair)
            if pair in wanted or (not wanted and tables == _tables(text)):
                why = f"the rule {rule.rule} does not let {_told(pair)} be joined"
                yield _finding(pair, why, rule.mend or rule.says)


def _missing(rule: Rule, scopes: Scopes) -> Iterator[Finding]:
    for text in rule.require_join:
        wanted = _wanted(text, scopes.schema)
        tables = {table for pair in wanted for table, _ in pair}
        for select in scopes.selects:
            if not tables <= {source.table for source in scopes.of(select)}:
                continue
            joined = Joined(select, scopes)
            held = {
                frozenset(bases)
                for one, other in joined.equal
                if None not in (bases := [_stored(joined, one), _stored(joined, other)])
            }
            if not wanted <= held:
                why = f"the rule {rule.rule} wants {' and '.join(sorted(tables))} joined by {text}"
                yield Finding("joins", text, why, rule.mend or f"join by {text}")


def _wanted(text: str, schema: Schema) -> set[Pair]:
    """The pairs of columns of a rule's condition; none for a pair of tables."""
    if "=" not in text:
        return set()
    return {
        frozenset((table, column_name(schema, table, name)) for table, name in pair)
        for pair in _parsed(text, schema.dialect)
    }


@lru_cache(maxsize=512)
def _parsed(text: str, dialect: str) -> tuple[tuple[Base, Base], ...]:
    tree = sqlglot.parse_one(text, into=exp.Condition, dialect=dialect)
    return tuple(
        ((part.this.table, part.this.name), (part.expression.table, part.expression.name))
        for part in tree.find_all(exp.EQ)
    )


def _tables(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(","))


def _told(pair: Pair) -> str:
    return " and ".join(f"{table}.{name}" for table, name in sorted(pair))


def _finding(pair: Pair, why: str, mend: str) -> Finding:
    return Finding("joins", _told(pair), why, mend)
