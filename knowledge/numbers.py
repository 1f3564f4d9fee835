"""Numbers in a question: digits with separators, '2.5k', and number words. Ordinals are not numbers."""

import re
from dataclasses import dataclass

SMALL = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ONES = {"one": 1, **SMALL}
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000}

_WORD = "|".join(
    [*(f"{ten}(?:[ -](?:{'|'.join(list(_ONES)[:9])}))?" for ten in TENS), *sorted(SMALL, key=len)[::-1]]
)
_WORDS = rf"(?:(?:an?|one|{_WORD})\s+)?(?:hundred|thousand|million|dozen)|{_WORD}"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d+)?"
_NUMBER = re.compile(
    rf"""(?<![\w.,/:-])(?<![€$£]\s)(?:(?P<sign>[€$£#])\s?)?
    (?:(?P<digits>{_DIGITS})(?:\s?(?P<scale>k|mn?|million|thousand)(?!\w))?\s?(?P<currency>[€$£])?
      (?![\w/:]|[.,]\d|-(?!(?:day|week|month|year|hour|minute|star|unit|gram|pack|point)))
    | (?P<words>{_WORDS})(?![\w]))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class NumberHit:
    """A number and where it stands; the sign of a currency is part of the span, a percent sign is not."""

    start: int
    end: int
    text: str
    number: float


def find_numbers(text: str) -> list[NumberHit]:
    """The numbers of a text, from left to right.

    >>> [hit.number for hit in find_numbers("top five over 1,000 and 2.5k, 20%")]
    [5, 1000, 2500, 20]
    """
    hits = []
    for match in _NUMBER.finditer(text.lower()):
        value = _digits(match) if match["digits"] else _words(match["words"])
        end = match.end() if match["currency"] else match.end("scale") if match["scale"] else -1
        end = end if end > 0 else match.end("digits") if match["digits"] else match.end()
        hits.append(NumberHit(match.start(), end, text[match.start() : end], value))
    return hits


def small_number(word: str) -> int:
    """The number that digits or a number word mean ('12', 'twelve', 'twenty-four', 'a', 'a couple of')."""
    word = word.strip()
    if word.isdigit():
        return int(word)
    if word in ("a", "an", "one"):
        return 1
    if word.startswith(("couple", "a couple")):
        return 2
    return int(_words(word))


def _digits(match: re.Match[str]) -> float:
    digits = match["digits"].replace(",", "")
    if digits.count(".") > 1:
        digits = digits.replace(".", "")
    return _plain(float(digits) * _SCALES.get(match["scale"] or "", 1))


def _words(text: str) -> float:
    total = 0
    for word in re.split(r"[\s-]+", text):
        if word in ("a", "an"):
            total = 1
        elif word == "dozen":
            total = max(total, 1) * 12
        elif word == "hundred":
            total = max(total, 1) * 100
        elif word in _SCALES:
            total = max(total, 1) * _SCALES[word]
        else:
            total += TENS.get(word) or _ONES[word]
    return total


def _plain(value: float) -> float:
    rounded = round(value, 9)
    return int(rounded) if rounded.is_integer() else rounded
