"""What the gate says of a candidate, with all that it was said from."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Ruling(StrEnum):
    """What becomes of a candidate; only `ship` switches."""

    SHIP = "ship"
    REFUSE = "refuse"
    TOO_SMALL = "too small to tell"


@dataclass(frozen=True)
class Change:
    """A case that got better or worse. `before` and `after` are the shares of its repeats that were right;
    the verdicts, the SQL and `why` are those of the first repeat that differs. `scored` is the candidate's.
    """

    suite: str
    case: str
    question: str
    category: str
    before: float
    after: float
    verdict_before: str = ""
    verdict_after: str = ""
    sql_before: str = ""
    sql_after: str = ""
    why: str = ""
    scored: bool = True

    @property
    def failed_before(self) -> bool:
        return self.verdict_before != "" and self.before < 1


@dataclass(frozen=True)
class CategoryChange:
    """Won and lost cases of a category, for diagnosis: it never gates. `corrected` is the two-sided p of
    McNemar after Holm.
    """

    category: str
    cases: int
    won: int
    lost: int
    p: float
    corrected: float


@dataclass(frozen=True)
class LeftOut:
    """A case that could not be compared, and why."""

    suite: str
    case: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What two runs say of a candidate against the model that answers now.

    `difference`, `lower` and `upper` are shares of the `cases` compared (candidate less current); each bound
    holds at 95% by itself. `p_regression` is the exact one-sided McNemar. `detectable` is the smallest
    difference that so many cases show with 80% power, `needed` the cases that would show a loss of `delta`.
    `identical`: the candidate answered every compared case exactly as the current model did. Without a
    current model (`compared` false) `cases` are those scored, and the figures of before are empty.
    """

    delta: float
    compared: bool = True
    cases: int = 0
    right_before: float = 0.0
    right_after: float = 0.0
    difference: float = 0.0
    lower: float = -1.0
    upper: float = 1.0
    won: int = 0
    lost: int = 0
    p_regression: float = 1.0
    worse: tuple[Change, ...] = ()
    better: tuple[Change, ...] = ()
    identical: bool = False
    must_pass: int = 0
    must_pass_failed: tuple[Change, ...] = ()
    wrong_presented_before: float = 0.0
    wrong_presented_after: float = 0.0
    newly_wrong_presented: tuple[Change, ...] = ()
    by_category: tuple[CategoryChange, ...] = ()
    detectable: float | None = None
    needed: int | None = None
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision(Evidence):
    """The ruling on a candidate, its reasons as sentences, and the evidence that it was made from."""

    verdict: Ruling
    reasons: tuple[str, ...]

    @property
    def ships(self) -> bool:
        return self.verdict is Ruling.SHIP

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
