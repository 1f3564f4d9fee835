"""Names of tables and columns as people write them, held against the schema; the nearest one is the hint."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from knowledge.schema import Schema

NEAR = 70.0


def hint(name: str, known: Iterable[str]) -> str:
    """The question after the nearest known name, or nothing where none is near."""
    best = process.extractOne(name, list(known), scorer=fuzz.ratio, processor=str.lower, score_cutoff=NEAR)
    return f"did you mean `{best[0]}`?" if best else ""


def table_problem(schema: Schema, table: str) -> str:
    """What is wrong with a table's name, as the end of a sentence; empty where it is known."""
    if table in schema.by_name:
        return ""
    remedy = hint(table, schema.by_name) or f"use one of {_some(schema.by_name)}"
    return f"there is no table `{table}`; {remedy}"


def column_problem(schema: Schema, full_name: str) -> str:
    """What is wrong with a full `table.column` name; empty where it is known."""
    table, dot, column = full_name.rpartition(".")
    if not dot or not table or not column:
        owners = [f"{t.name}.{c.name}" for t, c in schema.columns() if c.name == full_name]
        remedy = f"did you mean `{owners[0]}`?" if owners else "write it as table.column"
        return f"`{full_name}` is not a full column name; {remedy}"
    if table not in schema.by_name:
        near = hint(full_name, (f"{t.name}.{c.name}" for t, c in schema.columns()))
        return f"there is no table `{table}`; {near}" if near else table_problem(schema, table)
    columns = schema.by_name[table].by_name
    if column in columns:
        return ""
    remedy = hint(column, columns) or f"its columns are {_some(columns)}"
    return f"the table `{table}` has no column `{column}`; {remedy}"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (", ..." if len(listed) > 8 else "")
