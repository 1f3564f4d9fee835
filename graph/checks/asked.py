"""What the words of a question say about a rule."""

import re
from functools import lru_cache

from knowledge.rules import Rule

_LEFT_OUT = re.compile(
    r"\b(?:without|excluding|exclude|excludes|except|excepting|minus|ignoring|ignore|omitting|skip|not|no"
    r"|never|neither|nor|non|isn't|aren't|don't|other than|apart from|leaving out|leave out|free of)"
    r"(?:[\s-]+[\w'-]+){0,2}[\s-]*$"
)


def asks_otherwise(question: str, rule: Rule) -> str:
    """The words of a question with which a rule does not hold; empty where it holds.

    Words that the question leaves out do not count.

    >>> # 'including test accounts'  ->  'test accounts';  'without test accounts'  ->  ''
    """
    if not question or not rule.unless_words:
        return ""
    text = question.lower()
    for match in _pattern(rule.unless_words).finditer(text):
        if not _LEFT_OUT.search(text[: match.start()]):
            return match.group(0)
    return ""


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted((word.lower() for word in words), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in longest_first) + r")\b")
