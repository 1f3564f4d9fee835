"""The first wall before the database: text in, a checked statement out, or nothing."""

from dataclasses import dataclass, replace

from sqlglot import exp

from graph.checks.clock import clock
from graph.checks.closed_tables import closed_tables
from graph.checks.companion_columns import companion_columns
from graph.checks.division import division
from graph.checks.endless import endless
from graph.checks.fan_out import fan_out
from graph.checks.finding import Check, CheckContext, Finding
from graph.checks.forbidden_columns import forbidden_columns
from graph.checks.functions import functions
from graph.checks.grouping import grouping
from graph.checks.integer_division import integer_division
from graph.checks.joins import joins
from graph.checks.last_day import last_day
from graph.checks.limit import limit
from graph.checks.lost_rows import lost_rows
from graph.checks.masked_columns import masked_columns
from graph.checks.metrics import metrics
from graph.checks.money import money
from graph.checks.names import names
from graph.checks.null_comparison import null_comparison
from graph.checks.parse import parse
from graph.checks.read_only import read_only
from graph.checks.required_filters import required_filters
from graph.checks.scope import scope
from graph.checks.time_units import time_units
from graph.checks.units import units
from graph.checks.views import views

CHECKS: tuple[Check, ...] = (
    read_only,
    functions,
    names,
    closed_tables,
    endless,
    views,
    joins,
    forbidden_columns,
    masked_columns,
    null_comparison,
    last_day,
    companion_columns,
    units,
    time_units,
    metrics,
    money,
    fan_out,
    division,
    integer_division,
    grouping,
    limit,
    lost_rows,
    scope,
    required_filters,
    clock,
)


@dataclass(frozen=True)
class Gated:
    """`sql` and `tree` are None unless every check passed; only that `sql` may go to the database.

    `rules` names the rules whose conditions hold in it; `notes` are what a reader of the answer should know.
    """

    sql: str | None
    tree: exp.Expr | None
    findings: tuple[Finding, ...] = ()
    rules: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def why(self) -> str:
        """What stands in the way, in words."""
        return "; ".join(str(finding) for finding in self.findings if not finding.mended)


def gate(sql: str, context: CheckContext) -> Gated:
    """Check one statement, mend it where a check can, and write it out again from its tree."""
    tree = parse(sql, context)
    if isinstance(tree, Finding):
        return Gated(None, None, (tree,))
    findings: tuple[Finding, ...] = ()
    rules: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    try:
        for check in CHECKS:
            if check.__name__ in context.left_out:
                continue
            checked = check(tree, context)
            if check.__name__ in context.unmended:
                checked = replace(checked, findings=tuple(replace(f, mended=False) for f in checked.findings))
            tree, findings, rules = checked.tree, findings + checked.findings, rules + checked.rules
            notes += checked.notes
            if not checked.passed:
                return Gated(None, None, findings)
        written = tree.sql(dialect=context.dialect, comments=False)
    except RecursionError:
        too_deep = Finding("parse", "statement", "the statement is nested too deeply", "simplify it")
        return Gated(None, None, (*findings, too_deep))
    return Gated(written, tree, findings, tuple(dict.fromkeys(rules)), notes)
