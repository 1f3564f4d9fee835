"""What a thread keeps of each turn."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class PastTurn(TypedDict):
    """What a follow-up question may lean on.

    `composed` is the whole question: `question` itself, or what a follow-up was read as. `sql` and `columns`
    are empty where `kind`, the kind of the outcome, is not 'answered'; `confidence` is that of the answer,
    `choices` those of a question back.
    """

    question: str
    sql: str
    composed: NotRequired[str]
    kind: NotRequired[str]
    columns: NotRequired[list[str]]
    confidence: NotRequired[float]
    choices: NotRequired[list[str]]


def whole_question(turn: PastTurn) -> str:
    """The question as it was answered."""
    return turn.get("composed") or turn["question"]


def answered(past: Sequence[PastTurn]) -> list[PastTurn]:
    """The turns that gave an answer, oldest first."""
    return [turn for turn in past if turn["sql"]]
