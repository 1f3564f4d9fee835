"""A question whose one word belongs to several things: 'cancellations' are of orders or of subscriptions."""

from graph.ambiguity.values import spans
from graph.common_words import COMMON
from graph.roots import root
from graph.vocabulary import Vocabulary, roots
from knowledge.link import Linked
from knowledge.plural import plural
from knowledge.words import tokens

_BEGINNINGS = ("how many", "number of", "how much", "count of", "share of", "percentage of")


def kinds(linked: Linked, vocabulary: Vocabulary) -> list[str]:
    """The question for each thing that it may be about; none where it names one or its word is clear."""
    held = [(slot.start, slot.end) for slot in linked.slots]
    words = [
        token
        for token in tokens(linked.question)
        if not any(start < token.end and token.start < end for start, end in held)
    ]
    said = [root(token.raw) for token in words]
    mentions = vocabulary.mentions(said)
    if spans(linked) or any(mention.terms for mention in mentions if mention.places):
        return []
    telling = [place for place, word in enumerate(said) if word not in COMMON]
    if len(telling) != 1 or any(m.last - m.first > 1 and m.first <= telling[0] < m.last for m in mentions):
        return []
    word = said[telling[0]]
    tables = _tables(word, vocabulary)
    if len(tables) < 2:
        return []
    period = " ".join(linked.question[slot.start : slot.end] for slot in linked.slots if slot.kind == "date")
    asked = linked.question.lower()
    opening = next((o for o in _BEGINNINGS if asked.startswith(o)), "how many")
    return [f"{opening} {thing} {period}".strip() for thing in tables.values()]


def _tables(word: str, vocabulary: Vocabulary) -> dict[str, str]:
    """The things that a word may be said of, each with the words that say so: table -> 'lost parcels'."""
    found: dict[str, str] = {}
    for table, _, way in vocabulary.value_words.get(word, ()):
        if " " not in way:
            found.setdefault(table, f"{way} {_nouns(table, vocabulary)}")
    for place in sorted(vocabulary.places(word)):
        table, _, column = place.partition(".")
        metric = next(
            (
                term.term
                for term in vocabulary.terms
                if term.metric
                and place in vocabulary.spoken_of(term)
                and any(word in roots(name) for name in term.names)
            ),
            "",
        )
        if column and metric:
            found.setdefault(table, metric)
    return found


def _nouns(table: str, vocabulary: Vocabulary) -> str:
    names = vocabulary.nouns.get(table)
    return plural(names[0]) if names else table.replace("_", " ")
