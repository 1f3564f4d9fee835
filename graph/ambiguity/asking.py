"""Whether to ask back, what to offer, and which of the choices a reply picks."""

import re
from collections.abc import Sequence

from graph.ambiguity.entities import kinds
from graph.ambiguity.measures import changes, rankings
from graph.ambiguity.values import decide, readings
from graph.followup import PastTurn, answered
from graph.outcome import Clarify
from graph.vocabulary import Vocabulary, roots
from knowledge.link import Linked
from knowledge.words import key

MOST_CHOICES = 4
MOST_IN_A_ROW = 2
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": -1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
}
_NUMBERED = re.compile(
    r"^\W*(?:(?:option|number|choice|no\.?|the)\s+)*(\d|[a-z]+)(?:\s+(?:one|please|pls))*\W*$"
)
_POINTING = re.compile(
    r"\b(?:that\s+one|this\s+one|these|those|them|they|it|he|she|him|her|the\s+same|the\s+former|the\s+latter)\b"
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was)\s+it\s+(?:in|on|at|during|that|possible|true|worth|usual|common|the|this|last|today|yesterday)\b"
    r"|\bit\s+(?:takes?|took|costs?|seems?|looks?)\b"
)
"""'it' that stands for nothing: 'how long does it take'."""
_WHOLE = re.compile(
    r"\b(?:how\s+(?:many|much|long|often|old)|which|who|whose|list|show|number\s+of|count\s+of|total|sum|average)\b"
)
_GOING_ON = re.compile(
    r"^\W*(?:and|but|also|now|instead|same|what\s+about|how\s+about|only|just|without|sort|the\s+same)\b",
    re.IGNORECASE,
)


def ambiguous(linked: Linked, vocabulary: Vocabulary) -> tuple[Linked, Clarify | None]:
    """The question with what it decides on itself, and what to ask where it leaves a choice.

    Every choice is a question of its own, so that it can be asked by itself.
    """
    linked, left = decide(linked, vocabulary)
    if left:
        span = left[0]
        named = any(
            m.terms and m.places for m in vocabulary.mentions(roots(_beside(linked, span.start, span.end)))
        )
        typed = linked.question[span.start : span.end]
        said = f"'{typed}' stands in more than one place; which one do you mean?"
        return linked, _clarify(said, readings(span, linked, vocabulary, of_something=named))
    for find, said in (
        (rankings, "Measured by what?"),
        (changes, "The growth of what?"),
        (kinds, "This can be said of more than one thing; which one do you mean?"),
    ):
        choices = find(linked, vocabulary)
        if choices:
            return linked, _clarify(said, choices)
    return linked, None


def dangling(question: str, linked: Linked, vocabulary: Vocabulary) -> Clarify | None:
    """A first question that points back to something: 'and last year?', 'who are they?'."""
    mentions, text = vocabulary.mentions(roots(linked.text)), _EXPLETIVE.sub("", question.lower())
    placed = [mention for mention in mentions if mention.places]
    if any(mention.terms for mention in placed):
        return None
    pointing = _POINTING.search(text)
    if placed and not pointing and _WHOLE.search(text):
        return None
    if _GOING_ON.search(question) or (pointing and not any(mention.places for mention in mentions)):
        word = pointing[0] if pointing else "this"
        said = f"Nothing was answered before, so I cannot tell what '{word}' means; ask the whole question."
        return Clarify(said, ())
    return None


def points_back(question: str) -> bool:
    """Whether a question leans on the one before."""
    return _GOING_ON.search(question) is not None or _POINTING.search(question.lower()) is not None


def _clarify(question: str, choices: Sequence[str]) -> Clarify | None:
    different = list(dict.fromkeys(" ".join(choice.split()) for choice in choices))[:MOST_CHOICES]
    return Clarify(question, tuple(_sentence(choice) for choice in different)) if len(different) > 1 else None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip("?.! ") + "?"


def _beside(linked: Linked, start: int, end: int) -> str:
    text = linked.question[:start] + " " + linked.question[end:]
    for slot in linked.slots:
        if not start <= slot.start < end:
            text = text.replace(linked.question[slot.start : slot.end], " ")
    return text


def in_a_row(past: Sequence[PastTurn]) -> int:
    """How many of the last turns asked back."""
    count = 0
    for turn in reversed(past):
        if turn.get("kind") != "clarify":
            break
        count += 1
    return count


def may_ask(question: str, past: Sequence[PastTurn]) -> bool:
    """Not a third time in a row, and not where the question before says what is meant."""
    return in_a_row(past) < MOST_IN_A_ROW and not (answered(past) and points_back(question))


def picked(said: str, past: Sequence[PastTurn]) -> str:
    """The choice of the question before that a person took: by its number or its words; empty where none."""
    choices = list(past[-1].get("choices", ())) if past and in_a_row(past) else []
    if not choices:
        return ""
    numbered = _NUMBERED.match(said.lower())
    if numbered:
        place = int(numbered[1]) if numbered[1].isdigit() else _ORDINALS.get(numbered[1], 0)
        place = len(choices) if place == -1 else place
        if 1 <= place <= len(choices):
            return choices[place - 1]
    same = [choice for choice in choices if key(choice) == key(said)]
    return same[0] if same else _by_words(said, choices)


def _by_words(said: str, choices: Sequence[str]) -> str:
    """The only choice that has all the words said which tell the choices apart."""
    words = {choice: frozenset(roots(choice)) for choice in choices}
    telling = frozenset.union(*words.values()) - frozenset.intersection(*words.values())
    asked = set(roots(said))
    meant = asked & telling
    fitting = [choice for choice in choices if meant and meant <= words[choice]]
    return fitting[0] if len(fitting) == 1 and len(asked - words[fitting[0]]) <= 2 else ""
