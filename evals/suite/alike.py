"""Whether two questions are the same one, but for letters, signs and small words."""

import re
from collections import Counter
from collections.abc import Sequence

from evals.suite.case import Case

NEAR = 95.0
"""From this likeness on (of 100), two questions that name the same numbers may be the same question."""

_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an the of for in on by to me us our we i and please there than then is are was were do did does",
    )
)


def plain(question: str) -> str:
    """The words alone, in small letters.

    >>> plain("Who's paid MORE than 1,000?")
    'who s paid more than 1 000'
    """
    return " ".join(re.findall(r"\w+", question.casefold()))


def asked(case: Case) -> str:
    """All that a case asks, in plain words: a follow-up is the same only after the same questions."""
    return plain(" / ".join((*case.previous, case.question)))


def numbers(text: str) -> tuple[str, ...]:
    """The numbers of a text in their order.

    >>> numbers("top 5 of 2024")
    ('5', '2024')
    """
    return tuple(re.findall(r"\d+", text))


def masked(text: str, values: Sequence[str] = ()) -> str:
    """A plain question with its numbers, and the values that its SQL names, taken out.

    >>> masked("orders from berlin in 2024", ["Berlin"])
    'orders from # in #'
    """
    for value in sorted(filter(None, map(plain, values)), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(value)}\b", "#", text)
    return re.sub(r"\d+", "#", text)


def alike(one: str, other: str) -> bool:
    """Whether two near texts differ in small words and in endings or slips of the pen alone.

    >>> alike("who earn what", "who earns what"), alike("orders in germany", "orders in austria")
    (True, False)
    """
    if numbers(one) != numbers(other):
        return False
    left, right = Counter(one.split()), Counter(other.split())
    lost = [word for word in (left - right).elements() if word not in _SMALL]
    added = [word for word in (right - left).elements() if word not in _SMALL]
    for word in lost:
        partner = next((candidate for candidate in added if _same_word(word, candidate)), None)
        if partner is None:
            return "".join(lost) == "".join(added)
        added.remove(partner)
    return not added


def near_places(texts: Sequence[str], known: Sequence[str]) -> list[tuple[int, int]]:
    """The places in `texts` and in `known` of those that are alike."""
    import numpy as np
    from rapidfuzz import fuzz, process

    if not texts or not known:
        return []
    likeness = process.cdist(texts, known, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8)
    return [
        (int(row), int(column))
        for row, column in zip(*np.nonzero(likeness), strict=True)
        if alike(texts[row], known[column])
    ]


def _same_word(one: str, other: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and longer[len(shorter) :] in {"s", "es", "d", "ed", "ing", "n"}:
        return True
    return len(shorter) > 4 and Levenshtein.distance(one, other, score_cutoff=1) <= 1
