"""What every kind of edit has: patterns that say it, and what it does to question and statement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from graph.followup.pattern import Match, Pattern
from graph.followup.statement import Statement
from graph.followup.whole import Whole


class Edit(Protocol):
    """One change that a follow-up asks for."""

    def text(self, whole: Whole) -> Whole:
        """The question with the change in it."""
        ...

    def tree(self, statement: Statement) -> None:
        """Change the statement in place. Raises UncertainError."""
        ...


@dataclass(frozen=True)
class Kind:
    """`read` makes the edit of a match of one of the `patterns`; None where it does not fit the question."""

    name: str
    read: Callable[[Match, Whole], Edit | None]
    patterns: tuple[Pattern, ...]


def patterns(*texts: str) -> tuple[Pattern, ...]:
    return tuple(Pattern(text) for text in texts)
