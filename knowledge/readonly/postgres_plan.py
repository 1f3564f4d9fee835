"""What a statement would do, in PostgreSQL's own reading of it: the plan that EXPLAIN (VERBOSE) gives.

Everything that will run stands in the plan, and what does not stand there will not run: the tables with their
schemas, every function, locks and writes. Text of the statement itself is never searched.
"""

import re
from collections.abc import Iterator
from typing import Any

from knowledge.errors import QueryError
from knowledge.explain_postgres import nodes

_SYSTEM_SCHEMAS = ("information_schema", "pg_catalog", "pg_toast")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_NAME = r'(?:"(?:[^"]|"")*"|[A-Za-z_\x80-\U0010ffff][\w$]*)'
_CALL = re.compile(rf"(?:({_NAME})\.)?({_NAME})\(")
_NAMES_ONLY = {
    "Alias",
    "CTE Name",
    "Custom Plan Provider",
    "Function Name",
    "Index Name",
    "Node Type",
    "Relation Name",
    "Remote SQL",
    "Schema",
    "Subplan Name",
    "Tuplestore Name",
}
_LOCKS = {"LockRows"}
_WRITES = {"ModifyTable"}

HARMLESS_THOUGH_VOLATILE = ["clock_timestamp", "gen_random_uuid", "random", "random_normal", "timeofday"]
HARMFUL_THOUGH_NOT_VOLATILE = (
    "^(pg_|has_|inet_(client|server)|txid_|to_reg|lo_|ts_(debug|parse|token_type|stat)|(col|obj|shobj)_desc"
    "|current_(schemas|setting)|getpgusername|getdatabaseencoding|row_security_active|version$"
    "|(table|schema|database|query|cursor)_to_xml)"
)
HARMLESS_THOUGH_OF_THE_SYSTEM = ["pg_typeof", "pg_size_pretty"]

FUNCTIONS_SQL = f"""
    SELECT p.proname, n.nspname, p.provolatile = 'v' AND p.proname <> ALL(%s)
      OR n.nspname = 'pg_catalog' AND p.proname ~ '{HARMFUL_THOUGH_NOT_VOLATILE}' AND p.proname <> ALL(%s)
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proname = ANY(%s)"""
"""Name, schema, and whether it may do more than give a value: VOLATILE, or about the server."""


def require_tables(plan: dict[str, Any]) -> None:
    """Raise QueryError where the plan writes, locks, or reads the catalogue."""
    for node in nodes(plan):
        kind = node.get("Node Type")
        if kind in _WRITES:
            raise QueryError("only a SELECT can be run; this statement writes")
        if kind in _LOCKS:
            raise QueryError("only a SELECT can be run; this statement locks rows")
        schema = str(node.get("Schema", ""))
        if "Relation Name" in node and schema.startswith(_SYSTEM_SCHEMAS):
            raise QueryError(f"{schema} belongs to the database itself and cannot be read")


def calls(plan: dict[str, Any]) -> set[tuple[str, str]]:
    """(schema, function) of everything that looks like a call; the schema is '' where it goes without saying.

    >>> sorted(calls({"Output": ["count(*)", "extra.f('g(1)'::text)", "(a + b)"]}))
    [('', 'count'), ('extra', 'f')]
    """
    found = {
        (str(node.get("Schema", "")), str(node["Function Name"]))
        for node in nodes(plan)
        if "Function Name" in node
    }
    for node in nodes(plan):
        for text in _expressions(node):
            for match in _CALL.finditer(_LITERAL.sub("''", text)):
                found.add((_plain(match[1] or ""), _plain(match[2])))
    return found


def require_functions(called: set[tuple[str, str]], known: list[tuple[str, str, bool]]) -> None:
    """Raise QueryError where one of the calls may do more than give a value; `known` is FUNCTIONS_SQL's."""
    for schema, name in sorted(called):
        if any(harmful and one == name and schema in ("", where) for one, where, harmful in known):
            raise QueryError(f"the function {name} cannot be used; it may do more than give a value")


def _expressions(node: dict[str, Any]) -> Iterator[str]:
    for key, value in node.items():
        if key in _NAMES_ONLY or key == "Plans":
            continue
        yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _expressions(value)


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
