"""Rows from verified pairs: what the team wrote, what a log showed, what was corrected."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from graph.canonical import NotCanonicalError, text_of
from graph.checks import CheckContext
from graph.slotted import means, slotted, without_rules
from graph.specialist import again_text, prompt_text
from knowledge.examples import Example
from knowledge.link import Linked
from training.noise import noisy
from training.synthesis import Row

if TYPE_CHECKING:
    from training.material import Material

KIND, RECOVERY = "taught", "recovery"
ASKED = "asked"
"""The trouble where only a person can tell that a statement is wrong."""

MOST_COPIES = 60
"""So often one pair is taught at most, each time with other values or slips of the pen."""

_AS_SAID, _OTHER_VALUES = 0.4, 0.5


@dataclass(frozen=True)
class Left:
    """A pair that cannot be taught, and why."""

    example: Example
    why: str


class Taught:
    """Teaches verified pairs. `left` lists those that could not be brought into the canonical form."""

    def __init__(self, material: "Material", examples: Sequence[Example], seed: int) -> None:
        self._material = material
        self._dialect = material.schema.dialect
        self._rng = random.Random(seed)
        self.left: list[Left] = []
        self._pairs = [(e, sql) for e in examples if (sql := self._canonical(e)) is not None]

    def rows(self, count: int) -> list[Row]:
        """About so many rows, all different: each pair at most MOST_COPIES times, corrections twice that."""
        if not self._pairs:
            return []
        each = min(MOST_COPIES, max(1, count // len(self._pairs)))
        return [
            row
            for example, tree in self._pairs
            for row in self._copies(example, tree, each * (1 + (example.origin == "correction")))
        ]

    def recoveries(self) -> Iterator[Row]:
        """Of each correction: what was wrong, what was said of it, and what is right."""
        for example, tree in self._pairs:
            if not example.wrong:
                continue
            linked = self._material.linker.link(example.question)
            quiet = Taught(self._material, (), 0)
            wrong = quiet._canonical(Example(example.question, example.wrong))
            told = slotted(wrong, linked, self._dialect) if wrong is not None else example.wrong
            target = slotted(tree, linked, self._dialect)
            if told != target:
                prompt = prompt_text(linked, self._material.schema)
                again = again_text(prompt, told, example.trouble or ASKED)
                yield Row(again, target, linked.question, RECOVERY)

    def _canonical(self, example: Example) -> exp.Expr | None:
        """The statement without what rules add, in the canonical form."""
        context = CheckContext(
            self._material.schema, self._material.rules, example.question, self._material.clock
        )
        try:
            return without_rules(example.sql, context)
        except NotCanonicalError as error:
            self.left.append(Left(example, str(error)))
            return None

    def _copies(self, example: Example, tree: exp.Expr, count: int) -> Iterator[Row]:
        seen: Counter[str] = Counter()
        for number in range(count):
            question, changed = example.question, tree
            if number and self._rng.random() < _OTHER_VALUES:
                question, changed = self._with_other_values(question, tree)
            if number and self._rng.random() > _AS_SAID:
                question = noisy(question, self._rng, tuple(_texts(self._material.linker.link(question))))
            linked = self._material.linker.link(question)
            target = slotted(changed, linked, self._dialect)
            prompt = prompt_text(linked, self._material.schema)
            seen[prompt] += 1
            if seen[prompt] == 1:
                yield Row(prompt, target, linked.question, KIND)

    def _with_other_values(self, question: str, tree: exp.Expr) -> tuple[str, exp.Expr]:
        """Another stored value in the question and in the statement, where both have one of a column."""
        linked = self._material.linker.link(question)
        tree = tree.copy()
        for slot in linked.slots:
            literals = [node for node in tree.find_all(exp.Literal) if means(slot, node)]
            if slot.kind != "value" or not literals:
                continue
            reading = next(r for r in slot.readings if r.value.lower() == literals[0].name.lower())
            others = self._material.catalogue.open_values.get(f"{reading.table}.{reading.column}")
            if not others:
                continue
            other = self._rng.choice(others)
            said = other if slot.text != slot.text.lower() else other.lower()
            question = re.sub(rf"(?<!\w){re.escape(slot.text)}(?!\w)", said.replace("\\", r"\\"), question)
            for node in literals:
                node.replace(exp.Literal.string(other))
        return question, tree


def canonical_golds(golds: Sequence[str], material: "Material") -> Iterator[str]:
    """Statements of a suite in the canonical form, without what rules add; others are left out."""
    context = CheckContext(material.schema, material.rules, "", material.clock)
    for sql in golds:
        with suppress(NotCanonicalError):
            yield text_of(without_rules(sql, context), material.schema.dialect)


def _texts(linked: Linked) -> Iterator[str]:
    yield from (slot.text for slot in linked.slots)
    yield from (hit.text for hit in linked.hits)
