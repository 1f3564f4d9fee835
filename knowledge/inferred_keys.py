"""Keys that a database does not declare, found by names and values: most warehouses and exports have such."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlglot import exp

from knowledge.database import Database
from knowledge.errors import QueryError
from knowledge.files import write_atomically
from knowledge.naming import parts, spelled
from knowledge.profile import ColumnProfile, Profiles
from knowledge.schema import Column, ForeignKey, Schema, Table
from knowledge.words import singular

LOOKED_AT = 2000
"""So many different values of a column are looked for in the other one."""

MISSING = 0.02
"""This share of them may be missing where the names fit; none where the values alone tell."""

TELLING = 10
"""A text column without a fitting name needs so many different values for these to tell."""

MOST_TABLES = 60
"""In a bigger schema only names are followed: comparing all columns with all takes too long."""

_JOINED, _NAMED, _ALIKE, _OF_ITSELF = 5, 4, 3, 2
_UPWARDS = (["id"], ["by"], ["parent"], ["manager"])
"""How a column ends that points to a row of its own table."""

_GENERAL = frozenset(("id", "key", "name", "code", "no", "number", "title", "label", "type", "value", "date"))


@dataclass(frozen=True)
class _Guess:
    key: ForeignKey
    weight: int
    allowance: float
    calls: int = 0


def infer_keys(
    database: Database, schema: Schema, profiles: Profiles, joins: Iterable[tuple[str, str]] = ()
) -> tuple[ForeignKey, ...]:
    """One key at most for each column of the tables that declare none, the most fitting one.

    A key points to a column that is unique; its column has the other's name, or the other table's name before
    it, or, in a schema that declares nothing at all, many texts that all stand there. `joins` are pairs of
    columns that the team's queries join, with how often: these come first, and of several the one whose
    column names its own table's rows, then the most frequent.
    """
    joined = Counter(joins)
    joined.update({(two, one): calls for (one, two), calls in joined.items()})
    schema = replace(schema, foreign_keys=tuple(k for k in schema.foreign_keys if not k.inferred))
    declaring = {key.table for key in schema.foreign_keys}
    uniques = [(table, column) for table, column in schema.columns() if _is_unique(table, column, profiles)]
    found: dict[tuple[str, str], ForeignKey] = {}
    for table in schema.tables:
        if table.name in declaring:
            continue
        for column in table.columns:
            found_here = _guesses(schema, profiles, table, column, uniques, joined)
            guesses = sorted(found_here, key=lambda guess: (-guess.weight, -guess.calls))
            kept = next((guess.key for guess in guesses if _holds(database, guess)), None)
            if kept is not None:
                found[table.name, column.name] = kept
    return tuple(key for key in found.values() if not _turned_round(key, found, profiles))


def with_keys(schema: Schema, keys: tuple[ForeignKey, ...]) -> Schema:
    """The schema with these keys beside its own; its fingerprint stays."""
    every = sorted({*schema.foreign_keys, *keys}, key=lambda key: (key.table, key.columns, key.to_table))
    return replace(schema, foreign_keys=tuple(every))


def save_keys(path: Path, schema: Schema, keys: tuple[ForeignKey, ...]) -> None:
    facts = {"schema": schema.fingerprint, "keys": [asdict(key) for key in keys]}
    write_atomically(path, json.dumps(facts, indent=1))


def load_keys(path: Path, schema: Schema) -> tuple[ForeignKey, ...]:
    """Those that were found for this schema; none where it has changed since, or nobody looked."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        if facts["schema"] != schema.fingerprint:
            return ()
        return tuple(
            ForeignKey(k["table"], tuple(k["columns"]), k["to_table"], tuple(k["to_columns"]), inferred=True)
            for k in facts["keys"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _guesses(
    schema: Schema,
    profiles: Profiles,
    table: Table,
    column: Column,
    uniques: list[tuple[Table, Column]],
    joined: Counter[tuple[str, str]],
) -> Iterator[_Guess]:
    seen = profiles.column(table.name, column.name)
    if not seen.distinct:
        return
    silent = not schema.foreign_keys and len(schema.tables) <= MOST_TABLES
    for other, target in uniques:
        if (other.name, target.name) == (table.name, column.name) or not _comparable(column, target):
            continue
        key = ForeignKey(table.name, (column.name,), other.name, (target.name,), inferred=True)
        calls = joined[f"{table.name}.{column.name}", f"{other.name}.{target.name}"]
        if calls:
            yield _Guess(key, _JOINED + _is_natural(other, target), MISSING, calls)
            continue
        if other.name == table.name:
            if parts(column.name)[-1:] in _UPWARDS and (target.name,) == table.primary_key:
                yield _Guess(key, _OF_ITSELF, MISSING)
            continue
        weight = _fit(column.name, other.name, target.name)
        if weight:
            yield _Guess(key, weight, MISSING)
        elif silent and column.is_text and _is_telling(seen, profiles.column(other.name, target.name)):
            yield _Guess(key, int(_is_natural(other, target)), 0.0)


def _fit(column: str, table: str, target: str) -> int:
    """_NAMED where the table's name is in the column's, _ALIKE where both columns have one name, else 0."""
    noun = [singular(word) for word in spelled(table).split()]
    said, wanted = spelled(column).split(), spelled(target).split()
    tails = [noun[at:] for at in range(len(noun))]
    if any(said in (tail + wanted, [*tail, "id"]) for tail in tails if wanted != tail):
        return _NAMED
    if said == wanted:
        if any(wanted[: len(tail)] == tail for tail in tails):
            return _NAMED
        return 0 if len(wanted) == 1 and wanted[0] in _GENERAL else _ALIKE
    return 0


def _is_natural(table: Table, column: Column) -> bool:
    """'state_name' of state: the column that names the rows of its own table."""
    return _fit(column.name, table.name, column.name) == _NAMED


def _is_unique(table: Table, column: Column, profiles: Profiles) -> bool:
    seen = profiles.column(table.name, column.name)
    known = profiles.tables.get(table.name)
    whole = known is not None and not known.sampled
    if column.is_temporal or not (column.is_text or "INT" in column.type):
        return False
    return (column.name,) == table.primary_key or (whole and 1 < seen.distinct == seen.rows)


def _comparable(column: Column, target: Column) -> bool:
    return (column.is_text and target.is_text) or ("INT" in column.type and "INT" in target.type)


def _is_telling(seen: ColumnProfile, other: ColumnProfile) -> bool:
    return TELLING <= seen.distinct <= other.distinct


def _holds(database: Database, guess: _Guess) -> bool:
    """Whether the column's values stand in the other one."""
    table, column, other, target = (
        exp.to_identifier(name, quoted=True).sql(dialect=database.dialect)
        for name in (guess.key.table, *guess.key.columns, guess.key.to_table, *guess.key.to_columns)
    )
    values = f"(SELECT DISTINCT {column} AS v FROM {table} WHERE {column} IS NOT NULL LIMIT {LOOKED_AT})"
    sql = f"SELECT COUNT(*), COUNT(p.{target}) FROM {values} c LEFT JOIN {other} p ON p.{target} = c.v"
    try:
        ((all_values, there),) = database.run(sql, own=True).rows
    except QueryError:
        return False
    return bool(all_values) and there >= (1 - guess.allowance) * all_values


def _turned_round(key: ForeignKey, found: dict[tuple[str, str], ForeignKey], profiles: Profiles) -> bool:
    """Of two keys between the same columns the one from the table whose name the column has not is kept."""
    back = found.get((key.to_table, key.to_columns[0]))
    if back is None or (back.to_table, back.to_columns) != (key.table, key.columns):
        return False
    forth, against = (_fit(k.columns[0], k.to_table, k.to_columns[0]) for k in (key, back))
    if forth != against:
        return forth < against
    return (profiles.rows(key.table), key.table) > (profiles.rows(key.to_table), key.to_table)
