"""How a turn ends. Outcomes are types, never strings that mean failure."""

from dataclasses import dataclass, field

from knowledge.result import Result


@dataclass(frozen=True)
class Answered:
    """`confidence` is in 0..1; below the workspace's threshold the answer is shown as 'please check'."""

    sql: str
    result: Result
    confidence: float
    check: bool = False
    notes: tuple[str, ...] = ()
    source: str = "model"


@dataclass(frozen=True)
class Clarify:
    """More than one reading fits; `choices` are in plain words."""

    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Unanswered:
    """Quarry tried and could not: what was understood, what is missing, what to do next."""

    reason: str
    tried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Quarry will not: what is asked for is not allowed, or is no question about data."""

    reason: str
    rules: tuple[str, ...] = field(default=())


Outcome = Answered | Clarify | Unanswered | Refused
