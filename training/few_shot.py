"""Questions behind an example: another question with its SQL, from which an unheard word can be understood.

A correction is shown so from the minute it is approved. What a specialist must learn for that is to look: in
most of the rows a word of both questions is one that says nothing (`zorbs in <v1>`), and only the example
tells what it stands for.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from graph.specialist import behind_example, question_of
from knowledge.weights import weights_folder
from training.english import plural
from training.synthesis import Row

if TYPE_CHECKING:
    from training.material import Material

KIND = "few-shot"
TRIES = 10
UNHEARD, ALIKE = 0.6, 0.25
"""Shares of the rows: with a word that only the example explains, and with an example of the same kind. The
rest have any example, and must not follow it."""

SEVERAL_WORDS = 0.5
"""Share of the first kind in which the word stands for several, such as 'paused subscriptions'."""

_TWO_WORDS = 0.25
_SYLLABLES = "ba bri cor dax del fen gro jo kel lum mor nax or plo qui ran sto tev ul vor wix yan zor"
INVENTED = 0.25
"""Share of the words that are no English ones."""


class FewShot:
    """Puts examples before rows of questions that stand for themselves."""

    def __init__(self, material: "Material", seed: int) -> None:
        self._material = material
        self._rng = random.Random(seed)
        self._heard: set[str] = set()

    def rows(self, rows: Sequence[Row], count: int) -> Iterator[Row]:
        """`count` rows, or as many as come out of some tries."""
        if not rows:
            return
        self._heard = {word for row in rows for word in re.findall(r"\w+", question_of(row.prompt))}
        by_kind: dict[str, list[Row]] = defaultdict(list)
        by_phrase: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_kind[row.kind].append(row)
            for phrase in self._phrases_in(row):
                by_phrase[phrase].append(row)
        left = count
        for _ in range(count * TRIES):
            if left == 0:
                return
            row, draw = self._rng.choice(rows), self._rng.random()
            if draw < UNHEARD:
                made = self._unheard(row, by_phrase)
            else:
                others = by_kind[row.kind] if draw < UNHEARD + ALIKE else rows
                made = self._behind(row, self._rng.choice(others))
            if made is not None:
                left -= 1
                yield made

    def _unheard(self, row: Row, by_phrase: dict[str, list[Row]]) -> Row | None:
        """The row behind another with the same phrase, for which in both a word stands that says nothing."""
        phrases = self._phrases_in(row)
        if not phrases:
            return None
        several = [phrase for phrase in phrases if len(by_phrase[phrase]) > 1 and " " in phrase]
        phrase = self._rng.choice(several if several and self._rng.random() < SEVERAL_WORDS else phrases)
        other = self._rng.choice(by_phrase[phrase])
        word = self._word() if self._rng.random() > _TWO_WORDS else f"{self._word()} {self._word()}"
        return self._behind(_with(row, phrase, word), _with(other, phrase, word), row)

    def _behind(self, row: Row, example: Row, was: Row | None = None) -> Row | None:
        if (example.prompt, example.target) == (row.prompt, row.target):
            return None
        prompt = behind_example(row.prompt, question_of(example.prompt), example.target)
        return Row(prompt, row.target, (was or row).question, KIND)

    def _phrases_in(self, row: Row) -> list[str]:
        """What the row speaks of, and two such phrases that stand side by side: 'paused', 'subscriptions',
        'paused subscriptions'.
        """
        text = question_of(row.prompt)
        found = list(self._phrase.finditer(text))
        beside = (text[a.start() : b.end()] for a, b in pairwise(found) if text[a.end() : b.start()] == " ")
        return list(dict.fromkeys([*(match.group() for match in found), *beside]))

    @cached_property
    def _phrase(self) -> re.Pattern[str]:
        """What the catalogue calls its things, columns, measures, values and segments, longer ones first."""
        catalogue = self._material.catalogue
        said = {
            *(noun for thing in catalogue.things.values() for noun in (*thing.nouns, *thing.plurals)),
            *(word for field in catalogue.fields for word in (*field.words, *map(plural, field.words))),
            *(word for field in catalogue.fields for _, words in field.values for word in words),
            *(word for measure in catalogue.measures for word in measure.words),
            *(word for segment in catalogue.segments for word in segment.words),
        }
        kept = sorted({word.lower() for word in said if len(word) > 2}, key=len, reverse=True)
        return re.compile(rf"(?<![\w<])(?:{'|'.join(map(re.escape, kept))})(?![\w>])")

    def _word(self) -> str:
        """An English or an invented word that no question has, and in which the linker finds nothing."""
        while True:
            made = "".join(self._rng.choices(_SYLLABLES.split(), k=self._rng.choice((2, 3))))
            word = made if self._rng.random() < INVENTED else self._rng.choice(_english())
            if word not in self._heard and self._says_nothing(word):
                return word

    def _says_nothing(self, word: str) -> bool:
        linked = self._material.linker.link(word)
        return linked.text == word and not linked.slots and not self._phrase.search(word)


@cache
def _english() -> list[str]:
    """The whole words that MiniLM's tokenizer knows."""
    read = Tokenizer.from_file(str(weights_folder() / "tokenizer.json")).get_vocab()
    return sorted(word for word in read if word.isascii() and word.isalpha() and len(word) > 3)


def _with(row: Row, phrase: str, word: str) -> Row:
    text = question_of(row.prompt)
    changed = re.sub(rf"(?<![\w<]){re.escape(phrase)}(?![\w>])", word, text)
    return Row(row.prompt.replace(text, changed, 1), row.target, row.question, row.kind)
