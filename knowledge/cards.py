"""The distilled text of each table: a short line for prompts, a full text for people and for the index."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.glossary import Term
from knowledge.joins import condition, neighbours
from knowledge.naming import short_forms, spelled
from knowledge.profile import ColumnProfile, Profiles, Scalar
from knowledge.schema import Column, Schema, Table

BUDGET = 1850


@dataclass(frozen=True)
class Card:
    """`compact` is one line for prompts, without commas: they would be a fifth of its tokens. `text` tells
    all that is known of the table, `gist` what it is about, in words, for the index. `joins` are the tables
    that keys lead to or come from.
    """

    table: str
    text: str
    compact: str
    gist: str = ""
    joins: tuple[str, ...] = ()


def cards(
    schema: Schema, profiles: Profiles, glossary: Iterable[Term] = (), *, budget: int = BUDGET
) -> list[Card]:
    """One card a table, in the schema's order.

    All names stand in the compact cards; values are added, letters that stand for words first and then the
    shortest lists, while the cards together stay under `budget` characters.
    """
    terms = tuple(glossary)
    compact = _compact_lines(schema, profiles, terms, budget)
    return [
        Card(
            table.name,
            _text(schema, table, profiles, terms),
            compact[table.name],
            _gist(table, terms),
            _joined(schema, table.name),
        )
        for table in schema.tables
    ]


def _compact_lines(
    schema: Schema, profiles: Profiles, terms: tuple[Term, ...], budget: int
) -> dict[str, str]:
    values = _shown_values(schema, profiles, terms)
    lines = {table.name: _line(schema, table, {}) for table in schema.tables}
    room = budget - sum(len(line) + 1 for line in lines.values())
    by_use = sorted((not coded, len(text), place, text) for place, (coded, text) in values.items())
    chosen: dict[tuple[str, str], str] = {}
    for _, length, place, text in by_use:
        if length + 2 <= room:
            chosen[place] = text
            room -= length + 2
    return {table.name: _line(schema, table, chosen) for table in schema.tables}


def _line(schema: Schema, table: Table, values: dict[tuple[str, str], str]) -> str:
    keys = {
        key.columns[0]: key
        for key in schema.foreign_keys
        if key.table == table.name and len(key.columns) == 1
    }
    parts = []
    for column in table.columns:
        part = column.name
        key = keys.get(column.name)
        if key and key.to_columns[0] != column.name:
            part += f">{key.to_table}"
        if shown := values.get((table.name, column.name)):
            part += f"({shown})"
        elif column.is_temporal and not re.search(r"_(at|on)$|date|time", column.name.lower()):
            part += ":time" if "TIME" in column.type else ":date"
        parts.append(part)
    return f"{table.name} {schema.aliases[table.name]}: {' '.join(parts)}"


def _shown_values(
    schema: Schema, profiles: Profiles, terms: tuple[Term, ...]
) -> dict[tuple[str, str], tuple[bool, str]]:
    """(table, column) -> (whether the values are letters that stand for words, 'N=new|P=paid').

    Columns of 0 and 1 are left out: their names say what 1 means.
    """
    found = {}
    for table, column in schema.columns():
        seen = profiles.column(table.name, column.name)
        words = _words(terms, table.name, column.name)
        if not seen.is_enum or not (column.is_text or words) or _is_key(schema, table, column):
            continue
        if {value for value, _ in seen.frequent} <= {0, 1}:
            continue
        coded = bool(words) and all(_is_code(value) for value, _ in seen.frequent)
        shown = "|".join(
            f"{value}={words[str(value)][0]}" if coded and words.get(str(value)) else str(value)
            for value in _in_order(seen, words)
        )
        found[table.name, column.name] = (coded and column.is_text, shown)
    return found


def _is_key(schema: Schema, table: Table, column: Column) -> bool:
    return column.name in table.primary_key or any(
        key.table == table.name and column.name in key.columns for key in schema.foreign_keys
    )


def _is_code(value: Scalar) -> bool:
    """A value that says nothing by itself: a number, or one or two letters."""
    return not isinstance(value, str) or len(value) <= 2


def _in_order(seen: ColumnProfile, words: dict[str, tuple[str, ...]]) -> list[Scalar]:
    """The glossary's order, which is often a life cycle; then the most frequent first; numbers by size."""
    values = [value for value, _ in seen.frequent]
    if all(not isinstance(value, str) for value in values):
        return sorted(values, key=lambda value: float(value))
    order = {value: position for position, value in enumerate(words)}
    return sorted(values, key=lambda value: order.get(str(value), len(order)))


def _words(terms: tuple[Term, ...], table: str, column: str) -> dict[str, tuple[str, ...]]:
    full_name = f"{table}.{column}"
    return {
        value: words for term in terms if term.column == full_name for value, words in term.values.items()
    }


