"""Questions that the database cannot answer: of things and attributes that other businesses have."""

import random
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from graph.prompts import NO_ANSWER
from graph.specialist import prompt_text
from knowledge.plural import plural, singular_noun
from training.base.domains import domains, synonyms
from training.english import say
from training.noise import noisy
from training.phrases import date_phrase
from training.synthesis import Row

if TYPE_CHECKING:
    from training.material import Material

KIND = "unanswerable"
TRIES = 20
_OF_THINGS = (
    "(how many|number of|count of|count the|total number of) {things} (do we have|are there|we have|) {when}"
    "|(list|show|show me|give me|who are|which are) (the|all|our|) {things} {when}|{things} (by|per) {ours}"
    "|which {our} has the most {things}|(average|total) number of {things} per {our}|top 5 {things} {when}"
)
_OF_ATTRIBUTES = (
    "(average|avg|total|highest|lowest|median) {attribute} (of|for|per|by|across) {ours} {when}"
    "|(what is|what's|show|tell me) the {attribute} of (our|the|each|every) {our}"
    "|(list|show me) {ours} with their {attribute}|which {our} has the (highest|lowest|best|most) {attribute}"
    "|{ours} by {attribute} {when}|{our} with the largest {attribute}|{attribute} (by|per) {our} {when}"
)


class Unanswerable:
    """Makes such rows; what the database has words for, or its team, is left out."""

    def __init__(self, material: "Material", seed: int) -> None:
        self._material = material
        self._rng = random.Random(seed)
        known = _stems(_known(material))
        self.things = [
            t.words for things in domains().values() for t in things if _is_foreign(t.words, known)
        ]
        self.attributes = [
            a.words
            for things in domains().values()
            for t in things
            for a in t.attributes
            if a.kind not in ("date", "stamp", "flag") and a.words != "name" and _is_foreign(a.words, known)
        ]

    def rows(self, count: int) -> Iterator[Row]:
        """About `count` rows, all different; none where everything is known."""
        catalogue = self._material.catalogue
        ours = [thing for thing in catalogue.things.values() if thing.nouns]
        if not ours or not self.things or not self.attributes:
            return
        seen: set[str] = set()
        years = (self._material.source.today.year - 2, self._material.source.today.year)
        for _ in range(count * TRIES):
            if len(seen) == count:
                return
            of_thing = self._rng.random() < 0.5
            missing = self._rng.choice(self.things if of_thing else self.attributes)
            our = self._rng.choice(self._rng.choice(ours).nouns)
            question = say(
                self._rng,
                _OF_THINGS if of_thing else _OF_ATTRIBUTES,
                things=plural(missing),
                attribute=missing,
                our=our,
                ours=plural(our),
                when=date_phrase(self._rng, years).text if self._rng.random() < 0.3 else "",
            )
            linked = self._material.linker.link(noisy(question, self._rng, (missing, plural(missing))))
            prompt = prompt_text(linked, self._material.schema)
            if any(slot.kind == "value" for slot in linked.slots) or prompt in seen:
                continue  # a word of it stands in the data
            seen.add(prompt)
            said = plural(missing) if of_thing else missing
            yield Row(prompt, f"{NO_ANSWER} {said}", linked.question, KIND)


def _known(material: "Material") -> Iterator[str]:
    catalogue = material.catalogue
    for thing in catalogue.things.values():
        yield from thing.nouns
    for field in catalogue.fields:
        yield from field.words
        yield from (word for _, words in field.values for word in words)
    for term in material.terms:
        yield from (*term.names, *term.asks, term.meaning)
    for table, column in material.schema.columns():
        yield from (table.name, column.name, table.comment, column.comment)


def _stems(texts: Iterable[str]) -> set[str]:
    words = (word for text in texts for word in re.split(r"[\W_]+", text.lower()) if word)
    return {stem for word in words for stem in (word, singular_noun(word))}


_PLAIN = _stems(("name number of on at the a in to and count total kind type date first last years",))


def _is_foreign(words: str, known: set[str]) -> bool:
    """Whether none of its words is known, nor any of what else it is called."""
    others = synonyms().get(words) or synonyms().get(words.split()[-1], [])
    stems = _stems([words, *others]) - _PLAIN
    return bool(stems) and not stems & known
