"""Follow-ups: a question before and an edit, made whole as the agent makes it, with the edited statement."""

import random
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from graph.checks import CheckContext, Finding, apply_rules, strip_rules
from graph.checks.parse import parse
from graph.followup import Follower, PastTurn
from graph.specialist import SlotError, fill, prompt_text
from training.canonical import NotCanonicalError, canonical
from training.english import say
from training.phrases import date_phrase
from training.synthesis import Row
from training.taught import slotted

if TYPE_CHECKING:
    from training.material import Material

KIND = "followup"
TRIES = 15
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

_EDITS = (
    "(and|what about|how about|now|only|just|and for|same for|only for) {value}(?|)",
    "(and|what about|how about|same for|now for|only) {when}(?|)",
    "(by|and by|per|split by|now by|break it down by|can you split that by) {field}(?|)",
    "(by|per|and by|now by) {grain} (instead|please|)",
    "(only the|just the|show the|) top {number}(|please)",
    "(without|excluding|except|not) {value}",
    "(how many (is|are) (that|they)|just the count|the number only)",
    "(sort|order) (it|them|that) (by {field}|the other way round|descending)",
)


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
        """`count` rows, or as many as come out of some tries."""
        left = count
        fitting = [row for row in rows if row.kind in EDITED]
        for _ in range(count * TRIES):
            if left == 0 or not fitting:
                return
            made = self.row(self._rng.choice(fitting))
            if made is not None:
                left -= 1
                yield made

    def row(self, row: Row) -> Row | None:
        """The row after one edit; None where the edit does not fit it, or is not certain."""
        sql = self._whole(row)
        if not sql:
            return None
        past = PastTurn(question=row.question, sql=sql, kind="answered")
        made = self._follower.follow(self._edit(), [past])
        if made is None or not made.sure or not made.sql:
            return None
        tree = parse(made.sql, self._context)
        if isinstance(tree, Finding):
            return None
        linked = self._material.linker.link(made.question)
        try:
            plain = strip_rules(tree, self._material.schema, self._material.rules, made.question)
            again = parse(canonical(plain, self._material.schema), self._context)
        except NotCanonicalError:
            return None
        if isinstance(again, Finding):
            return None
        target = slotted(again, linked, self._material)
        if any(f"<{slot.name}" not in target for slot in linked.slots):
            return None
        return Row(prompt_text(linked, self._material.schema), target, linked.question, KIND)

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

    def _edit(self) -> str:
        source = self._material.source.today
        return say(
            self._rng,
            self._rng.choice(_EDITS),
            value=self._rng.choice(self._values) if self._values else "2",
            when=date_phrase(self._rng, (source.year - 2, source.year)).text,
            field=self._rng.choice(self._fields) if self._fields else "month",
            grain=self._rng.choice(("day", "week", "month", "quarter", "year")),
            number=str(self._rng.choice((3, 5, 10))),
        )

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
