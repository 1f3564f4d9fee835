"""The slots of an edit, numbered behind those of the turn that it edits: both stand in one prompt."""

from collections import Counter
from dataclasses import dataclass, replace

from graph.specialist import SLOTS
from knowledge.link import Linked


@dataclass(frozen=True)
class Leaning:
    """`own` is the edit with its slots renamed; `together` has those of both, the turn's first."""

    own: Linked
    together: Linked


def numbered_on(turn: Linked, edit: Linked) -> Leaning | None:
    """None where the two have more literals than there are slots."""
    taken = Counter(slot.kind for slot in turn.slots)
    names = {slot.name: f"{slot.name[0]}{int(slot.name[1:]) + taken[slot.kind]}" for slot in edit.slots}
    if not {f"<{name}>" for name in names.values()} <= set(SLOTS):
        return None
    text = edit.text
    for name in sorted(names, key=lambda name: -int(name[1:])):
        text = text.replace(f"<{name}>", f"<{names[name]}>")
    own = replace(edit, text=text, slots=tuple(replace(s, name=names[s.name]) for s in edit.slots))
    return Leaning(own, replace(own, slots=(*turn.slots, *own.slots)))
