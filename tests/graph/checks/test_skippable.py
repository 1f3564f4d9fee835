from graph.checks import CHECKS
from graph.results import RESULT_CHECKS
from knowledge.rules import SKIPPABLE

NEVER = {
    *("read_only", "functions", "names", "views", "forbidden_columns", "masked_columns", "scope"),
    *("required_filters", "companion_columns", "grouping", "clock", "ranges"),
}
"""Those that hold a wall or a rule, or mend what could not run."""


def test_what_may_be_skipped_is_a_check_and_holds_no_wall_and_no_rule() -> None:
    names = {check.__name__ for check in (*CHECKS, *RESULT_CHECKS)}
    assert set(SKIPPABLE) <= names
    assert names >= NEVER
    assert not NEVER & set(SKIPPABLE)
    assert len(set(SKIPPABLE)) == len(SKIPPABLE)
