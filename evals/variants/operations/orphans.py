"""Parents without children: against an inner join that should be an outer one, and the other way round."""

from collections.abc import Iterator
from typing import Any

from evals.variants.changes import Unit
from evals.variants.draft import Draft, between

ONE_IN = 200
MOST = 8
_TRIES = 4


def orphans(draft: Draft) -> Iterator[Unit]:
    """Copies of parents without anything below them; where children would add up to a column, it is 0."""
    for table in draft.tables():
        if not draft.snapshot.keys_to(table):
            continue
        wanted = between(2, draft.snapshot.tables[table].size // ONE_IN, MOST)
        made = 0
        for place in draft.some_rows(table, wanted * _TRIES):
            unit = _alone(draft, table, place)
            if unit:
                yield unit
                made += 1
            if made == wanted:
                break


def _alone(draft: Draft, table: str, place: int) -> Unit | None:
    sums = {rule.parent for rule in draft.habits.adds_up if rule.key.to_table == table}
    if not sums:
        return draft.copy(table, place, children=False)
    row = draft.snapshot.tables[table].row(place)
    cells: dict[str, Any] = {name: type(row[name])(0) for name in sums if row[name] is not None}
    for _ in range(len(row)):
        low = {rule.low for rule in draft.habits.ordered[table] if not rule.holds({**row, **cells})}
        if not low:
            break
        cells |= {name: type(row[name])(0) for name in low if not draft.roles[table][name].moments}
    return draft.cloner.clone({(table, place)}, {(table, place): cells})
