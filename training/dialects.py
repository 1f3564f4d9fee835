"""The synthesiser's SQL, which is SQLite's, as another database says it."""

import re
from functools import lru_cache

import sqlglot

from graph.canonical import text_of

_SLOT = re.compile(r"<([vnd]\d[ab]?)>")
_HELD_TEXT, _HELD_NUMBER = re.compile(r"'⟨(\w+)⟩'"), re.compile(r"\b77000(\d)\b")
_GAP = re.compile(r"JULIANDAY\(([^()]+)\) - JULIANDAY\(([^()]+)\)")
_COLUMN = r"(?:CAST\()?(\w+\.(?:\w+|\"[^\"]+\"|`[^`]+`))(?: AS TIMESTAMP\))?"

_GAPS = {
    "postgres": r"EXTRACT(EPOCH FROM CAST(\1 AS TIMESTAMP) - CAST(\2 AS TIMESTAMP)) / 86400.0",
    "duckdb": r"EPOCH(CAST(\1 AS TIMESTAMP) - CAST(\2 AS TIMESTAMP)) / 86400.0",
    "mysql": r"TIMESTAMPDIFF(SECOND, \2, \1) / 86400.0",
}
"""Days from the second to the first, with fractions."""

_FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "postgres": (
        (
            rf"TO_CHAR\({_COLUMN}, 'YYYY'\) \|\| '-Q' \|\| "
            rf"\(\(TO_CHAR\({_COLUMN}, 'MM'\) \+ 2\) / NULLIF\(3, 0\)\)",
            r"""TO_CHAR(CAST(\1 AS TIMESTAMP), 'YYYY"-Q"Q')""",
        ),
        (r"'YYYY-%W'", "'IYYY-IW'"),
        (rf"TO_CHAR\({_COLUMN}, '%w'\)", r"TO_CHAR(CAST(\1 AS TIMESTAMP), 'D')"),
    ),
    "duckdb": (
        (
            rf"STRFTIME\({_COLUMN}, '%Y'\) \|\| '-Q' \|\| "
            rf"\(\(STRFTIME\({_COLUMN}, '%m'\) \+ 2\) / NULLIF\(3, 0\)\)",
            r"STRFTIME(CAST(\1 AS TIMESTAMP), '%Y') || '-Q' || QUARTER(CAST(\1 AS TIMESTAMP))",
        ),
        (
            r"(SELECT (\w+)\.first_name, \2\.last_name\b.*? GROUP BY \2\.\w+)",
            r"\1, \2.first_name, \2.last_name",
        ),
    ),
    "mysql": (
        (
            rf"CONCAT\(DATE_FORMAT\({_COLUMN}, '%Y'\), '-Q', \(DATE_FORMAT\({_COLUMN}, '%m'\) \+ 2\) / 3\)",
            r"CONCAT(YEAR(\1), '-Q', QUARTER(\1))",
        ),
    ),
}


@lru_cache(maxsize=50_000)
def in_dialect(sql: str, dialect: str) -> str:
    """The same statement, with its slots, in the database's dialect; SQLite's stays as it is.

    >>> in_dialect("SELECT STRFTIME('%Y-%m', o.day) FROM orders o WHERE o.n > <n1>", "mysql")
    "SELECT DATE_FORMAT(o.day, '%Y-%m') FROM orders o WHERE o.n > <n1>"
    """
    if dialect == "sqlite":
        return sql
    held = _SLOT.sub(_held, sql)
    text = text_of(sqlglot.parse_one(held, dialect="sqlite"), dialect)
    text = _GAP.sub(_GAPS[dialect], text)
    for form, said in _FORMS[dialect]:
        text = re.sub(form, said, text)
    return _HELD_NUMBER.sub(r"<n\1>", _HELD_TEXT.sub(r"<\1>", text))


def _held(match: re.Match[str]) -> str:
    """A slot as a literal that no question has."""
    name = match[1]
    return f"77000{name[1]}" if name[0] == "n" else f"'⟨{name}⟩'"
