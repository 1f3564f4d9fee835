"""There are more rows than were fetched."""

from graph.checks.finding import Finding
from graph.results.remarks import Remarks, Seen


def truncated(seen: Seen) -> Remarks:
    """Tell that rows are missing.

    Applies when: always.
    Violated when: the database had more rows than the limit lets through.
    Says: how many are shown, and that a sum of them is not the whole.
    """
    if not seen.result.truncated:
        return Remarks()
    why = f"there are more than these {len(seen.result.rows):,} rows, so do not add them up"
    return Remarks(notes=(Finding("truncated", "rows", why),))
