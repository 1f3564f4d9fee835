"""The first wall before the database: text in, a checked statement out, or nothing."""

from dataclasses import dataclass

from sqlglot import exp

from graph.checks.clock import clock
from graph.checks.companion_columns import companion_columns
from graph.checks.finding import Check, CheckContext, Finding
from graph.checks.forbidden_columns import forbidden_columns
from graph.checks.functions import functions
from graph.checks.grouping import grouping
from graph.checks.names import names
from graph.checks.parse import parse
from graph.checks.read_only import read_only
from graph.checks.required_filters import required_filters

CHECKS: tuple[Check, ...] = (
    read_only,
    functions,
    names,
    forbidden_columns,
    companion_columns,
    grouping,
    required_filters,
    clock,
)


@dataclass(frozen=True)
class Gated:
    """`sql` and `tree` are None unless every check passed; only that `sql` may go to the database.

    `rules` names the rules whose conditions hold in it.
    """

    sql: str | None
    tree: exp.Expr | None
    findings: tuple[Finding, ...] = ()
    rules: tuple[str, ...] = ()

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
    try:
        for check in CHECKS:
            checked = check(tree, context)
            tree, findings, rules = checked.tree, findings + checked.findings, rules + checked.rules
            if not checked.passed:
                return Gated(None, None, findings)
        written = tree.sql(dialect=context.dialect, comments=False)
    except RecursionError:
        too_deep = Finding("parse", "statement", "the statement is nested too deeply", "simplify it")
        return Gated(None, None, (*findings, too_deep))
    return Gated(written, tree, findings, rules)
