"""What a check reads and what it says."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlglot import exp

from knowledge.clock import Clock, FrozenClock
from knowledge.rules import Rule
from knowledge.schema import Schema


@dataclass(frozen=True)
class CheckContext:
    """What every check may look at besides the statement."""

    schema: Schema
    rules: tuple[Rule, ...] = ()
    question: str = ""
    clock: Clock = field(default_factory=lambda: FrozenClock(dt.date.today()))

    @property
    def dialect(self) -> str:
        return self.schema.dialect


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
    """The tree that a check leaves (rewritten where it could mend), its findings, the rules it applied."""

    tree: exp.Expr
    findings: tuple[Finding, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return all(finding.mended for finding in self.findings)


Check = Callable[[exp.Expr, CheckContext], Checked]
