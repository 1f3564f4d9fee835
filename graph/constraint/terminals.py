"""The words of the grammar: what a name, a keyword or a literal looks like, by dialect."""

import json
import re
from collections.abc import Callable, Iterable, Sequence

from graph.constraint.names import QUOTES, Names, written
from graph.constraint.words import (
    GROUPED,
    PARTS,
    SIZED,
    STAMPED,
    TYPES,
    WITHIN,
    functions,
    reserved,
    window_functions,
)

LIKE_TABLES = ("q", "sub", "t", "x")
"""Names that people give a derived table, whatever table has them as its alias."""

_KEYWORDS = (
    *(
        "ALL",
        "AND",
        "AS",
        "ASC",
        "CASE",
        "DESC",
        "DISTINCT",
        "ELSE",
        "END",
        "ESCAPE",
        "EXISTS",
        "FILTER",
        "FROM",
    ),
    *("GROUP BY", "HAVING", "LIMIT", "NOT", "OFFSET", "ON", "OR", "ORDER BY", "OVER", "PARTITION BY"),
    *("SELECT", "THEN", "UNION", "USING", "WHEN", "WHERE", "WITH"),
)
_GROUPS = {
    "SET_OPERATION": ("UNION", "EXCEPT", "INTERSECT"),
    "CROSS_JOIN": ("CROSS JOIN",),
    "IS_NULL": ("IS NULL", "IS NOT NULL"),
    "IN": ("IN", "NOT IN"),
    "BETWEEN": ("BETWEEN", "NOT BETWEEN"),
    "CONSTANT": ("NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIMESTAMP"),
    "COUNT_ALL": ("COUNT(*)",),
}
_JOINS = ("JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN")
_FULL = ("FULL JOIN", "FULL OUTER JOIN")
_DIALECT_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        "JOIN": _JOINS,
        "LIKE": ("LIKE", "NOT LIKE", "GLOB"),
        "CAST": ("CAST(",),
        "NULLS": ("NULLS FIRST", "NULLS LAST"),
    },
    "postgres": {
        "JOIN": (*_JOINS, "RIGHT JOIN", *_FULL),
        "LIKE": ("LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE"),
        "CAST": ("CAST(",),
        "NULLS": ("NULLS FIRST", "NULLS LAST"),
        "WITHIN_GROUP": ("WITHIN GROUP",),
        "AT_TIME_ZONE": ("AT TIME ZONE",),
    },
    "mysql": {
        "JOIN": (*_JOINS, "RIGHT JOIN"),
        "LIKE": ("LIKE", "NOT LIKE", "REGEXP"),
        "CAST": ("CAST(",),
        "SEPARATOR": ("SEPARATOR",),
    },
    "duckdb": {
        "JOIN": (*_JOINS, "RIGHT JOIN", *_FULL),
        "LIKE": ("LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE"),
        "CAST": ("CAST(", "TRY_CAST("),
        "NULLS": ("NULLS FIRST", "NULLS LAST"),
        "WITHIN_GROUP": ("WITHIN GROUP",),
        "AT_TIME_ZONE": ("AT TIME ZONE",),
        "QUALIFY": ("QUALIFY",),
    },
}
_FRAME = (
    "(ROWS|RANGE) BETWEEN UNBOUNDED PRECEDING AND (CURRENT ROW|UNBOUNDED FOLLOWING)"
    "|ROWS BETWEEN [1-9][0-9]{0,2} PRECEDING AND (CURRENT ROW|[1-9][0-9]{0,2} FOLLOWING)"
    "|ROWS UNBOUNDED PRECEDING"
)
_DAY = "'[0-9]{4}-[01][0-9]-[0-3][0-9]( [0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)?'"
_SPAN = "'[0-9]{1,4} (second|minute|hour|day|week|month|year)s?'"


def table_rules(names: Names, fixed: bool) -> list[str]:
    """The rule `table`: each with its own alias where these are fixed, else with any."""
    if not fixed:
        return ["table: TABLE alias?", f"TABLE: {_any(_spelled(table, names) for table in names.tables)}"]
    lines = ["table: " + " | ".join(f"table_{place}" for place in range(len(names.tables)))]
    for place, table in enumerate(names.tables):
        lines.append(f"table_{place}: {_spelled(table, names)} ((s AS)? s ALIAS_{place})?")
        lines.append(f"ALIAS_{place}: /{_alias(table, names)}/")
    return lines


def function_rules(dialect: str, ordered: str) -> list[str]:
    """The rules `called` and `windowed`: each function with as many arguments as it takes."""
    called = [
        f'FUNCTION_{place} o {_arguments(arity, ordered)} ")"'
        for place, arity in enumerate(functions(dialect))
    ]
    windowed = [
        f'WINDOW_{place} o {_arguments(arity, "")} ")"' for place, arity in enumerate(window_functions())
    ]
    return [f"called: {_any(called)}", f"windowed: {_any(windowed)}"]


def _arguments(arity: str, ordered: str) -> str:
    """
    >>> _arguments("2-3", "")
    '(expr o "," o expr (o "," o expr)?) o'
    """
    least, _, most = arity.rstrip("+").partition("-")
    if least == "0":
        return ""
    further = int(most) - int(least) if most else 0
    text = ' o "," o '.join(["expr"] * int(least)) + ' (o "," o expr)*' * arity.endswith("+")
    text += ' (o "," o expr' * further + ")?" * further
    distinct = "(DISTINCT s)? " if least == "1" else ""
    return f"{distinct}({text}) {ordered} o".replace("  ", " ")


