"""An inner join by an empty key loses rows."""

import re

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.joined import Joined, grouped_by
from graph.checks.null_comparison import is_nullable
from graph.checks.scopes import Base, Scopes, scopes_of

_ALL = r"\b(?:all|each|every|complete|entire)(?: of)?(?: (?:the|our|these|those))?(?: [\w-]+)? "


def lost_rows(tree: exp.Expr, context: CheckContext) -> Checked:
    """Tell of rows that a grouping leaves out because they belong to no group.

    Applies when: the question asks for 'all', 'each' or 'every' of a table's rows, and a SELECT groups them
    by a table that is joined by a key which may be empty.
    Violated when: the join is an inner one.
    Says: which rows are left out.
    Mends: nothing; it is a note, as people seldom want the group of those without.
    """
    if not re.search(_ALL, context.question.lower()):
        return Checked(tree)
    scopes = scopes_of(tree, context.schema)
    lost = [found for select in scopes.selects for found in _lost(select, scopes)]
    notes = [
        Finding(
            "lost_rows",
            f"{table}.{name}",
            f"rows of {table} without {name} are in no group, and were left out",
        )
        for table, name in dict.fromkeys(lost)
        if _asks_for_all(table, context)
    ]
    return Checked(tree, notes=tuple(notes))


def _asks_for_all(table: str, context: CheckContext) -> bool:
    names = {table.lower().replace("_", " ")}
    names |= {name.lower() for term in context.terms if term.table == table for name in term.names}
    told = "|".join(re.escape(name.removesuffix("s")) for name in sorted(names))
    return re.search(rf"{_ALL}(?:{told})s?\b", context.question.lower()) is not None


def _lost(select: exp.Select, scopes: Scopes) -> list[Base]:
    joins = select.args.get("joins") or []
    if not joins or any(join.side for join in joins) or not select.args.get("group"):
        return []
    joined = Joined(select, scopes)
    grouped = {alias for item in grouped_by(select) for alias in joined.aliases_in(item)}
    found = list[Base]()
    for one, other in joined.equal:
        for (alias, name), (to, _) in ((one, other), (other, one)):
            table = joined.sources[alias].table
            if table is None or table == joined.sources[to].table or to not in grouped or alias in grouped:
                continue
            if is_nullable(scopes.schema, table, name) and _is_key(table, name, scopes):
                found.append((table, name))
    return found


def _is_key(table: str, name: str, scopes: Scopes) -> bool:
    return any(key.table == table and name in key.columns for key in scopes.schema.foreign_keys)