def _text(schema: Schema, table: Table, profiles: Profiles, terms: tuple[Term, ...]) -> str:
    known = profiles.tables.get(table.name)
    own = [term for term in terms if term.table == table.name]
    lines = [f"Table {table.name} ({schema.aliases[table.name]})"]
    lines += [f"{term.term}: {term.meaning}{_also(term)}" for term in own]
    if table.comment:
        lines.append(table.comment)
    if known:
        lines.append(f"{known.rows:,} rows")
    lines.append("Columns:")
    lines += [f"- {_column_text(schema, table, column, profiles, terms)}" for column in table.columns]
    if keys := neighbours(schema, table.name):
        lines.append("Joins:")
        lines += [
            f"- {key.to_table if key.table == table.name else key.table} on {condition(key, schema.aliases)}"
            for key in keys
            if key.table != key.to_table
        ]
    if about := [term for term in terms if _is_about(term, table.name)]:
        lines.append("Terms:")
        lines += [f"- {term.term}: {'; '.join((*term.metric, term.filter)).strip('; ')}" for term in about]
    return "\n".join(lines)


def _gist(table: Table, terms: tuple[Term, ...]) -> str:
    """Names as words, with what the glossary and the comments say of them; no types, no values."""
    own = short_forms(terms)
    about = [f"{term.term}: {term.meaning}{_also(term)}" for term in terms if term.table == table.name]
    columns = []
    for column in table.columns:
        full_name = f"{table.name}.{column.name}"
        said = [", ".join(term.names) for term in terms if term.column == full_name]
        columns.append(" ".join(filter(None, (spelled(column.name, own), column.comment, *said))))
    head = ". ".join(filter(None, (spelled(table.name, own), *about, table.comment)))
    return f"{head}\n{', '.join(columns)}"


def _joined(schema: Schema, table: str) -> tuple[str, ...]:
    found = (key.to_table if key.table == table else key.table for key in neighbours(schema, table))
    return tuple(dict.fromkeys(other for other in found if other != table))


def _column_text(
    schema: Schema, table: Table, column: Column, profiles: Profiles, terms: tuple[Term, ...]
) -> str:
    full_name = f"{table.name}.{column.name}"
    facts = [column.type]
    if column.name in table.primary_key:
        facts.append("primary key")
    facts += [
        f"points to {key.to_table}.{key.to_columns[key.columns.index(column.name)]}"
        for key in schema.foreign_keys
        if key.table == table.name and column.name in key.columns
    ]
    facts += [column.comment] if column.comment else []
    facts += [f"{term.term}: {term.meaning}{_also(term)}" for term in terms if term.column == full_name]
    facts += sorted({term.unit for term in terms if term.unit and _measures(term, full_name)})
    facts += [", ".join(verbs) for term in terms if (verbs := term.verbs.get(full_name))]
    facts += _seen(schema, table, column, profiles.column(table.name, column.name), terms)
    return f"{column.name}: {'; '.join(facts)}"


def _seen(
    schema: Schema, table: Table, column: Column, seen: ColumnProfile, terms: tuple[Term, ...]
) -> list[str]:
    if not seen.rows:
        return []
    facts = []
    key = _is_key(schema, table, column)
    words = _words(terms, table.name, column.name)
    if seen.is_enum and not key:
        told = [
            f"{value} ({', '.join(words[str(value)])})" if words.get(str(value)) else str(value)
            for value in _in_order(seen, words)
        ]
        facts.append(f"one of {', '.join(told)}")
    elif column.is_text and not key and seen.distinct * 2 < seen.rows:
        facts.append(f"{seen.distinct:,} values such as {', '.join(str(v) for v, _ in seen.frequent[:3])}")
    elif not column.is_text and not key and seen.min is not None:
        facts.append(f"{seen.min} to {seen.max}")
    if seen.nulls:
        facts.append(f"empty in {max(1, round(100 * seen.nulls / seen.rows))}%")
    return facts


def _also(term: Term) -> str:
    return f" Also called {', '.join(term.synonyms)}." if term.synonyms else ""


def _is_about(term: Term, table: str) -> bool:
    return bool(re.search(rf"\b{re.escape(table)}\.", " ".join((*term.metric, term.filter))))


def _measures(term: Term, full_name: str) -> bool:
    """Whether the metric adds up or averages this column as it is, so that both have one unit."""
    whole = re.compile(rf"(SUM|AVG|MIN|MAX)\(\s*{re.escape(full_name)}\s*\)", re.IGNORECASE)
    return any(whole.fullmatch(metric.strip()) for metric in term.metric)
