"""What the knowledge says of names that the database has not, or of columns that changed, is set aside.

The rest goes on. What is set aside is listed with its file and line; and where a rule that keeps rows or
columns out cannot hold any more, the tables it guarded are closed until it is mended.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Literal

from knowledge.drift import Change
from knowledge.named import columns_of_rule, tables_of_sql
from knowledge.schema import Schema
from knowledge.yaml_file import Node, Reader, shown_path

if TYPE_CHECKING:
    from knowledge.rules import Rule

CheckRule = Callable[[Reader, Node, "Rule", Schema | None], None]
"""Adds what is wrong with a rule to the reader's problems."""
Kind = Literal["term", "rule", "example", "pair", "case", "release"]
_GUARDING = ("require", "scope", "forbid", "mask")


@dataclass(frozen=True)
class Stale:
    """One entry, or one part of a rule, that is left out.

    `text` is all that the entry says; `changed`: what it names is there, and is of another type.
    """

    kind: Kind
    name: str
    file: str
    line: int
    why: str
    text: str = ""
    changed: bool = False

    @property
    def where(self) -> str:
        return f"{self.file}, line {self.line}" if self.line else self.file


@dataclass
class Quarantine:
    """Collects while the knowledge is read. `renames` is asked only where something is gone.

    `watched`: `changes` tells all that happened since the knowledge was last seen to hold. `closed` maps a
    table to the reason why no answer may read it.
    """

    schema: Schema
    changes: tuple[Change, ...] = ()
    watched: bool = False
    renames: Callable[[], Mapping[str, str]] = dict
    stale: list[Stale] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)

    def admits(
        self,
        reader: Reader,
        node: Node,
        kind: Kind,
        name: str,
        check: Callable[[], None],
        named: Callable[[], frozenset[str]],
    ) -> bool:
        """Whether an entry can be used. `check` adds what is wrong with its names to the reader's problems,
        from where it is taken; `named` gives the columns that the entry names.
        """
        found = reader.problems.aside(check)
        for line, why in found:
            self._add(reader, node, kind, name, line, why)
        changed = self.changed(named)
        for change in changed:
            self._add(reader, node, kind, name, node.line, str(change), changed=True)
        return not found and not changed

    def changed(self, named: Callable[[], frozenset[str]]) -> list[Change]:
        """The columns among these whose type changed; they are asked for only where one did."""
        found = [c for c in self.changes if c.happened == "type changed"]
        columns = named() if found else frozenset[str]()
        return [change for change in found if change.name in columns]

    def holding(self, reader: Reader, node: Node, rule: "Rule", check: CheckRule) -> "Rule":
        """The rule without the parts that cannot hold; the tables that those guarded are closed."""
        empty = {f.name: type(getattr(rule, f.name))() for f in fields(rule)}
        kept: dict[str, object] = {}
        for key in (f.name for f in fields(rule)):
            given = getattr(rule, key)
            if isinstance(given, str) or not given:
                continue
            left = []
            for item in given:
                part_of = {item: given[item]} if isinstance(given, dict) else (item,)
                part = replace(rule, **{**empty, "rule": rule.rule, "says": rule.says, key: part_of})
                why = self._against(reader, node, part, key, str(item), check)
                if not why:
                    left.append(item)
                elif key == "only_metrics":
                    self._close(tuple(rule.require), rule.rule, why)
                elif key in _GUARDING:
                    self._close(self._guarded(key, str(item)), rule.rule, why)
            kept[key] = {i: given[i] for i in left} if isinstance(given, dict) else tuple(left)
        return replace(rule, **kept)  # type: ignore[arg-type]

    def _against(
        self, reader: Reader, node: Node, part: "Rule", key: str, item: str, check: CheckRule
    ) -> str:
        """Why a part cannot hold; empty where it can."""
        shape = reader.problems.aside(lambda: check(reader, node, part, None))
        wrong = reader.problems.aside(lambda: check(reader, node, part, self.schema))
        wrong = [problem for problem in wrong if problem not in shape]
        if key == "only_metrics" and item.casefold() in self._terms:
            wrong.append((reader.line(node, key), f"the term {item} is left out"))
        changed = (
            [] if key in ("forbid", "mask") else self.changed(lambda: columns_of_rule(part, self.schema))
        )
        name = f"{part.rule}: {key} {item}"
        for line, why in wrong:
            self._add(reader, node, "rule", name, line, why)
        for change in changed:
            self._add(reader, node, "rule", name, reader.line(node, key), str(change), changed=True)
        return self.stale[-1].why if wrong or changed else ""

    @property
    def _terms(self) -> set[str]:
        return {stale.name.casefold() for stale in self.stale if stale.kind == "term"}

    def _guarded(self, key: str, item: str) -> tuple[str, ...]:
        """The tables whose rows a part kept out, or whose columns it hid, under the names they have now."""
        table = item.rpartition(".")[0] if key in ("forbid", "mask") or "." in item else item
        if table not in self.schema.by_name:
            now = self.renames().get(table)
            return (now,) if now else ()
        hides = key in ("forbid", "mask")
        fresh = any(c.happened == "column new" and c.table == table for c in self.changes)
        return () if hides and self.watched and not fresh else (table,)

    def _close(self, tables: tuple[str, ...], rule: str, why: str) -> None:
        for table in tables:
            for name in (table, *self._views_of(table)):
                self.closed.setdefault(
                    name,
                    f"answers from {name} are refused until the rule {rule} is mended: {why.split(';')[0]}",
                )

    def _views_of(self, table: str) -> list[str]:
        return [
            t.name
            for t in self.schema.tables
            if t.definition and table in tables_of_sql(t.definition, self.schema)
        ]

    def _add(
        self, reader: Reader, node: Node, kind: Kind, name: str, line: int, why: str, *, changed: bool = False
    ) -> None:
        file, text = shown_path(reader.problems.path), _text(node)
        self.stale.append(Stale(kind, name, file, line, because(why, text, self.changes), text, changed))


def because(why: str, text: str, changes: tuple[Change, ...]) -> str:
    """What happened in the database, where that is why a text is wrong; else what is wrong with it."""
    for change in changes:
        gone = change.column if change.happened == "column gone" else change.table
        if (
            change.happened.endswith("gone")
            and f"`{gone}`" in why
            and re.search(rf"\b{change.table}\b", text)
        ):
            return str(change)
    return why


def _text(node: Node) -> str:
    """All that an entry says, to look for names in."""
    parts = [node.text, *node.entries, *map(_text, node.items), *map(_text, node.entries.values())]
    return " ".join(part for part in parts if part)
