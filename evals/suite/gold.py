"""Gold SQL that stands for several right answers: alternatives split at `;`, choices in braces.

`SELECT {id, name} FROM t` stands for every non-empty choice of the two columns. Groups with the same items
make the same choice. `{}` after GROUP BY or ORDER BY follows the choice made in its SELECT.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from knowledge.errors import SettingsError

MOST_EXPANSIONS = 256


@dataclass(frozen=True)
class Group:
    """One pair of braces: `sql[start:end + 1]`. Without items it follows the choice of others.

    `scope` is the same for groups of one SELECT (not of its sub-queries).
    """

    start: int
    end: int
    items: tuple[str, ...]
    scope: int


def expand(sql: str) -> tuple[str, ...]:
    """Every query that a gold stands for, each once; small choices first.

    >>> expand("SELECT {a, b AS x}, COUNT(*) FROM t GROUP BY {}; SELECT '{1;2}'")[:2]
    ('SELECT a, COUNT(*) FROM t GROUP BY a', 'SELECT b AS x, COUNT(*) FROM t GROUP BY b')
    """
    found = [query for alternative in alternatives(sql) for query in _expansions(alternative)]
    return tuple(dict.fromkeys(found))


def alternatives(sql: str) -> tuple[str, ...]:
    """The text split at semicolons outside quotes and comments; empty pieces are dropped."""
    cuts = [place for place, sign in _signs(sql) if sign == ";"]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(sql)]
    pieces = (sql[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return tuple(piece for piece in pieces if piece)


def groups(sql: str) -> tuple[Group, ...]:
    """The brace groups of one query, in order. Raises SettingsError where braces do not pair."""
    found: list[Group] = []
    scopes, fresh = [0], 1
    opened, cuts, depth = -1, list[int](), 0
    for place, sign in _signs(sql):
        if sign == "{":
            if opened >= 0:
                raise SettingsError("a brace group stands within another; write them one after the other")
            opened, cuts, depth = place, [], len(scopes)
        elif sign == "}":
            if opened < 0 or len(scopes) != depth:
                raise SettingsError("a closing brace has no opening one; remove it or add `{`")
            found.append(Group(opened, place, _items(sql, opened, cuts, place), scopes[-1]))
            opened = -1
        elif sign == "(":
            scopes.append(fresh)
            fresh += 1
        elif sign == ")" and len(scopes) > 1:
            scopes.pop()
        elif sign == "," and opened >= 0 and len(scopes) == depth:
            cuts.append(place)
        elif sign == "set":
            scopes[-1] = fresh
            fresh += 1
    if opened >= 0:
        raise SettingsError("an opening brace has no closing one; add `}`")
    return tuple(found)


_SIGN = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|/\*.*?\*/"""
    r"""|(?P<set>\b(?:UNION|INTERSECT|EXCEPT)\b)|(?P<sign>[{}(),;])""",
    re.IGNORECASE | re.DOTALL,
)
_EMPTY = "\x01"
_CLAUSE = re.compile(r"\b(GROUP|ORDER|PARTITION)\s+BY\b", re.IGNORECASE)
_DIRECTION = re.compile(r"\s+(ASC|DESC)\b", re.IGNORECASE)
_ALIAS = re.compile(r"""\s+AS\s+(\w+|"[^"]*"|`[^`]*`)\s*$""", re.IGNORECASE)
_LEFTOVERS = (
    re.compile(rf"\s*,\s*{_EMPTY}"),
    re.compile(rf"{_EMPTY}\s*,\s*"),
    re.compile(rf"\s*\b(?:GROUP|ORDER|PARTITION)\s+BY\s+{_EMPTY}", re.IGNORECASE),
)


def _signs(sql: str) -> Iterator[tuple[int, str]]:
    """The signs that matter, outside quotes and comments."""
    for match in _SIGN.finditer(sql):
        if match["sign"]:
            yield match.start(), match["sign"]
        elif match["set"]:
            yield match.start(), "set"


def _items(sql: str, start: int, cuts: Sequence[int], end: int) -> tuple[str, ...]:
    bounds = [start, *cuts, end]
    items = tuple(sql[a + 1 : b].strip() for a, b in pairwise(bounds))
    if items == ("",):
        return ()
    if not all(items):
        raise SettingsError("a brace group has an empty item; remove the comma too many")
    return items


def _expansions(sql: str) -> Iterator[str]:
    found = groups(sql)
    distinct = list(dict.fromkeys(group.items for group in found if group.items))
    if found and not distinct:
        raise SettingsError("`{}` follows a choice, but there is none; add a group such as `{id, name}`")
    number = 1
    for items in distinct:
        number *= 2 ** len(items) - 1
    if number > MOST_EXPANSIONS:
        raise SettingsError(
            f"the braces stand for {number} queries, more than {MOST_EXPANSIONS}; write fewer items in braces"
        )
    for choice in product(*(list(_choices(items)) for items in distinct)):
        yield _write(sql, found, dict(zip(distinct, choice, strict=True)))


def _choices(items: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(items) + 1):
        yield from combinations(items, size)


def _write(sql: str, found: Sequence[Group], chosen: dict[tuple[str, ...], tuple[str, ...]]) -> str:
    pieces, at = [], 0
    for index, group in enumerate(found):
        pieces.append(sql[at : group.start])
        at = group.end + 1
        if group.items:
            pieces.append(", ".join(chosen[group.items]))
            continue
        picked = [item for leader in _leaders(found, index) for item in chosen[leader.items]]
        direction = _DIRECTION.match(sql, at)
        at = direction.end() if direction else at
        suffix = f" {direction[1]}" if direction else ""
        names = _followers(picked, _clause(sql, group.start))
        pieces.append(", ".join(name + suffix for name in names) or _EMPTY)
    text = "".join([*pieces, sql[at:]])
    for leftover in _LEFTOVERS:
        text = leftover.sub("", text)
    return text


def _leaders(found: Sequence[Group], index: int) -> list[Group]:
    """The groups that a `{}` follows: those of its own SELECT, else the nearest."""
    own = [group for group in found if group.items and group.scope == found[index].scope]
    before = [group for group in found[:index] if group.items]
    after = [group for group in found[index:] if group.items]
    return own or before[-1:] or after[:1]


def _clause(sql: str, start: int) -> str:
    clauses = _CLAUSE.findall(sql[:start])
    return str(clauses[-1]).upper() if clauses else ""


def _followers(items: Sequence[str], clause: str) -> list[str]:
    """The chosen items as ORDER BY or GROUP BY wants them: the alias there, the bare expression here."""
    if clause == "ORDER":
        return [alias[1] if (alias := _ALIAS.search(item)) else item for item in items]
    return [_ALIAS.sub("", item) for item in items if clause != "GROUP" or not _is_aggregate(item)]


def _is_aggregate(item: str) -> bool:
    """Whether an item is an aggregate or a constant, by which nothing can be grouped."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        tree = sqlglot.parse_one(f"SELECT {item}", into=exp.Select).selects[0].unalias()
    except SqlglotError:
        raise SettingsError(f"`{item}` in braces cannot be read as SQL; mend it") from None
    return isinstance(tree, exp.Literal) or tree.find(exp.AggFunc) is not None
