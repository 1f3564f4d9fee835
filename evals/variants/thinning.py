"""A small part of a snapshot, closed under its keys, in which every row counts for something.

In a table of fifty thousand rows a few wrong ones change no ranking. In a few hundred they do; so every other
variant is made from a part: the rows that the golds rest on, and some of the rest.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from evals.variants.clones import Cloner, Member
from evals.variants.focus import Focus
from evals.variants.snapshot import Snapshot, TableData

KEPT_WHOLE = 200
ONE_IN = 25
WITNESSES = 60
GROUPS = 4
LARGEST_GROUP = 400


def thinned(
    snapshot: Snapshot, focuses: list[Focus], cloner: Cloner, rng: Random
) -> tuple[Snapshot, list[Focus]]:
    """The part, and the focuses with the places that their witnesses have in it."""
    kept: set[Member] = set()
    for name in snapshot.order:
        size = snapshot.tables[name].size
        some = range(size) if size <= KEPT_WHOLE else rng.sample(range(size), max(KEPT_WHOLE, size // ONE_IN))
        kept |= {(name, place) for place in some}
    for focus in focuses:
        for witness in _chosen(focus, rng):
            kept |= {(focus.tables[alias], place) for alias, place in witness.items()}
    kept = _closed(snapshot, cloner, kept)
    places = {name: sorted(place for table, place in kept if table == name) for name in snapshot.order}
    tables = {}
    for name, table in snapshot.tables.items():
        columns = {c: [values[place] for place in places[name]] for c, values in table.columns.items()}
        tables[name] = TableData(table.facts, columns, sampled=len(places[name]) < table.size)
    moved = {(name, old): new for name, olds in places.items() for new, old in enumerate(olds)}
    part = Snapshot(snapshot.dialect, tables, snapshot.keys, snapshot.order)
    return part, [_moved(focus, moved) for focus in focuses]


def _chosen(focus: Focus, rng: Random) -> Iterable[dict[str, int]]:
    """Some of what a gold reads; of a gold with HAVING, some of the groups that pass, whole."""
    witnesses = list(focus.witnesses)
    chosen = rng.sample(witnesses, min(len(witnesses), WITNESSES))
    groups: dict[int, list[dict[str, int]]] = defaultdict(list)
    for number, witness in zip(focus.groups, witnesses, strict=True):
        if number in focus.passing:
            groups[number].append(witness)
    for number in sorted(groups, key=lambda n: (len(groups[n]), n))[:GROUPS]:
        chosen += groups[number][:LARGEST_GROUP]
    return chosen


def _closed(snapshot: Snapshot, cloner: Cloner, kept: set[Member]) -> set[Member]:
    """With the rows that only make sense together, and all parents."""
    found: set[Member] = set()
    waiting = sorted(kept)
    while waiting:
        member = waiting.pop()
        if member in found:
            continue
        found.add(member)
        table, place = member
        together = cloner.family(table, place, children=False)
        waiting += sorted(together - found) if together else []
        row = snapshot.tables[table].row(place)
        for key in snapshot.keys_from(table):
            parent = snapshot.target(key, tuple(row[name] for name in key.columns))
            if parent is not None:
                waiting.append((key.to_table, parent))
    return found


def _moved(focus: Focus, places: dict[Member, int]) -> Focus:
    kept = [
        (group, {alias: places[focus.tables[alias], place] for alias, place in witness.items()})
        for group, witness in zip(focus.groups, focus.witnesses, strict=True)
        if all((focus.tables[alias], place) in places for alias, place in witness.items())
    ]
    return replace(
        focus,
        witnesses=tuple(witness for _, witness in kept),
        groups=tuple(group for group, _ in kept),
    )
