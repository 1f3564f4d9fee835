"""Other wordings of synthetic questions, by any chat model; a wording that loses a value is thrown away."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from graph.models.base import Prompt
from graph.specialist import SLOT, prompt_text
from knowledge.link import Linked, Slot
from training.synthesis import Row

if TYPE_CHECKING:
    from training.material import Material

Ask = Callable[[Prompt], str]

WORDINGS = 4
LONGEST = 200
_HEAD = (
    "You reword questions that colleagues ask of their company's database. Reply with "
    f"{WORDINGS} other ways to ask the same, one a line, without numbering: one short as a search, one "
    "chatty, one formal, one with other words for the same things. Keep every name, number and date "
    "exactly as it is written. Ask for nothing more and nothing less."
)
_BULLET = re.compile(r"^\s*(?:[-*\u2022]|\d+[.)])\s*")


class Paraphraser:
    """Asks a model for wordings and keeps those in which the same values, numbers and dates are found."""

    def __init__(self, material: "Material", ask: Ask) -> None:
        self._material = material
        self._ask = ask

    def rows(self, rows: Sequence[Row], path: Path) -> Iterator[Row]:
        """What comes of each row, asked once: `path` keeps the replies, so that a stopped run goes on."""
        known = _replies(path)
        with path.open("a", encoding="utf-8") as file:
            for row in rows:
                if row.question not in known:
                    known[row.question] = self._ask(Prompt(_HEAD, row.question))
                    file.write(json.dumps([row.question, known[row.question]], ensure_ascii=False) + "\n")
                    file.flush()
                yield from self._of(row, known[row.question])

    def _of(self, row: Row, reply: str) -> Iterator[Row]:
        before = self._material.linker.link(row.question)
        for line in reply.splitlines():
            question = _BULLET.sub("", line).strip()
            if not 0 < len(question) <= LONGEST or question.lower() == row.question.lower():
                continue
            linked = self._material.linker.link(question)
            names = _renamed(before, linked)
            if names is not None:
                target = SLOT.sub(lambda found, names=names: f"<{names[found[1]]}{found[2]}>", row.target)  # type: ignore[misc]
                yield Row(prompt_text(linked, self._material.schema), target, question, row.kind)


def _replies(path: Path) -> dict[str, str]:
    """Of a run before; a line that a killed process left half is asked for again."""
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            question, reply = json.loads(line)
        except ValueError:
            continue
        found[question] = reply
    return found


def _renamed(before: Linked, after: Linked) -> dict[str, str] | None:
    """Slot names of the one question -> those of the other; None unless both hold the same."""
    left = {_meant(slot): slot.name for slot in after.slots}
    if len(left) != len(after.slots) or sorted(map(_meant, before.slots)) != sorted(left):
        return None
    return {slot.name: left[_meant(slot)] for slot in before.slots}


def _meant(slot: Slot) -> str:
    if slot.kind == "date":
        return f"date {slot.window}"
    if slot.kind == "number":
        return f"number {slot.number}"
    return "value " + "/".join(sorted({f"{r.table}.{r.column}={r.value}" for r in slot.readings}))
