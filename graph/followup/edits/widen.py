"""More rows: 'all sales channels', 'back to all countries', 'not just the app', 'regardless of country'."""

from dataclasses import dataclass

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement
from graph.followup.whole import Whole


@dataclass(frozen=True)
class Widen:
    """Without the condition on a column, or on that of a value."""

    item: Item

    def text(self, whole: Whole) -> Whole:
        items = [i for i in whole.items if any(self._covers(r.table, r.column) for r in i.values)]
        for part in reversed(
            whole.enumerated(items)
        ):  # from the end, so that the places of those before stay
            whole = whole.without(part)
        return whole

    def tree(self, statement: Statement) -> None:
        kept = []
        for node in statement.conditions:
            compared = statement.compared(node)
            if compared is None or not self._covers(*compared):
                kept.append(node)
        statement.keep(kept)

    def _covers(self, table: str, column: str) -> bool:
        named = {term.column for term in self.item.columns} | {
            f"{r.table}.{r.column}" for r in self.item.values
        }
        labels = {
            name for term in self.item.tables if term.table == table for name in ("full_name", *term.label)
        }
        return f"{table}.{column}" in named | labels or (column == "full_name" and column in labels)


def read(match: Match, was: Whole) -> Edit | None:
    """Only where the question holds such a condition, or is split by that column: then there is none."""
    item = match.one("column") or match.one("value")
    if item is None:
        return None
    edit = Widen(item)
    split = any(item.terms == by.terms for part in was.groups for by in part.items)
    return edit if split or edit.text(was) is not was else None


KIND = Kind(
    "widen",
    read,
    patterns(
        "for|in|across? all|any the? <column> not just|only the? <value>",
        "for|in|across? all|any the? <column>",
        "regardless|irrespective of the? <column>",
        "not just|only in|for|from|the? <value>",
        "without|remove|drop|no|forget the? <column|value> filter|restriction|condition",
    ),
)
