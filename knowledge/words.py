"""Words as the linker compares them: folded, without plural endings, known or unknown to English."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.weights import weights_folder

_TOKEN = re.compile(r"[^\W_]+|&")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ß": "ss"}
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "or", "ors", "ly", "ness", "ment", "ments", "al")
_AFTER_E = frozenset(("ed", "ing", "er", "ers", "or", "ors"))


@dataclass(frozen=True)
class Token:
    """One word of a text: as written, folded, and folded without its plural ending."""

    raw: str
    folded: str
    stem: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of a text. A possessive 's is no word; '&' is the word 'and'."""
    found = []
    for match in _TOKEN.finditer(text):
        raw = match[0]
        if raw in "sS" and match.start() and text[match.start() - 1] in "'\u2019":
            continue
        folded = "and" if raw in ("&", "und") else fold(raw)
        found.append(Token(raw, folded, singular(folded), match.start(), match.end()))
    return found


def word_set(text: str) -> frozenset[str]:
    """The words of a written list."""
    return frozenset(text.split())


def key(text: str) -> str:
    """What two spellings of the same value have in common.

    >>> key("Tea & Cocoa") == key("teas and cocoas")
    True
    """
    return " ".join(token.stem for token in tokens(text))


def exact_key(text: str) -> str:
    """The key with plural endings kept, for names that a missing letter makes another's."""
    return " ".join(token.folded for token in tokens(text))


def umlaut_key(text: str) -> str:
    """The key of the spelling without umlauts: 'Köln' as 'koeln'."""
    return key(unicodedata.normalize("NFC", text).casefold().translate(_GERMAN))


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Case and accents removed."""
    word = word.casefold()
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """The word without a plural ending; good for comparing, not for showing."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


_CONTRACTED = frozenset(
    [
        "arent",
        "cant",
        "couldnt",
        "didnt",
        "doesnt",
        "dont",
        "hadnt",
        "hasnt",
        "havent",
        "hows",
        "isnt",
        "lets",
        "shouldnt",
        "thats",
        "theres",
        "wasnt",
        "werent",
        "whats",
        "wheres",
        "whos",
        "wont",
        "wouldnt",
        "youre",
    ]
)


@cache
def english() -> Mapping[str, None]:
    """The whole words of the embedder's vocabulary: common English words and names, the common ones first."""
    lines = (weights_folder() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    words = (line for line in lines if line.isalpha() and line.isascii() and len(line) > 1)
    return dict.fromkeys([*words, *sorted(_CONTRACTED)])


class Speller:
    """Finds the words of a list that an unknown word was probably meant to be."""

    def __init__(self, words: Iterable[str], known: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        self._known = self._words.union(known)
        self._by_length: dict[int, list[str]] = {}
        for word in self._words:
            self._by_length.setdefault(len(word), []).append(word)
        self._cache: dict[str, tuple[tuple[str, int], ...]] = {}

    def knows(self, word: str) -> bool:
        """True for known words and their regular forms."""
        return word in self._known or not word.isalpha() or _is_form(word, self._known)

    def near(self, word: str, count: int = 3) -> Sequence[tuple[str, int]]:
        """The nearest words with their distance: one slip from 5 letters on, two from 8 on."""
        if word not in self._cache:
            self._cache[word] = self._search(word, count)
        return self._cache[word]

    def _search(self, word: str, count: int) -> tuple[tuple[str, int], ...]:
        if len(word) < 5 or not word.isalpha():
            return ()
        choices = [w for n in range(len(word) - 2, len(word) + 3) for w in self._by_length.get(n, ())]
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=2, limit=count * 4)
        near = [(w, int(d)) for w, d, _ in found if d <= slips(word, w)]
        return tuple(sorted(near, key=lambda pair: (pair[1], pair[0]))[:count])


def slips(word: str, other: str) -> int:
    """How many slips of the pen two words may lie apart; the first letter is hardly ever one of them."""
    if word[0] != other[0] and word[:2] != other[1::-1]:
        return 0
    if min(len(word), len(other)) < 5:
        return 0
    return 2 if max(len(word), len(other)) >= 8 else 1


def _is_form(word: str, known: frozenset[str]) -> bool:
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3:
            continue
        if stem in known or (ending in _AFTER_E and stem + "e" in known):
            return True
        if stem[-1] == "i" and stem[:-1] + "y" in known:
            return True
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in known:
            return True
    return False
