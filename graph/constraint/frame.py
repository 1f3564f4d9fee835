"""One SELECT while it is being written: what it reads, what it has named, what it still owes."""

from collections.abc import Iterator
from dataclasses import dataclass

Offers = frozenset[str] | None
"""The column names that a source offers, in lower case; None where they cannot be told."""

Need = tuple[str, str]
"""A column that was named before its table: qualifier (empty where there was none) and column."""

LIST, RELATION, ALIAS, ON, AFTER, WITH, BEFORE = "list", "relation", "alias", "on", "after", "with", "before"
"""Where in a SELECT the text stands: its list, a table of FROM, what follows that table, a join's condition,
the clauses after FROM, the common table expressions before it, and before its first word."""


@dataclass
class Frame:
    """`use` says what it is for: 'top', 'cte', 'derived' (in FROM) or 'expr' (it sees the SELECT around it).

    `brackets` are those open within, by kind; `word` and `qualifier` wait for what comes next.
    `expected` is how many columns it must have, `wanted` which names must be among them, `section` the word
    that opened the clause after FROM, `summed` the places of the items that hold an aggregate. `calls`: the
    bracket that opens next is a function's; `called`: the one that closed last was.
    """

    use: str
    clause: str = BEFORE
    expected: int | None = None
    wanted: frozenset[str] = frozenset()
    ctes: tuple[tuple[str, Offers], ...] = ()
    cte: str = ""
    cte_columns: frozenset[str] = frozenset()
    sources: tuple[tuple[str, Offers], ...] = ()
    source: str = ""
    offers: Offers = None
    aliased: bool = False
    joined: bool = False
    by_using: bool = False
    derived_first: bool = False
    needs: frozenset[Need] = frozenset()
    outputs: tuple[str, ...] = ()
    first: tuple[str, ...] | None = None
    stars: tuple[str, ...] = ()
    items: int = 0
    item: str = ""
    item_length: int = 0
    brackets: tuple[str, ...] = ()
    operand: bool = False
    before: str = ""
    word: str = ""
    qualifier: str = ""
    section: str = ""
    sums_up: bool = False
    is_named: bool = False
    calls: bool = False
    called: bool = False
    summed: frozenset[int] = frozenset()

    def copy(self) -> "Frame":
        made = object.__new__(Frame)
        made.__dict__.update(self.__dict__)
        return made

    @property
    def names_outputs(self) -> bool:
        """Whether the names of its own columns may be used here."""
        return self.section in ("GROUP", "HAVING", "ORDER", "QUALIFY")

    @property
    def full(self) -> bool:
        """Whether its list has all the columns that it may have."""
        return self.expected is not None and not self.stars and self.items + 1 >= self.expected

    @property
    def short(self) -> bool:
        """Whether its list lacks columns or names."""
        if self.expected is not None and not self.stars and self.items + 1 < self.expected:
            return True
        return bool(self.wanted) and not self.stars and not self.wanted <= {*self.outputs, self.item}

    @property
    def is_naming(self) -> bool:
        """Whether the name of a column is due."""
        return self.before == "AS" and self.clause == LIST and not self.brackets

    @property
    def takes_aggregates(self) -> bool:
        return self.clause in (LIST, AFTER) and self.section not in ("WHERE", "GROUP")

    def takes_ordinal(self, number: str) -> bool:
        """Whether a number may stand here: GROUP BY 3 and ORDER BY 3 mean the third column."""
        if self.brackets or not self.names_outputs or self.before not in ("BY", ",") or self.stars:
            return True
        if not number.isdigit():
            return True
        return 1 <= int(number) <= self.items and not (self.section == "GROUP" and int(number) in self.summed)

    def grow(self, name: str = "") -> None:
        """One more part of a list's item; an item that is a single column has its name."""
        if self.clause == LIST and not self.brackets:
            self.item = "" if self.item_length else name
            self.item_length += 1

    def name_item(self, name: str) -> None:
        self.item, self.is_named, self.operand = name, True, False

    def end_item(self) -> None:
        if self.item:
            self.outputs = (*self.outputs, self.item)
        self.items += 1
        if self.sums_up:
            self.summed |= {self.items}
        self.item, self.item_length, self.sums_up, self.is_named = "", 0, False, False

    def next_select(self) -> None:
        """After a set operation: the names are those of the first SELECT, the columns as many."""
        if self.first is None:
            self.first = self.outputs
            self.expected = None if self.stars else self.items
        self.clause, self.sources, self.needs = BEFORE, (), frozenset()
        self.outputs, self.stars, self.items, self.wanted = (), (), 0, frozenset()
        self.derived_first, self.section, self.summed = False, "", frozenset()

    def offered(self) -> frozenset[str]:
        """The names of its columns, for the query around it; what has no name cannot be named."""
        if self.first is not None:
            return frozenset(self.first)
        names = set(self.outputs)
        for star in self.stars:
            for alias, offers in self.sources:
                if star in ("", alias):
                    names |= offers or frozenset()
        return frozenset(names)

    def source_named(self, alias: str) -> Iterator[Offers]:
        return (offers for name, offers in self.sources if name == alias)


def holds(offers: Offers, column: str) -> bool:
    return offers is None or column == "*" or column in offers


def begins(offers: Offers, start: str) -> bool:
    """Whether some name that is offered begins like this."""
    return offers is None or any(name.startswith(start) for name in offers)
