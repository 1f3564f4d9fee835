"""What drifted, in the terminal: the changes, then every entry that is left out, with what to do."""

from collections.abc import Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from assistant.drift import Drift
from knowledge.quarantine import Stale

_KINDS = {
    "rule": "Rules", "term": "Terms", "example": "Examples", "pair": "Taught pairs", "case": "Cases",
    "release": "Releases",
}  # fmt: skip


def drifted(found: Drift) -> RenderableType:
    """One sentence where nothing drifted."""
    return Group(*_lines(found))


def _lines(found: Drift) -> Iterator[Text]:
    if found.changes:
        yield Text("Changes in the database since the knowledge was last seen to hold", style="bold")
        for change in found.changes:
            now = found.renames.get(change.name)
            hint = f"; it may be {now} now" if now and change.happened.endswith("gone") else ""
            yield Text(f"  {change}{hint}")
        yield Text()
    if not found.stale:
        yield Text(
            "Nothing is left out: all of the knowledge holds for the database as it is.", style="green"
        )
        return
    for reason in dict.fromkeys(found.closed.values()):
        yield Text(f"{reason[:1].upper()}{reason[1:]}.", style="bold red")
    if found.closed:
        yield Text()
    order = list(_KINDS)
    stale = sorted(found.stale, key=lambda entry: (order.index(entry.kind), entry.file, entry.line))
    for kind, entries in groupby(stale, key=lambda entry: entry.kind):
        listed = list(entries)
        counted = f": {len(listed)} left out" if kind not in ("pair", "release") else ""
        yield Text(f"{_KINDS[kind]}{counted}", style="bold")
        for (why, remedy), same in _by_cause(found, listed).items():
            yield Text.assemble(f"  {why[:1].upper()}{why[1:].rstrip('.')}.\n", (f"  -> {remedy}", "yellow"))
            for entry in same:
                yield Text.assemble("     ", (entry.where, "cyan"), f"  {entry.name}")
        yield Text()


def _by_cause(found: Drift, entries: list[Stale]) -> dict[tuple[str, str], list[Stale]]:
    """Entries with the same reason and remedy together, in the order of the first of them."""
    causes: dict[tuple[str, str], list[Stale]] = {}
    for entry in entries:
        causes.setdefault((entry.why, found.remedy(entry)), []).append(entry)
    return causes
