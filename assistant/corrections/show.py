"""A correction with all that an owner wants to see before a decision."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from feedback.corrections import Correction
from feedback.database import FeedbackError
from feedback.reviews import Review

if TYPE_CHECKING:
    from assistant.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """`same` say the same, `against` contradict it; `example` is the team's own SQL for this question.

    `names` are those of the people in it.
    """

    correction: Correction
    same: tuple[Correction, ...]
    against: tuple[Correction, ...]
    example: str
    reviews: tuple[Review, ...]
    names: dict[str, str]
    dialect: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def shown(workspace: "Workspace", correction_id: int) -> Shown:
    """Raises FeedbackError where there is none."""
    feedback = workspace.feedback
    found = feedback.corrections.get(correction_id)
    if found is None:
        raise FeedbackError(f"There is no correction {correction_id}; see `quarry feedback queue`.")
    same = tuple(c for c in feedback.corrections.of_topic(found.topic) if c.correction_id != correction_id)
    example = next(
        (e.sql for e in workspace.examples if e.question == found.question and e.sql != found.sql), ""
    )
    return Shown(
        found,
        same,
        tuple(feedback.queue.against(found)),
        example,
        tuple(feedback.reviews.of(correction_id)),
        feedback.names(),
        workspace.database.dialect,
    )
