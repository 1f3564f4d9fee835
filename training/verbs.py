"""How people say what a column named by a verb says: 'the Rhine runs through Basel', for river.traverse."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Verb:
    """'run', 'runs', 'running', and what stands behind each: 'through'."""

    go: str
    goes: str
    going: str
    rest: str = ""

    @property
    def forms(self) -> dict[str, str]:
        """For templates: `base`, `third` and `ing` with what stands behind; `go`, `goes` and `rest` apart."""
        whole = {"base": self.go, "third": self.goes, "ing": self.going}
        behind = {name: f"{form} {self.rest}".strip() for name, form in whole.items()}
        return {**behind, "go": self.go, "goes": self.goes, "rest": self.rest}


def verbs(words: str) -> tuple[Verb, ...]:
    """What people say for a column by its name, spelled out; empty where that is no verb that is known.

    >>> verbs("traverse")[1]
    Verb(go='run', goes='runs', going='running', rest='through')
    >>> verbs("runs through") == verbs("traverse")
    True
    >>> verbs("capital")
    ()
    """
    return _known().get(words, ())


@cache
def _known() -> dict[str, tuple[Verb, ...]]:
    """By the column's name in the lexicon, and by every other way in which a column may say the same."""
    given = yaml.safe_load((Path(__file__).parent / "verbs.yaml").read_text(encoding="utf-8"))
    found = {word: tuple(Verb(*text.split(maxsplit=3)) for text in said) for word, said in given.items()}
    for said in list(found.values()):
        for verb in said:
            found.setdefault(verb.forms["base"], said)
            found.setdefault(verb.forms["third"], said)
    return found
