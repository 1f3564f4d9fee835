"""Who may see what an answer reads: here for all, for the asker alone, or for nobody who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import sqlglot
from sqlglot import exp

from graph.checks.scopes import is_star, scopes_of
from knowledge.schema import Schema

if TYPE_CHECKING:
    from assistant.settings import Settings

Where = Literal["here", "direct", "nowhere"]


@dataclass(frozen=True)
class Reach:
    """Where an answer may be shown; `why` says it in a sentence where that is not here."""

    where: Where
    why: str = ""


HERE = Reach("here")


def reads(sql: str, schema: Schema) -> frozenset[str]:
    """The tables and columns (table.column) that a statement reads, in lower case."""
    tree = sqlglot.parse_one(sql, read=schema.dialect)
    scopes = scopes_of(tree, schema)
    tables = {source.table for source in scopes.of_all() if source.table}
    found = {table.lower() for table in tables}
    for select in tree.find_all(exp.Select):
        for column in scopes.columns.get(id(select), ()):
            table = scopes.table_of(column)
            found |= {f"{table}.{column.name}".lower()} if table else set()
        if any(is_star(item) for item in select.expressions):
            within = [source.table for source in scopes.of(select) if source.table]
            found |= {f"{t}.{c.name}".lower() for t in within for c in schema.by_name[t].columns}
    using = {name.name.lower() for join in tree.find_all(exp.Join) for name in join.args.get("using") or ()}
    return frozenset(found | {f"{table}.{name}".lower() for table in tables for name in using})


def reach(
    settings: "Settings",
    read: frozenset[str],
    channel: str,
    groups: Mapping[str, frozenset[str]],
    person: str,
) -> Reach:
    """`groups` holds the members of the user groups that settings name. A direct message is for one alone."""
    for name, allowed in sorted(settings.slack_restricted.items()):
        if name.lower() in read and not any(person in groups.get(group, ()) for group in allowed):
            return Reach(
                "nowhere", f"Answers from {name} are for some groups alone, and you are in none of them."
            )
    if is_direct(channel):
        return HERE
    open_here = {name.lower() for name in settings.slack_shown_in.get(channel, ())}
    hidden = sorted(n for n in settings.slack_private if n.lower() in read and n.lower() not in open_here)
    if not hidden:
        return HERE
    return Reach(
        "direct", f"{' and '.join(hidden)} may not be shown in this channel, so I answered you directly."
    )


def is_direct(channel: str) -> bool:
    """Whether it is a direct message with Quarry."""
    return channel.startswith("D")
