"""From a log to its patterns: each form of statement is parsed once, however often it ran."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from knowledge.patterns.counts import Patterns
from knowledge.patterns.facts import Facts, facts
from knowledge.patterns.readers import Logged
from knowledge.patterns.template import filled, template
from knowledge.schema import Schema

MOST_FORMS = 200_000
LONGEST = 20_000
TELL = 5_000
_STUMBLES = (SqlglotError, AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError)
_Trouble = str


def mine(
    log: Iterable[Logged], schema: Schema, dialect: str = "", progress: Callable[[int], None] | None = None
) -> Patterns:
    """Count what the statements do. `dialect` is that of the log, the schema's where it is empty.

    Statements that are no SELECT, or cannot be parsed, or read none of the schema's tables are counted under
    `troubles`.
    """
    found = Patterns(schema.fingerprint)
    examples: dict[str, str] = {}
    read = lru_cache(MOST_FORMS)(lambda text: _facts(text, schema, dialect or schema.dialect))
    for number, logged in enumerate(log, 1):
        found.read += logged.calls
        text, literals = template(logged.sql[:LONGEST])
        seen = read(text)
        if isinstance(seen, _Trouble):
            example = examples.setdefault(seen, " ".join(logged.sql.split())[:200])
            found.troubles[seen, example] += logged.calls
        else:
            _count(found, seen, text, literals, logged.calls)
        if progress is not None and number % TELL == 0:
            progress(number)
    found.troubles = _kept(found.troubles)
    return found


def _facts(text: str, schema: Schema, dialect: str) -> Facts | _Trouble:
    try:
        tree = sqlglot.parse_one(text, dialect=dialect)
    except _STUMBLES as error:
        return f"is no {dialect} that can be parsed ({_reason(error)})"
    if isinstance(tree, exp.Create | exp.Insert) and isinstance(tree.expression, exp.Query):
        tree = tree.expression
    if not isinstance(tree, exp.Query):
        return f"is no query but {tree.key.upper()}"
    try:
        seen = facts(tree, schema)
    except _STUMBLES as error:
        return f"cannot be read ({_reason(error)})"
    if not seen.tables:
        unknown = sorted(seen.unknown)
        return f"reads no table of the schema but {', '.join(unknown[:3])}" if unknown else "reads no table"
    return seen


def _reason(error: BaseException) -> str:
    details = getattr(error, "errors", None) or [{}]
    return str(details[0].get("description") or error).splitlines()[0].strip().rstrip(".")[:100]


def _count(found: Patterns, seen: Facts, text: str, literals: list[str], calls: int) -> None:
    found.understood += calls
    for sql, said in seen.measures:
        found.measures[filled(sql, literals), said] += calls
    for name in ("joins", "groups", "grains", "named", "windows", "forms"):
        for item in getattr(seen, name):
            getattr(found, name)[item] += calls
    for table in seen.tables:
        found.with_tables[table] += calls
    for one in seen.filters:
        values = ", ".join(literals[at] for at in one.literals if at < len(literals))
        found.filters[one.table, one.column, one.sign][values] += calls
    if text in found.templates or len(found.templates) < MOST_FORMS:
        found.templates[text] += calls


def _kept(troubles: Counter[tuple[str, str]], most: int = 100) -> Counter[tuple[str, str]]:
    return Counter(dict(troubles.most_common(most)))
