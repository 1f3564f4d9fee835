"""The same read-only SELECT as GBNF, the grammars of llama.cpp: for where llguidance cannot be had.

It is translated from the Lark grammar, rule by rule. GBNF has no terminals and does not subtract: what is no
keyword is written out as a tree. And as a server follows no scopes, a part of them is put into the rules. A
SELECT that reads tables alone is closed: it names columns of the schema and nothing else. One that reads a
derived table is open: any name may be a column. Only after WITH may FROM name what is no table. What stays
out of reach: which table a column is of, how many columns there are, and where an aggregate may stand.

llama.cpp tries the last alternative first, and is quick where that one takes most words: names stand last.
"""

import json
import re
from collections.abc import Callable, Sequence

from graph.constraint.gbnf_words import name_but, pattern, quoted, rest_of_name, spelled
from graph.constraint.grammar import lark
from graph.constraint.names import QUOTES, Names, is_plain, written
from graph.constraint.terminals import LIKE_TABLES
from graph.constraint.words import reserved

CLOSED, OPEN, WITH = "c", "f", "w"
"""How names are taken, as the suffix of a rule: columns alone; any; any, and in FROM too."""

LONGEST = {True: 31, False: 63}
"""Characters of a name that a query gives itself, by whether keywords and aliases are fixed."""

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|/(?:\\.|[^/\\])+/|[A-Za-z_][A-Za-z_0-9]*|\s+|.')
_WORDS = re.compile(r'"(?:\\.|[^"\\])*"(?:\s*\|\s*"(?:\\.|[^"\\])*")*')


def gbnf(names: Names, *, slots: Sequence[str] = (), start: str = "query") -> str:
    """The grammar's text; `start` is the body of its first rule, as in Lark."""
    text = lark(names, slots=slots, start=start).replace("QUALIFIED | BARE | ", "")
    text = re.sub(r"^(operand: .*)$", r"\1 | NAMED", text, flags=re.MULTILINE)
    rules = dict(line.split(": ", 1) for line in text.splitlines() if line.strip())
    made = _Translation(rules, _names(names, bool(slots))).lines()
    return "\n".join(f"{name} ::= {body}" for name, body in made.items()) + "\n"


class _Translation:
    """Of the rules that `start` leads to. Those of `own` are GBNF already."""

    def __init__(self, rules: dict[str, str], own: dict[str, str]) -> None:
        self._rules = rules
        self._own = own
        self._moded = _reaching(rules, {"query", "NAMED"})
        self._waiting: list[tuple[str, str]] = []

    def lines(self) -> dict[str, str]:
        made = {"root": self._said(self._rules["start"], CLOSED)}
        while self._waiting:
            name, mode = self._waiting.pop()
            rule = self._rule(name, mode)
            if rule not in made and rule not in self._own:
                made[rule] = self._body(name, mode)
        return made | self._own

    def _body(self, name: str, mode: str) -> str:
        special: dict[str, Callable[[str], str]] = {
            "query": self._query,
            "body": lambda mode: self._said(self._rules["body"], mode, then="(s ORDER_BY"),
            "select": self._select,
            "from": lambda mode: self._said(self._rules["from"], mode, then="(s GROUP_BY"),
            "relation": self._relation,
        }
        return special[name](mode) if name in special else self._said(self._rules[name], mode)

    def _query(self, mode: str) -> str:
        first, further, body = (self._ref("cte", mode), self._ref("cte", WITH), self._ref("body", WITH))
        return f'{self._ref("WITH")} s {first} (o "," o {further})* s {body} | {self._ref("body", mode)}'

    def _select(self, mode: str) -> str:
        """A closed one, or else one of an open list and FROM, which reads a derived table somewhere."""
        select = self._rules["select"]
        if mode != CLOSED:
            return self._said(select, mode)
        reads, _, left = self._rules["from"].partition(" (s join)*")
        assert reads == "relation"
        join = self._rules["join"]
        derived = self._relations(OPEN)[-1]
        plain = self._said(join.replace("relation", "table"), OPEN)
        opening = self._said(join, OPEN).replace(self._ref("relation", OPEN), f"({derived})")
        joins = f"(s {self._ref('join', OPEN)})*"
        sources = f"({derived} | {self._ref('table')} (s ({plain}))* s ({opening})) {joins}"
        head = select.removesuffix("(s FROM s from)?")
        return (
            f"{self._said(head, OPEN)} s {self._ref('FROM')} s {sources} {self._said(left, OPEN)}"
            f" | {self._said(select, CLOSED)}"
        )

    def _relation(self, mode: str) -> str:
        kinds = self._relations(mode)
        return " | ".join({CLOSED: kinds[:1], OPEN: kinds[::2], WITH: kinds}[mode])

    def _relations(self, mode: str) -> list[str]:
        """A table, a common table expression, a derived table; this sees nothing of what is around it."""
        inner = WITH if mode == WITH else CLOSED
        return [self._said(kind, inner) for kind in self._rules["relation"].split(" | ")]

    def _said(self, body: str, mode: str, then: str = "") -> str:
        """The body in GBNF; in a closed SELECT from `then` on its own columns' names may stand too."""
        if _WORDS.fullmatch(body.strip()):
            return spelled(json.loads(token) for token in _TOKEN.findall(body) if token[0] == '"')
        if then and mode == CLOSED and then in body:
            head, tail = body.split(then, 1)
            return self._said(head, mode) + self._said(then + tail, OPEN)
        return "".join(self._token(token, mode) for token in _TOKEN.findall(body)).strip()

    def _token(self, token: str, mode: str) -> str:
        if token[0] == '"':
            return quoted(json.loads(token))
        if token[0] == "/" and len(token) > 1:
            return pattern(token[1:-1])
        return self._ref(token, mode) if token[0].isalpha() else token

    def _ref(self, name: str, mode: str = "") -> str:
        self._waiting.append((name, mode))
        return self._rule(name, mode)

    def _rule(self, name: str, mode: str) -> str:
        return name.replace("_", "-") + (f"-{mode}" if name in self._moded else "")