def name_terminals(names: Names, fixed: bool) -> list[str]:
    """Columns behind the alias or name of a table, and names that a query gives itself.

    Where aliases are not fixed, a table's usual alias may stand for another table too; `scope` knows which.
    """
    quote = QUOTES[names.dialect]
    owners = [f"{_alias(table, names)}|{re.escape(table)}" for table in names.tables]
    owned = f"(?i:{'|'.join(owners)})"
    shape = "[a-z][a-z0-9_]{0,30}" if fixed else "[A-Za-z][A-Za-z0-9_]{0,62}"
    quoted = f" | /{quote}[A-Za-z][A-Za-z0-9 _%().&+-]{{0,62}}{quote}/"
    if fixed:
        tables = [
            f'/{owner}/ "." ({_any(_spelled(column, names) for column in names.columns[table])})'
            for owner, table in zip(owners, names.tables, strict=True)
        ]
    else:
        tables = [f'/{owned}/ "." COLUMN', f'/{"|".join(LIKE_TABLES)}/ "." OUTPUT']
    return [
        f"PLAIN: /{shape}/ & ~/(?i:{'|'.join(sorted(reserved(names.dialect)))})/",
        f"OTHER: PLAIN & ~/{owned}/",
        f"COLUMN: {_any(_spelled(column, names) for column in names.all_columns)}",
        f"OUTPUT: PLAIN | COLUMN{'' if fixed else quoted}",
        "BARE: OUTPUT",
        f"CTE: PLAIN & ~/(?i:{'|'.join(map(re.escape, names.tables))})/",
        f"ALIAS: {'OTHER' if fixed else 'PLAIN'}",
        f'QUALIFIED: {" | ".join(tables)} | OTHER "." OUTPUT',
        f'STARRED: (/{owned}/ | OTHER) ".*"',
    ]


def literals(dialect: str, fixed: bool) -> list[str]:
    inside = r"[^'\\\x00-\x1f]" if dialect == "mysql" else r"[^'\x00-\x1f]"
    lines = [
        f"STRING: /'({inside}|'')*'/",
        r"NUMBER: /[0-9]{1,15}(\.[0-9]{1,10})?/",
        r"NEGATIVE: /-[0-9]{1,15}(\.[0-9]{1,10})?/",
        "WHOLE: /[0-9]{1,9}/",
        'COMPARE: "=" | "<>" | "!=" | "<" | "<=" | ">" | ">="',
        f"ARITHMETIC: /[-+*\\/%]{'' if dialect == 'mysql' else '|[|][|]'}/",
        'WS: " "' if fixed else r"WS: / {1,8}|( ?\n){1,2}[ \t]{0,32}/",
    ]
    if dialect != "duckdb":
        lines.append('JSON: "->" | "->>"')
    if dialect != "sqlite":
        lines += [f"DAY: /{_DAY}/", f"SPAN: /{_SPAN}/"]
    return lines


def words(dialect: str, fixed: bool) -> list[str]:
    """Terminals of keywords and functions: capitals, or where `fixed` is not set small letters too."""

    def any_case(said: Iterable[str]) -> str:
        both = (word for one in said for word in ((one,) if fixed else (one, one.lower())))
        return _any(json.dumps(word) for word in dict.fromkeys(both))

    def opened(called: Iterable[str]) -> str:
        return any_case(f"{name.upper()}(" for name in called)

    groups: dict[str, tuple[str, ...]] = {word.replace(" ", "_"): (word,) for word in _KEYWORDS}
    groups |= {**_GROUPS, **_DIALECT_GROUPS[dialect]}
    groups["TYPE"] = _types(dialect)
    lines = [f"{name}: {any_case(said)}" for name, said in groups.items()]
    for kind, listed in (("FUNCTION", functions(dialect)), ("WINDOW", window_functions())):
        lines += [f"{kind}_{place}: {opened(called)}" for place, called in enumerate(listed.values())]
    lines.append(f"FRAME: /{_FRAME}/" if fixed else f"FRAME: /{_FRAME}/ | /{_lower(_FRAME)}/")
    if dialect != "sqlite":
        lines += _dated(dialect, any_case)
    if dialect == "mysql":
        lines += [f"GROUPED: {opened(GROUPED)}", f"STAMPED: {opened(STAMPED)}"]
    if dialect in WITHIN:
        lines.append(f"WITHIN: {opened(WITHIN[dialect])}")
    return lines


def _dated(dialect: str, any_case: Callable[[Iterable[str]], str]) -> list[str]:
    return [
        f"EXTRACT: {any_case(['EXTRACT('])}",
        f"PART: {any_case(PARTS[dialect])}",
        f"INTERVAL: {any_case(['INTERVAL'])}",
        f"DATED: {any_case(['DATE', 'TIMESTAMP'])}",
    ]


def _types(dialect: str) -> tuple[str, ...]:
    sized = [f"{kind}({size})" for kind in TYPES[dialect] if kind in SIZED for size in _sizes(kind)]
    return (*TYPES[dialect], *sized)


def _sizes(kind: str) -> Sequence[str]:
    return ("10", "20", "50", "255") if kind in ("CHAR", "VARCHAR") else ("10, 2", "12, 2", "18, 2", "18, 4")


def _alias(table: str, names: Names) -> str:
    """The table's alias, with a digit for a table joined with itself, as a regular expression."""
    digits = names.digits[table]
    return names.aliases[table] + (f"[{digits}]?" if digits else "")


def _spelled(name: str, names: Names) -> str:
    return json.dumps(written(name, names.dialect))


def _lower(pattern: str) -> str:
    return pattern.lower()


def _any(parts: Iterable[str]) -> str:
    return " | ".join(parts)
