"""All checks on a result, one after the other."""

from graph.results.empty import empty
from graph.results.empty_columns import empty_columns
from graph.results.negative_money import negative_money
from graph.results.one_row import one_row
from graph.results.ranges import ranges
from graph.results.remarks import Remarks, ResultCheck, Seen
from graph.results.shares import shares
from graph.results.truncated import truncated

RESULT_CHECKS: tuple[ResultCheck, ...] = (
    empty,
    one_row,
    negative_money,
    shares,
    ranges,
    empty_columns,
    truncated,
)


def look(seen: Seen) -> Remarks:
    """What all checks have to say, those aside that a rule skips."""
    said = [check(seen) for check in RESULT_CHECKS if check.__name__ not in seen.context.left_out]
    return Remarks(
        tuple(finding for remarks in said for finding in remarks.findings),
        tuple(note for remarks in said for note in remarks.notes),
    )
