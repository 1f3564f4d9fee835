"""SQL laid out for reading: a line for each clause, and for each part of a long one."""

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

CLAUSES = frozenset(
    {"FROM", "WHERE", "GROUP_BY", "HAVING", "ORDER_BY", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WINDOW"}
)
JOINS = frozenset({"JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER"})
OPENING, CLOSING = frozenset({"L_PAREN", "CASE"}), frozenset({"R_PAREN", "END"})
LONG = 80


def readable(sql: str, dialect: str = "") -> str:
    """The statement with a line for each clause where it is long; as it is where it cannot be read.

    >>> sql = "SELECT name, SUM(amount) AS amount FROM orders JOIN customers USING (id) WHERE (a OR b)"
    >>> print(readable(f"{sql} GROUP BY name"))
    SELECT name, SUM(amount) AS amount
    FROM orders
    JOIN customers USING (id)
    WHERE (a OR b)
    GROUP BY name
    """
    from sqlglot import tokenize
    from sqlglot.errors import SqlglotError

    sql = sql.strip()
    if "\n" in sql or len(sql) <= LONG:
        return sql
    try:
        clauses, parts = _cuts(tokenize(sql, read=dialect or None))
    except SqlglotError:
        return sql
    lines = []
    for start, end in itertools.pairwise([0, *clauses, len(sql)]):
        within = [cut for cut in parts if start < cut < end] if end - start > LONG else []
        pieces = [sql[a:b].strip() for a, b in itertools.pairwise([start, *within, end])]
        lines.append("\n  ".join(pieces))
    return "\n".join(lines)


def _cuts(tokens: "list[Token]") -> tuple[list[int], list[int]]:
    """Where clauses begin, and where within them a condition or a column does; none inside of brackets."""
    clauses: list[int] = []
    parts: list[int] = []
    depth, before, between = 0, "", False
    for token in tokens:
        kind = token.token_type.name
        depth += (kind in OPENING) - (kind in CLOSING)
        if depth == 0 and (
            kind in CLAUSES
            or (kind in JOINS and before not in JOINS)
            or (kind == "SELECT" and before in {"UNION", "EXCEPT", "INTERSECT", "ALL"})
        ):
            clauses.append(token.start)
        elif depth == 0 and (before == "COMMA" or (kind == "AND" and not between)):
            parts.append(token.start)
        if depth == 0:
            between = kind == "BETWEEN" or (between and kind != "AND")
        before = kind
    return clauses, parts
