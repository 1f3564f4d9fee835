"""What a question asks for that the data does not hold, told before the model is asked."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graph.common_words import COMMON
from graph.context import Context
from graph.missing_kinds import advice, cause, future, personal, text
from graph.outcome import Refused, Unanswered
from graph.roots import root
from graph.vocabulary import Vocabulary, roots
from knowledge.examples import Example
from knowledge.glossary import Term
from knowledge.link import Linked
from knowledge.retrieve import Retrieval, Scored
from knowledge.words import tokens

Missing = Refused | Unanswered
_SLOT = re.compile(r"<\w+>")
_SHORTEST_WORD = 3
_MOST_TERMS = 4
_RATES = frozenset(root(word) for word in ("rate", "score", "index", "ratio"))


@dataclass(frozen=True)
class Strange:
    """Words of the question, next to each other, that nothing explains. `start` is their place in it."""

    text: str
    start: int


def missing(question: str, retrieval: Retrieval, context: Context) -> Missing | None:
    """Why the data cannot answer, or must not; None where nothing speaks against trying."""
    kinds: tuple[Callable[[str, Linked, Context], Missing | None], ...] = (
        personal, text, cause, future, advice,
    )  # fmt: skip
    for kind in kinds:
        found = kind(question, retrieval.linked, context)
        if found is not None:
            return found
    return _unknown(retrieval, context)


def strange(linked: Linked, vocabulary: Vocabulary, examples: Scored[Example] = ()) -> tuple[Strange, ...]:
    """The words that no name of the workspace, no value, no common word and none of the examples explains.

    A glossary that names few tables explains too little for this: then nothing is strange.
    """
    if not vocabulary.is_rich:
        return ()
    words = tokens(_SLOT.sub(_blank, linked.text))
    spoken = {word.folded for hit in linked.hits for word in tokens(hit.words or hit.text)}
    explained = {word.stem for example, _ in examples for word in tokens(example.question)}
    found: list[Strange] = []
    last = -2
    for place, word in enumerate(words):
        before = words[place - 1].raw if place else ""
        if _is_unknown_rate(word.raw, before, vocabulary):
            found.append(Strange(f"{before} {word.raw}", words[place - 1].start))
        elif word.folded not in spoken and word.stem not in explained and not _is_known(word.raw, vocabulary):
            if last == place - 1:
                found[-1] = Strange(f"{found[-1].text} {word.raw}", found[-1].start)
            else:
                found.append(Strange(word.raw, word.start))
            last = place
    return tuple(found)


def unheard(linked: Linked, vocabulary: Vocabulary) -> set[str]:
    """The words, without plural endings, that are no value, no common word and in no name of the workspace as
    they stand: 'tradies' is one, though its root is that of 'trading'. None, where a glossary names few
    tables.
    """
    if not vocabulary.is_rich:
        return set()
    said = {word.folded for hit in linked.hits for word in tokens(hit.words or hit.text)}
    words = tokens(_SLOT.sub(_blank, linked.text))
    return {
        word.stem
        for word in words
        if len(word.raw) >= _SHORTEST_WORD and word.folded not in said and not vocabulary.says(word)
    }


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _is_known(word: str, vocabulary: Vocabulary) -> bool:
    return len(word) < _SHORTEST_WORD or vocabulary.explains(root(word)) or vocabulary.is_slip(word)


def _is_unknown_rate(word: str, before: str, vocabulary: Vocabulary) -> bool:
    """A rate of something ('open rate') for which there is no term, made of words that are known apart."""
    pair = (root(before), root(word)) if before else ("", "")
    if pair[1] not in _RATES or pair[0] in COMMON or pair[0] in vocabulary.noun_roots:
        return False
    return not any(pair in pairwise(name) for name in vocabulary.names)


def _unknown(retrieval: Retrieval, context: Context) -> Unanswered | None:
    found = strange(retrieval.linked, context.vocabulary, retrieval.examples)
    if not found:
        return None
    near = nearness([word.text for word in found], context)
    told = [word for word, like in zip(found, near, strict=True) if like < context.near_in_meaning]
    if not told:
        return None
    said = " and ".join(f"'{_as_typed(word.text, retrieval.linked.question)}'" for word in told[:3])
    there = _what_is_there(retrieval, context)
    return Unanswered(f"I cannot answer that from this data: nothing here tells about {said}.{there}")


def nearness(phrases: list[str], context: Context) -> list[float]:
    """How near in meaning each phrase is to the nearest name of a term, as a cosine."""
    retriever = context.retriever
    vectors = retriever.embedder.embed(phrases)
    terms = {term.term: term for term in context.terms}
    hits = [retriever.index.search("term", vector, _MOST_TERMS) for vector in vectors]
    names = list(dict.fromkeys(n for found in hits for hit in found for n in _names(terms, hit.name)))
    if not names:
        return [0.0] * len(phrases)
    return [float(like) for like in np.max(vectors @ retriever.embedder.embed(names).T, axis=1)]


def _names(terms: Mapping[str, Term], name: str) -> tuple[str, ...]:
    return terms[name].names if name in terms else (name,)


def _as_typed(phrase: str, question: str) -> str:
    found = re.search(re.escape(phrase), question, re.IGNORECASE)
    return found[0] if found else phrase


def _what_is_there(retrieval: Retrieval, context: Context) -> str:
    """The terms that are nearest to the question, as something to ask for instead."""
    names: Iterable[str] = [term.term for term, _ in retrieval.terms]
    nouns = context.vocabulary.nouns
    names = [*names, *(nouns[card.table][0] for card, _ in retrieval.cards if card.table in nouns)]
    shown = list(dict.fromkeys(names))[:_MOST_TERMS]
    return f" What is there: {', '.join(shown)}." if shown else ""


__all__ = ["Missing", "Strange", "missing", "nearness", "roots", "strange"]
