"""The little English that wordings need: plurals, and a mini-language of alternatives."""

import random
import re

from knowledge.plural import plural

__all__ = ["plural", "say"]


def say(rng: random.Random, template: str, **words: str) -> str:
    """Choose among alternatives: `(show|give) me (all |)the {noun}|{noun} please`; groups nest, may be empty.

    `words` fill the braces after the choice, so they may hold bars and brackets of their own.
    """
    text = f"({template})"
    while True:
        group = _INNERMOST.search(text)
        if group is None:
            break
        text = text[: group.start()] + rng.choice(group.group(1).split("|")) + text[group.end() :]
    text = text.format(**words)
    return re.sub(r"\bthe the\b", "the", re.sub(r"\s+", " ", text)).replace(" ,", ",").strip()


_INNERMOST = re.compile(r"\(([^()]*)\)")
