"""A column without a single value says nothing."""

from graph.checks.finding import Finding
from graph.results.remarks import Remarks, Seen


def empty_columns(seen: Seen) -> Remarks:
    """Tell of columns that are empty in every row.

    Applies when: there are rows.
    Violated when: a column holds nothing but NULL; when all do, it speaks against the result.
    Says: which column.
    """
    result = seen.result
    if not result.rows:
        return Remarks()
    hollow = [
        name for place, name in enumerate(result.columns) if all(row[place] is None for row in result.rows)
    ]
    found = tuple(Finding("empty_columns", name, f"{name} is empty in every row") for name in hollow)
    return Remarks(findings=found) if len(hollow) == len(result.columns) else Remarks(notes=found)
