"""What a check reads and what it says."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from knowledge.clock import Clock, FrozenClock
from knowledge.glossary import Term
from knowledge.rules import Rule
from knowledge.schema import Schema

ASKER = "asker"


@dataclass(frozen=True)
class CheckContext:
    """What every check may look at besides the statement.

    `role` is that of who asks, `facts` what rules may want to know of them besides ('tenant' -> '7').
    `closed` maps a table that nobody may read to the reason. Checks in `skipped` are left out, those in
    `unmended` find without mending.
    """

    schema: Schema
    rules: tuple[Rule, ...] = ()
    question: str = ""
    clock: Clock = field(default_factory=lambda: FrozenClock(dt.date.today()))
    terms: tuple[Term, ...] = ()
    role: str = ASKER
    facts: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    unmended: frozenset[str] = frozenset()

    @property
    def dialect(self) -> str:
        return self.schema.dialect

    @property
    def held(self) -> tuple[Rule, ...]:
        """The rules that hold for the role of who asks."""
        return tuple(rule for rule in self.rules if self.role not in rule.unless_roles)

    @property
    def left_out(self) -> frozenset[str]:
        """The checks that are skipped: by a rule, or because a part of the agent is left out."""
        return self.skipped | {name for rule in self.held for name in rule.skip}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where, why and how to mend it. `mended` says that the check did so itself."""

    check: str
    where: str
    why: str
    mend: str = ""
    mended: bool = False

    def __str__(self) -> str:
        return f"{self.why}{f'; {self.mend}' if self.mend else ''}"


@dataclass(frozen=True)
class Checked:
    """The tree that a check leaves (rewritten where it could mend), its findings, the rules it applied.

    `notes` are findings that stand in nobody's way: what the reader of an answer should know.
    """

    tree: exp.Expr
    findings: tuple[Finding, ...] = ()
    rules: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        return all(finding.mended for finding in self.findings)


Check = Callable[[exp.Expr, CheckContext], Checked]
