"""What people do to a question before they send it: politeness, words left out or cut short, slips."""

import random
import re

_BEFORE = (
    "please", "pls", "hi,", "hey,", "hello,", "hey quarry,", "can you tell me", "could you tell me",
    "can you show me", "could you pull", "i need", "i need to know", "i would like to know",
    "i'd like to see", "tell me", "quick question:", "quick one:", "do you know", "do we know",
    "any idea", "let me know", "can i get", "can i have", "could i get", "just wondering,",
    "for the board deck:", "for my report:", "morning!", "need", "wondering", "so", "ok,", "and",
    "can we see", "let's see", "help me find", "i want", "i want to see", "would you show me",
    "curious:",
)  # fmt: skip
_AFTER = (
    "please", "pls", "thanks", "thx", "?", "??", "please?", "for me", "if possible", "- thanks!",
    "right now", "overall", "asap", "cheers", "for the meeting", "in total", "?!", "plz",
    "at the moment", "so far",
)  # fmt: skip
_SHORT = {
    "number": "no", "average": "avg", "customers": "custs", "month": "mth", "quarter": "qtr",
    "year": "yr", "and": "&", "please": "pls", "percentage": "pct", "percent": "%", "with": "w/",
    "without": "w/o", "orders": "ords", "because": "bc", "you": "u", "are": "r", "per": "/",
    "subscriptions": "subs", "products": "prods", "versus": "vs",
}  # fmt: skip
_DROPPED = {
    "the", "our", "all", "a", "an", "of", "did", "do", "we", "have", "is", "are", "was", "were",
    "there", "me",
}  # fmt: skip  # fmt: skip
_NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "y": "tu",
}  # fmt: skip


def noisy(question: str, rng: random.Random, protected: tuple[str, ...] = ()) -> str:
    """The question as somebody may have typed it; `protected` phrases (values, dates) keep their letters."""
    if rng.random() < 0.22:
        question = f"{rng.choice(_BEFORE)} {question}"
    if rng.random() < 0.22:
        question = f"{question} {rng.choice(_AFTER)}".replace(" ?", "?")
    if rng.random() < 0.25:
        question = _drop(question, rng)
    if rng.random() < 0.1:
        question = _shorten(question, rng)
    if rng.random() < 0.12:
        question = _mistype(question, rng, protected)
    return re.sub(r"\s+", " ", question).strip()


def _drop(question: str, rng: random.Random) -> str:
    return " ".join(w for w in question.split() if w.lower() not in _DROPPED or rng.random() < 0.4)


def _shorten(question: str, rng: random.Random) -> str:
    return " ".join(_SHORT[w] if w in _SHORT and rng.random() < 0.6 else w for w in question.split())


def _mistype(question: str, rng: random.Random, protected: tuple[str, ...]) -> str:
    """One slip in one longer word: a letter doubled, left out, swapped or hit beside."""
    kept = {word for phrase in protected for word in phrase.lower().split()}
    words = question.split()
    places = [n for n, w in enumerate(words) if len(w) > 4 and w.isalpha() and w.lower() not in kept]
    if not places:
        return question
    place = rng.choice(places)
    word = words[place]
    at = rng.randint(1, len(word) - 2)
    slip = rng.choice(["swap", "drop", "double", "beside"])
    if slip == "swap":
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif slip == "drop":
        word = word[:at] + word[at + 1 :]
    elif slip == "double":
        word = word[:at] + word[at] + word[at:]
    else:
        word = word[:at] + rng.choice(_NEIGHBOURS.get(word[at].lower(), "e")) + word[at + 1 :]
    words[place] = word
    return " ".join(words)
