"""The root of an English word, so that 'cancellations', 'cancelled' and 'cancel' are one word."""

from functools import lru_cache

from knowledge.words import fold, singular

_SHORTEST = 4
_ENDINGS = (
    "ization", "isation", "ation", "ition", "ments", "ment", "ings", "ing", "iest", "ness", "ity", "ied",
    "ies", "ier", "ers", "ors", "est", "ion", "ive", "ed", "er", "or", "ly", "al", "es", "s",
)  # fmt: skip
_WHOLE = frozenset(("quite",))
_SAME = {
    form: base
    for base, forms in {
        "begin": "began begun beginning", "break": "broke broken", "bring": "brought", "buy": "bought",
        "come": "came", "fall": "fell fallen", "find": "found", "get": "got gotten", "give": "gave given",
        "go": "went gone", "grow": "grew grown growth", "hold": "held", "keep": "kept", "know": "knew known",
        "leave": "left", "lose": "lost loss losses", "make": "made", "pay": "paid payment payments",
        "rise": "rose risen", "run": "ran", "say": "said", "see": "saw seen", "sell": "sold sale sales",
        "send": "sent", "speak": "spoke spoken", "spend": "spent", "take": "took taken", "tell": "told",
        "think": "thought", "win": "won", "write": "wrote written", "man": "men", "woman": "women",
        "person": "people persons",
    }.items()
    for form in forms.split()
}  # fmt: skip


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """What is left of a word without case, accents and its ending; good for comparing, not for showing.

    >>> root("Cancellations"), root("cancelled"), root("supplies"), root("supplier")
    ('cancel', 'cancel', 'suppl', 'suppl')
    """
    folded = fold(word)
    if folded in _WHOLE:
        return folded
    folded = _SAME.get(folded, folded)
    stem = singular(folded)
    stem = _SAME.get(stem, stem)
    for ending in _ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= _SHORTEST:
            stem = stem.removesuffix(ending)
            break
    if len(stem) >= _SHORTEST and stem[-1] in "eiy":
        stem = stem[:-1]
    if len(stem) >= _SHORTEST and stem[-1] == stem[-2] and stem[-1] not in "aeious":
        stem = stem[:-1]
    return stem
