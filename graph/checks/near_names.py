"""Which real name a wrong one may mean: by its letters, by its words, by what the team calls it."""

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from graph.checks.finding import CheckContext
from knowledge.words import key

NEAR, SURE, APART = 70.0, 85.0, 10.0
MOST = 3
_CALLED_SO = 95.0
"""What a name of the glossary, or the same words in another order, is worth beside the letters' 0 to 100."""

_SHORT = {
    "acct": "account", "addr": "address", "amt": "amount", "avg": "average", "cat": "category",
    "cnt": "count", "cust": "customer", "dept": "department", "desc": "description",
    "dob": "birth date", "dt": "date", "emp": "employee", "inv": "invoice", "loc": "location",
    "mgr": "manager", "nbr": "number", "no": "number", "num": "number", "ord": "order",
    "pct": "percent", "prod": "product", "qty": "quantity", "ref": "reference", "seg": "segment",
    "stat": "status", "tel": "phone", "tot": "total", "ts": "time", "val": "value",
}  # fmt: skip

Ways = Mapping[str, frozenset[str]]
"""Real name -> the keys of what the team calls it."""


def near_names(name: str, known: Iterable[str], ways: Ways | None = None) -> list[str]:
    """Known names that `name` may mean, the best first."""
    return [found for found, score in _ranked(name, known, ways or {})[:MOST] if score >= NEAR]


def only_near(name: str, known: Iterable[str], ways: Ways | None = None) -> str | None:
    """The one that `name` surely means; None where none or another is near as well.

    >>> only_near("order_dates", ["order_date", "ship_date"]), only_near("dt_order", ["order_date"])
    ('order_date', 'order_date')
    """
    found = _ranked(name, known, ways or {})
    if not found or found[0][1] < SURE:
        return None
    return found[0][0] if len(found) == 1 or found[0][1] - found[1][1] >= APART else None


def ways_of(context: CheckContext, tables: Iterable[str]) -> dict[str, frozenset[str]]:
    """What the glossary calls the columns of these tables, by column; the table's own name may lead it."""
    ways: dict[str, set[str]] = {}
    for table in tables:
        for column in context.schema.by_name[table].columns:
            ways.setdefault(column.name, set()).add(_key(f"{key(table)} {column.name}"))
        for term in context.terms:
            for full_name in (term.column, term.date):
                owner, _, column_name = full_name.rpartition(".")
                if owner == table and not term.values:
                    ways.setdefault(column_name, set()).update(key(name) for name in term.names)
    return {name: frozenset(found) for name, found in ways.items()}


def table_ways(context: CheckContext) -> dict[str, frozenset[str]]:
    """What the glossary calls the tables."""
    ways: dict[str, set[str]] = {}
    for term in context.terms:
        if term.table:
            ways.setdefault(term.table, set()).update(key(name) for name in term.names)
    return {name: frozenset(found) for name, found in ways.items()}


def _ranked(name: str, known: Iterable[str], ways: Ways) -> list[tuple[str, float]]:
    letters = process.extract(name.lower(), {n: n.lower() for n in known}, scorer=fuzz.ratio, limit=None)
    meant = _key(name)
    scored = [(found, max(score, _by_words(meant, found, ways))) for _, score, found in letters]
    return sorted(scored, key=lambda one: -one[1])


def _by_words(meant: str, name: str, ways: Ways) -> float:
    called = ways.get(name, frozenset())
    if meant in called or sorted(meant.split()) == sorted(_key(name).split()):
        return _CALLED_SO
    return 0.0


def _key(name: str) -> str:
    words = key(name.replace("_", " ")).split()
    return key(" ".join(_SHORT.get(word, word) for word in words))


def hint(near: list[str]) -> str:
    return f"perhaps {' or '.join(near)}" if near else "use a name from the schema"
