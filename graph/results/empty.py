"""Nothing came back, though what was asked for is there."""

from collections.abc import Iterator

from sqlglot import exp

from graph.checks.finding import Finding
from graph.results.remarks import Remarks, Seen

_MOST = 3


def empty(seen: Seen) -> Remarks:
    """Tell when filters match nothing although each of their values is stored.

    Applies when: the statement compares columns with values of the question that its tables hold.
    Violated when: there is no row, or nothing but NULL in them; a count of 0 is told as a note.
    Says: which values there are, and that nothing matches them together.
    """
    if not seen.is_empty and not _counts_nothing(seen):
        return Remarks()
    held = list(dict.fromkeys(_compared(seen)))[:_MOST]
    if not held:
        return Remarks()
    told = " and ".join(f"{table}.{column} = '{value}'" for table, column, value in held)
    there = "is there" if len(held) == 1 else "are there"
    finding = Finding("empty", told, f"{told} {there}, but no row matches that and the other conditions")
    return Remarks(findings=(finding,)) if seen.is_empty else Remarks(notes=(finding,))


def _counts_nothing(seen: Seen) -> bool:
    rows = seen.result.rows
    return len(rows) == 1 and all(cell in (0, None) for cell in rows[0])


def _compared(seen: Seen) -> Iterator[tuple[str, str, str]]:
    """The known values that the statement compares a column with."""
    for node in seen.scopes.of_kind(exp.EQ, exp.In):
        column = next((side for side in (node.this, node.expression) if isinstance(side, exp.Column)), None)
        base = seen.scopes.base_of(column) if column is not None else None
        if base is None:
            continue
        literals = node.expressions if isinstance(node, exp.In) else [node.this, node.expression]
        for literal in literals:
            if isinstance(literal, exp.Literal) and (*base, literal.name) in seen.values:
                yield (*base, literal.name)