def _reaching(rules: dict[str, str], names: set[str]) -> set[str]:
    """These and every rule that leads to one of them."""
    uses = {name: set(_TOKEN.findall(body)) for name, body in rules.items() if name != "start"}
    while found := {name for name, used in uses.items() if used & names and name not in names}:
        names = names | found
    return names


def _names(names: Names, fixed: bool) -> dict[str, str]:
    """What may be a name. Those of the schema, and the aliases of its tables, are apart from all others."""
    words = reserved(names.dialect)
    owners = {table: _owners(table, names) - words for table in names.tables}
    tables = {table.lower() for table in names.tables if is_plain(table, words)}
    own = set().union(*owners.values())
    columns = {column: written(column, names.dialect) for column in names.all_columns}
    quote = quoted(QUOTES[names.dialect])
    odd = spelled(column for column in columns.values() if column[0] == QUOTES[names.dialect])
    given = "" if fixed else f"{quote} [A-Za-z] [A-Za-z0-9 _%().&+-]{{0,62}} {quote}"

    def said(these: set[str]) -> str:
        return spelled(these, in_any_case=not fixed)

    behind = [(found, [columns[c] for c in names.columns[table]]) for table, found in owners.items() if found]
    if fixed:
        owned = [f'({said(found)}) "." ({spelled(offered)})' for found, offered in behind]
        free, closed = [said(own), *owned], ["COLUMN", *owned]
    else:
        like = own & set(LIKE_TABLES)
        free = [f'({said(like)}) "." OUTPUT' if like else "", f'({said(own)}) ("." COLUMN)?' if own else ""]
        closed = ["COLUMN", 'PLAIN "." COLUMN']
    return {
        **rest_of_name(fixed, LONGEST[fixed]),
        "OTHER": name_but(words | own, fixed, LONGEST[fixed]),
        "PLAIN": _any(said(own), "OTHER"),
        "COLUMN": spelled(columns.values()),
        "OUTPUT": _any(odd, given, "PLAIN"),
        "CTE": _any(said(own - tables), "OTHER"),
        "ALIAS": "OTHER" if fixed else "PLAIN",
        "STARRED": 'PLAIN ".*"',
        f"NAMED-{CLOSED}": _any(*closed),
        f"NAMED-{OPEN}": _any(odd, given, *free, 'OTHER ("." OUTPUT)?'),
        f"NAMED-{WITH}": f"NAMED-{OPEN}",
        "WS": '" "' if fixed else r"[ \n] [ \t]{0,32}",
    }


def _owners(table: str, names: Names) -> set[str]:
    """What stands before the dot of a table's columns, in small letters: its aliases and its name."""
    alias = names.aliases[table]
    return {alias, *(alias + digit for digit in names.digits[table])} | (
        {table.lower()} if is_plain(table, frozenset()) else set()
    )


def _any(*parts: str) -> str:
    return " | ".join(part for part in parts if part)
