"""Error recovery: rows that show a wrong statement and what a check or the database says of it."""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from graph.checks import CheckContext, gate
from graph.specialist import SlotError, again_text, fill
from knowledge.errors import QueryError
from knowledge.link import Linked
from knowledge.schema import Schema
from training.query import join_text
from training.synthesis import Row
from training.taught import ASKED, RECOVERY

if TYPE_CHECKING:
    from training.material import Material

KIND, SAID = RECOVERY, ASKED
SILENT = 0.25
"""The share of rows whose wrong statement runs without a word."""

TRIES = 12
_COLUMN = re.compile(r"\b([A-Za-z]\w*)\.(\w+)\b")
_JOIN = re.compile(r" JOIN (\S+) (\S+) ON \S+ = \S+")
_TABLE = re.compile(r"(?: FROM| JOIN) (\w+) (\w+)")
_GRAINS = ("'%Y-%m'", "'%Y-%W'", "'%Y'")
_CONDITION = re.compile(r" (?:WHERE|AND) [^()]+?(?= AND | GROUP BY | ORDER BY | HAVING | LIMIT |$)")


class Recovery:
    """Turns rows into rows of recovery: from a statement that is given, or from one that is made wrong."""

    def __init__(self, material: "Material", seed: int) -> None:
        self._material = material
        self._rng = random.Random(seed)
        self._context = CheckContext(material.schema, material.rules, "", material.clock, material.terms)

    def rows(self, rows: list[Row], count: int) -> Iterator[Row]:
        """`count` rows with a corruption each, or as many as come out of some tries."""
        left = count
        for _ in range(count * TRIES):
            if left == 0 or not rows:
                return
            row = self._rng.choice(rows)
            wrong = self._corrupted(row.target)
            made = self.row(row, wrong) if wrong else None
            if made is not None:
                left -= 1
                yield made

    def row(self, row: Row, wrong: str) -> Row | None:
        """The row with this wrong statement; None where it is right, and for most that run without a word."""
        if wrong == row.target:
            return None
        linked = self._material.linker.link(row.question)
        trouble = self._trouble(wrong, linked)
        if trouble == SAID and self._rng.random() > SILENT:
            return None
        return Row(again_text(row.prompt, wrong, trouble), row.target, row.question, KIND)

    def of_mistakes(self, mistakes: Iterable[tuple[Row, str]]) -> list[Row]:
        """From what the model wrote where it was wrong."""
        return [made for row, wrong in mistakes if (made := self.row(row, wrong)) is not None]

    def _trouble(self, wrong: str, linked: Linked) -> str:
        """What the agent will see: the check that fails, 'slot', 'database', or what only people say."""
        try:
            sql = fill(wrong, linked, self._material.schema)
        except SlotError:
            return "slot"
        gated = gate(sql, self._context)
        found = next((finding.check for finding in gated.findings if not finding.mended), "")
        if found or gated.sql is None:
            return found or "parse"
        try:
            self._material.practice.run(gated.sql, timeout_s=2, max_rows=5)
        except QueryError:
            return "database"
        return SAID

    def _corrupted(self, target: str) -> str:
        """Made wrong in one of the ways of CORRUPTIONS; empty where that way fits nothing in it."""
        spoil = self._rng.choice(CORRUPTIONS)
        return spoil(target, self._material.catalogue.schema, self._rng)


Corruption = Callable[[str, Schema, random.Random], str]


def other_column(target: str, schema: Schema, rng: random.Random) -> str:
    """A column of another table, or another of the same."""
    tables = {alias: name for name, alias in schema.aliases.items()}
    found = [match for match in _COLUMN.finditer(target) if match[1] in tables]
    if not found:
        return ""
    match = rng.choice(found)
    of = tables[match[1]] if rng.random() < 0.3 else rng.choice(sorted(schema.by_name))
    column = rng.choice(schema.by_name[of].columns).name
    return f"{target[: match.start()]}{match[1]}.{column}{target[match.end() :]}"


def other_table(target: str, schema: Schema, rng: random.Random) -> str:
    """A column said to be of a table that is not joined."""
    found = list(_COLUMN.finditer(target))
    if not found:
        return ""
    match = rng.choice(found)
    alias = rng.choice(sorted(set(schema.aliases.values()) - {match[1]}) or [match[1]])
    return f"{target[: match.start()]}{alias}.{match[2]}{target[match.end() :]}"


def lost_join(target: str, schema: Schema, rng: random.Random) -> str:
    """A join left out."""
    found = list(_JOIN.finditer(target))
    if not found:
        return ""
    match = rng.choice(found)
    return target[: match.start()] + target[match.end() :]


def fan_out(target: str, schema: Schema, rng: random.Random) -> str:
    """A join down to a table with many rows for one, so that sums count twice."""
    present = dict(_TABLE.findall(target))
    keys = [
        key
        for key in schema.foreign_keys
        if key.to_table in present and key.table not in present and len(key.columns) == 1
    ]
    match = _TABLE.search(target)
    if not keys or match is None:
        return ""
    key = rng.choice(keys)
    child, parent = schema.aliases[key.table], schema.aliases[key.to_table]
    on = f"{child}.{key.columns[0]} = {parent}.{key.to_columns[0]}"
    end = max((m.end() for m in _JOIN.finditer(target)), default=match.end())
    if join_text(schema, key) in target:
        return ""
    return f"{target[:end]} JOIN {key.table} {child} ON {on}{target[end:]}"


def other_slot(target: str, schema: Schema, rng: random.Random) -> str:
    """A slot that the question does not have, or a value's where another column is meant."""
    found = list(re.finditer(r"<([vnd])(\d)([ab]?)>", target))
    if not found:
        return ""
    match = rng.choice(found)
    return f"{target[: match.start()]}<{match[1]}{int(match[2]) % 4 + 1}{match[3]}>{target[match.end() :]}"


def lost_group(target: str, schema: Schema, rng: random.Random) -> str:
    """Groups left out."""
    return re.sub(r" GROUP BY \S+", "", target, count=1) if " GROUP BY " in target else ""


def other_grain(target: str, schema: Schema, rng: random.Random) -> str:
    """Months for weeks, or years."""
    found = [grain for grain in _GRAINS if grain in target]
    return target.replace(found[0], rng.choice([g for g in _GRAINS if g != found[0]])) if found else ""


def lost_condition(target: str, schema: Schema, rng: random.Random) -> str:
    """A condition left out."""
    found = list(_CONDITION.finditer(target))
    if not found:
        return ""
    match = rng.choice(found)
    rest = target[: match.start()] + target[match.end() :]
    return rest if " WHERE " in rest or " AND " not in rest else rest.replace(" AND ", " WHERE ", 1)


def cut_short(target: str, schema: Schema, rng: random.Random) -> str:
    """The end is missing."""
    words = target.split(" ")
    return " ".join(words[: rng.randint(len(words) // 2, len(words) - 1)]) if len(words) > 6 else ""


CORRUPTIONS: tuple[Corruption, ...] = (
    other_column,
    other_table,
    lost_join,
    fan_out,
    other_slot,
    lost_group,
    other_grain,
    lost_condition,
    cut_short,
)
