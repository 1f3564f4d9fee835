"""What stands in a statement, in DuckDB's own reading of it: its parser gives the syntax tree as JSON."""

import json
from collections.abc import Iterator
from typing import Any

from knowledge.errors import QueryError

SYSTEM = {"information_schema", "pg_catalog", "system", "temp"}
TABLE_FUNCTIONS = {"generate_series", "json_each", "json_tree", "range", "repeat", "unnest"}
HARMLESS_THOUGH_VOLATILE = {"gen_random_uuid", "random", "uuid", "uuidv4", "uuidv7"}
_ABOUT_THE_SYSTEM = {
    "col_description", "current_query", "current_role", "current_setting", "current_user", "get_block_size",
    "getenv", "getvariable", "in_search_path", "json_deserialize_sql", "json_execute_serialized_sql",
    "json_serialize_plan", "json_serialize_sql", "obj_description", "parse_duckdb_log_message",
    "session_user", "shobj_description", "txid_current", "user",
}  # fmt: skip
_OF_THE_SYSTEM = ("pg_", "has_", "inet_", "duckdb_", "__")
_AND_YET_HARMLESS = {"pg_typeof", "pg_size_pretty", "__between", "__cast"}
_AMPLIFIERS = {"repeat", "lpad", "rpad", "list_resize", "array_resize"}
_LISTS = {"generate_series", "range"}
LONGEST_TEXT = 2**20
MOST_MEMBERS = 10_000_000

FUNCTIONS_SQL = """
    SELECT function_name, bool_or(coalesce(has_side_effects, false)), bool_or(function_type LIKE '%table%')
    FROM duckdb_functions() WHERE internal AND function_type <> 'pragma' GROUP BY function_name"""
VIEWS_SQL = "SELECT view_name FROM duckdb_views() WHERE internal AND schema_name <> 'information_schema'"


class Known:
    """What DuckDB says of its own functions and views; read once a connection."""

    def __init__(self, functions: list[tuple[str, bool, bool]], views: list[tuple[str]]) -> None:
        self.views = frozenset(name.lower() for (name,) in views)
        self.harmless = frozenset(
            name.lower() for name, volatile, _ in functions if not volatile and not _is_about_system(name)
        ) | frozenset(HARMLESS_THOUGH_VOLATILE)


def require_harmless(told: str, known: Known) -> None:
    """Raise QueryError where the tree, as `json_serialize_sql` tells it, has a part that may not run."""
    tree = json.loads(told)
    if tree.get("error"):
        if tree.get("error_type") == "parser":
            raise QueryError(f"Parser Error: {tree.get('error_message')}")
        raise QueryError("only one SELECT can be run")
    streamed: set[int] = set()
    for node in _nodes(tree):
        kind = node.get("type")
        if kind == "SHOW_REF":
            raise QueryError("the catalogue of the database cannot be read")
        if kind == "BASE_TABLE":
            _require_table(node, known)
        elif kind == "TABLE_FUNCTION":
            _require_table_function(node)
            streamed.add(id(node.get("function")))
        elif "function_name" in node and id(node) not in streamed:
            _require_function(node, known)


def _require_table(node: dict[str, Any], known: Known) -> None:
    spaces = {str(node.get(key) or "").lower() for key in ("catalog_name", "schema_name")}
    name = str(node.get("table_name") or "").lower()
    if spaces & SYSTEM or name in known.views:
        raise QueryError(f"{name} belongs to the catalogue of the database, which cannot be read")


def _require_table_function(node: dict[str, Any]) -> None:
    name = _name(node.get("function") or {})
    if name not in TABLE_FUNCTIONS:
        raise QueryError(f"the function {name} cannot be used; only tables can be read")


def _require_function(node: dict[str, Any], known: Known) -> None:
    name = _name(node)
    if name not in known.harmless and name not in TABLE_FUNCTIONS:
        raise QueryError(f"the function {name} cannot be used; it may do more than give a value")
    if name in _LISTS and _members(node) > MOST_MEMBERS:
        raise QueryError(f"the function {name} makes lists that are too long; give it fewer members")
    if name in _AMPLIFIERS and not 0 <= length(node) <= LONGEST_TEXT:
        raise QueryError(f"the function {name} makes values that are too long; give it a smaller number")


def length(node: dict[str, Any]) -> float:
    """The most characters of a text that constants make; one whose length hangs on data counts as 100.

    A count that is no constant makes it endless.
    """
    literal = node.get("literal")
    if isinstance(literal, dict):
        return len(str(literal.get("text") or literal.get("value") or ""))
    value = node.get("value")
    if node.get("class") == "CONSTANT" and isinstance(value, dict):
        return len(str(value.get("value") or ""))
    given = [_argument(one) for one in node.get("arguments") or node.get("children") or ()]
    name = _name(node)
    if name in _AMPLIFIERS and len(given) > 1:
        count = _number(given[1])
        each = length(given[0]) if name == "repeat" else 1
        return float("inf") if count is None else each * max(count, 0)
    if given:
        return max(100.0, sum(length(one) for one in given))
    return 100.0


def _members(node: dict[str, Any]) -> float:
    """How many members a list has whose bounds are constants; 1 where they hang on data."""
    given = [_number(_argument(one)) for one in node.get("arguments") or node.get("children") or ()]
    if not given or any(number is None for number in given):
        return 1.0
    low, high, step = [0.0, given[0], 1.0] if len(given) == 1 else [*given, 1.0][:3]
    return abs((high or 0.0) - (low or 0.0)) / max(abs(step or 1.0), 1e-9)


def _number(node: dict[str, Any]) -> float | None:
    literal = node.get("literal") or node.get("value")
    if not isinstance(literal, dict):
        return None
    try:
        return float(literal.get("text", literal.get("value")))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _argument(node: dict[str, Any]) -> dict[str, Any]:
    inner = node.get("expression")
    return inner if isinstance(inner, dict) else node


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            yield node
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)


def _name(node: dict[str, Any]) -> str:
    return str(node.get("function_name") or "").lower()


def _is_about_system(name: str) -> bool:
    told = name.lower()
    if told in _AND_YET_HARMLESS:
        return False
    return told.startswith(_OF_THE_SYSTEM) or told in _ABOUT_THE_SYSTEM
