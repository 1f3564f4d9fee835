"""SQL laid out for reading: a line for each clause."""

CLAUSES = frozenset(
    {"FROM", "WHERE", "GROUP_BY", "HAVING", "ORDER_BY", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WINDOW"}
)
JOINS = frozenset({"JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER"})
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
        tokens = tokenize(sql, read=dialect or None)
    except SqlglotError:
        return sql
    depth, before, cuts = 0, "", [0]
    for token in tokens:
        kind = token.token_type.name
        depth += (kind == "L_PAREN") - (kind == "R_PAREN")
        begins = kind in CLAUSES or (kind in JOINS and before not in JOINS)
        if depth == 0 and (
            begins or (before in {"UNION", "EXCEPT", "INTERSECT", "ALL"} and kind == "SELECT")
        ):
            cuts.append(token.start)
        before = kind
    ends = [*cuts[1:], len(sql)]
    return "\n".join(sql[start:end].strip() for start, end in zip(cuts, ends, strict=True))
