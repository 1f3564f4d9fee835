"""Follow-ups: a question before and an edit, made whole as the agent makes it, with the edited statement.

Where the agent cannot read an edit, the specialist is asked to edit the statement before by itself: it learns
that from the same statements, for edits in other words.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from sqlglot import exp

from graph.canonical import NotCanonicalError
from graph.checks import CheckContext, Finding, apply_rules, gate
from graph.checks.parse import parse
from graph.followup import Follower, PastTurn
from graph.followup.leaning import numbered_on
from graph.slotted import slotted, without_rules
from graph.specialist import SlotError, behind_turn, fill, prompt_text
from knowledge.link import Linked
from training.english import say
from training.intents.scene import ADVERBS
from training.noise import noisy
from training.phrases import date_phrase
from training.synthesis import Row

if TYPE_CHECKING:
    from training.material import Material

KIND, EDIT = "followup", "edit"
TRIES = 15
OTHERWISE = 0.7
"""Share of the edits that lean on the turn before and are not said as the grammar reads them."""

EDITED = frozenset(
    (
        *(
            "attribute",
            "average_per",
            "by",
            "by_two",
            "count",
            "distinct",
            "event_measure",
            "events",
            "figure",
        ),
        *("list_with", "listing", "share", "top", "top_rows", "trend", "value"),
    )
)
"""Kinds of questions that people go on from."""


@dataclass(frozen=True)
class Wording:
    """One kind of edit, as `edits.yaml` tells it: as the grammar of follow-ups reads it, and otherwise."""

    read: str
    leads: tuple[str, ...] = ()
    otherwise: str = ""


@cache
def wordings() -> tuple[Wording, ...]:
    """Of all kinds of edits."""
    text = (Path(__file__).parent / "edits.yaml").read_text(encoding="utf-8")
    return tuple(Wording(**{"leads": ()} | told) for told in yaml.safe_load(text))


class FollowUps:
    """Edits rows of questions that stand for themselves."""

    def __init__(self, material: "Material", seed: int) -> None:
        self._material = material
        self._rng = random.Random(seed)
        self._context = CheckContext(material.schema, material.rules, "", material.clock, material.terms)
        self._follower = Follower(
            material.schema, material.terms, material.rules, material.linker, material.clock
        )

    def rows(self, rows: list[Row], count: int) -> Iterator[Row]:
        """`count` follow-ups, or as many as come out of some tries; each is one or two rows."""
        left = count
        fitting = [row for row in rows if row.kind in EDITED]
        for _ in range(count * TRIES):
            if left == 0 or not fitting:
                return
            made = self.after(self._rng.choice(fitting))
            left -= bool(made)
            yield from made

    def after(self, row: Row) -> list[Row]:
        """The row after one edit: as a whole question, and as what leans on the turn where that can be shown.
        Empty where the edit does not fit the row, or is not certain.
        """
        sql = self._whole(row)
        if not sql:
            return []
        said, otherwise = self._edit()
        past = PastTurn(question=row.question, sql=sql, kind="answered")
        made = self._follower.follow(said, [past])
        if made is None or not made.sure or not made.sql:
            return []
        if gate(made.sql, replace(self._context, question=made.question)).sql is None:
            return []
        try:
            again = without_rules(made.sql, replace(self._context, question=made.question))
        except NotCanonicalError:
            return []
        linked = self._material.linker.link(made.question)
        target = self._target(again, linked, linked)
        if target is None:
            return []
        whole = Row(prompt_text(linked, self._material.schema), target, linked.question, KIND)
        leaning = self._leaning(row, otherwise, again) if row.prompt else None
        return [whole] if leaning is None else [whole, leaning]

    def _leaning(self, row: Row, said: str, tree: exp.Expr) -> Row | None:
        """The edit as it was said, behind the turn that it edits."""
        linker, schema = self._material.linker, self._material.schema
        edit = numbered_on(linker.link(row.question), linker.link(said))
        if edit is None:
            return None
        target = self._target(tree, edit.together, edit.own)
        if target is None or target == row.target:
            return None
        prompt = behind_turn(prompt_text(edit.own, schema), row.prompt, row.target)
        return Row(prompt, target, said, EDIT)

    def _target(self, tree: exp.Expr, linked: Linked, asked: Linked) -> str | None:
        """None where it lacks something that was asked for."""
        target = slotted(tree, linked, self._material.schema.dialect)
        return target if all(f"<{slot.name}" in target for slot in asked.slots) else None

    def _whole(self, row: Row) -> str:
        """The statement as it answered: slots filled, rules applied."""
        linked = self._material.linker.link(row.question)
        try:
            tree = parse(fill(row.target, linked, self._material.schema), self._context)
        except SlotError:
            return ""
        if isinstance(tree, Finding):
            return ""
        whole, _ = apply_rules(tree, self._material.schema, list(self._material.rules), row.question)
        return whole.sql(dialect=self._material.schema.dialect)

    def _edit(self) -> tuple[str, str]:
        """An edit as the grammar reads it, and otherwise."""
        source = self._material.source.today
        words = {
            "value": self._rng.choice(self._values) if self._values else "2",
            "when": date_phrase(self._rng, (source.year - 2, source.year)).text,
            "field": self._rng.choice(self._fields) if self._fields else "month",
            "grain": (grain := self._rng.choice(list(ADVERBS))),
            "steadily": ADVERBS[grain],
            "number": str(self._rng.choice((3, 5, 10))),
        }
        edit = self._rng.choice(wordings())
        said = say(self._rng, edit.read, **words)
        if not edit.otherwise or self._rng.random() > OTHERWISE:
            return said, said
        lead = say(self._rng, self._rng.choice(edit.leads))
        other = say(self._rng, edit.otherwise, lead=lead, **words)
        return said, noisy(other, self._rng, tuple(words.values()))

    @cached_property
    def _values(self) -> list[str]:
        catalogue = self._material.catalogue
        coded = [word for field in catalogue.fields for _, words in field.values for word in words]
        few = [values for values in catalogue.open_values.values() if 1 < len(values) < 60]
        return [*coded, *(value for values in few for value in values)]

    @cached_property
    def _fields(self) -> list[str]:
        kinds = ("enum", "open", "flag")
        return [
            word for field in self._material.catalogue.fields if field.kind in kinds for word in field.words
        ]
