"""From a catalogue to training rows: draw an intent, word it, link it as the agent would, keep what runs."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from graph.checks.required_filters import apply_rules
from graph.specialist import bare, prompt_text
from knowledge.clock import Clock
from knowledge.dates import find_dates
from knowledge.errors import QueryError, TrainingError
from knowledge.link import Linked, Linker
from knowledge.rules import Rule
from training.catalogue import Catalogue
from training.dialects import in_dialect
from training.intents import INTENTS, NothingToAskError, Pair, Scene
from training.noise import noisy
from training.practice import Practice
from training.query import NoPathError

_MARKER = re.compile(r"⟦(v|n|da|db):([^⟧]*)⟧")


# Draws in vain after which the material counts as exhausted.
PATIENCE = 5000

# A limit or a row's number that fits the whole database may fit nothing in the small copy.
MAY_BE_EMPTY = {"by_number", "two_limits", "have_more_than", "having"}


@dataclass(frozen=True)
class Row:
    """One training row: what the agent will prompt, and the SQL with slots that should come back."""

    prompt: str
    target: str
    question: str
    kind: str


class Synthesiser:
    """A stream of rows, the same for the same seed. `dropped` counts what was thrown away, by reason."""

    def __init__(
        self,
        catalogue: Catalogue,
        linker: Linker,
        database: Practice,
        rules: list[Rule],
        clock: Clock,
        seed: int,
        years: tuple[int, int],
    ) -> None:
        self.rng = random.Random(seed)
        self.linker = linker
        self.database = database
        self.rules = rules
        self.clock = clock
        self.catalogue = catalogue
        self.scene = Scene(catalogue, self.rng, years)
        self.dropped: Counter[str] = Counter()
        self._sound: dict[str, bool] = {}

    def rows(self) -> Iterator[Row]:
        """Rows without end. Raises TrainingError where the material gives no more."""
        intents, weights = list(INTENTS), list(INTENTS.values())
        seen: set[tuple[str, str]] = set()
        in_vain = 0
        while in_vain < PATIENCE:
            in_vain += 1
            intent = self.rng.choices(intents, weights=weights)[0]
            try:
                pair = intent(self.scene)
            except NoPathError:
                self.dropped["no path"] += 1
                continue
            except NothingToAskError:
                self.dropped["nothing of that kind"] += 1
                continue
            row = self.row(pair)
            if row is None:
                continue
            if (row.prompt, row.target) in seen:
                self.dropped["seen"] += 1
                continue
            seen.add((row.prompt, row.target))
            in_vain = 0
            yield row
        raise TrainingError(
            f"The database and the knowledge give no more than {len(seen)} questions to train on; describe "
            "more in glossary.yaml, or train on fewer rows."
        )

    def row(self, pair: Pair) -> Row | None:
        """Word, link and check one pair; None (and a count of why) where it is not kept."""
        said = tuple(_said(kind, text) for kind, text in _MARKER.findall(pair.sql))
        linked = self.linker.link(noisy(pair.question, self.rng, said))
        target = self._slotted(pair.sql, linked)
        if target is None:
            self.dropped["not linked"] += 1
            return None
        target = in_dialect(target, self.catalogue.schema.dialect)
        if not self._runs(target, pair.sql, pair.kind in MAY_BE_EMPTY):
            self.dropped["does not run or is empty"] += 1
            return None
        return Row(prompt_text(linked, self.catalogue.bare), target, linked.question, pair.kind)

    def _slotted(self, sql: str, linked: Linked) -> str | None:
        """Replace markers by the linker's slots; None where one is missing, or a slot is left unused."""
        used: set[str] = set()

        def slot(match: re.Match[str]) -> str:
            kind, text = match.groups()
            name = self._slot_name(kind, text, linked)
            if name is None:
                return match.group(0)
            used.add(name[:2])
            return f"<{name}>"

        target = _MARKER.sub(slot, sql)
        if "⟦" in target or used != {s.name for s in linked.slots}:
            return None
        return target

    def _slot_name(self, kind: str, text: str, linked: Linked) -> str | None:
        if kind == "v":
            column, _, value = text.partition(":")
            table, _, name = column.partition(".")
            source = self.catalogue.schema.sources.get((table, name), (table, name))
            places = {(bare(table), bare(name)), (bare(source[0]), bare(source[1]))}
            for slot in linked.slots:
                if any((r.table, r.column) in places and r.value == value for r in slot.readings):
                    return slot.name
        elif kind == "n":
            return next(
                (s.name for s in linked.slots if s.kind == "number" and s.number == float(text)), None
            )
        else:
            hits = find_dates(text, self.clock.today())
            if len(hits) == 1:
                for slot in linked.slots:
                    if slot.kind == "date" and slot.window == hits[0].window:
                        return slot.name + kind[1]
        return None

    def _runs(self, target: str, sql: str, may_be_empty: bool) -> bool:
        """Whether the query, rules applied, runs and gives something; asked once per slotted query."""
        if target not in self._sound:
            self._sound[target] = self._gives_rows(sql, may_be_empty)
        return self._sound[target]

    def _gives_rows(self, sql: str, may_be_empty: bool) -> bool:
        text = _MARKER.sub(self._literal, sql).replace("CURRENT_DATE", f"'{self.clock.today().isoformat()}'")
        dialect = self.catalogue.schema.dialect
        tree = sqlglot.parse_one(in_dialect(text, dialect), dialect=dialect)
        assert isinstance(tree, exp.Expression)
        tree, _ = apply_rules(tree, self.catalogue.bare, self.rules, "")
        try:
            result = self.database.run(tree.sql(dialect=dialect), timeout_s=2, max_rows=50)
        except QueryError:
            return False
        return may_be_empty or any(value not in (None, 0, 0.0) for row in result.rows for value in row)

    def _literal(self, match: re.Match[str]) -> str:
        kind, text = match.groups()
        if kind == "n":
            return text
        if kind == "v":
            value = text.partition(":")[2].replace("'", "''")
            return f"'{value}'"
        hits = find_dates(text, self.clock.today())
        if not hits:
            return "NULL"
        window = hits[0].window
        return f"'{(window.first if kind == 'da' else window.last).isoformat()}'"


def _said(kind: str, text: str) -> str:
    return text.partition(":")[2] if kind == "v" else text
