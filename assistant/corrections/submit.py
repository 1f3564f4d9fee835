"""Hand in a correction: examined where it has SQL, beside those that say the same."""

from typing import TYPE_CHECKING, Any

from assistant.corrections.examine import Examined, examine
from feedback.corrections import Correction, Draft
from feedback.database import FeedbackError
from feedback.people import Person

if TYPE_CHECKING:
    from assistant.workspace import Workspace


def submit(
    workspace: "Workspace",
    turn_id: int,
    person: Person,
    *,
    sql: str = "",
    comment: str = "",
    cause: str = "other",
) -> tuple[Correction, Examined | None]:
    """Keep it for review. Raises FeedbackError where the SQL cannot be taken, and nothing is kept."""
    turn = workspace.feedback.turns.get(turn_id)
    if turn is None:
        raise FeedbackError(f"There is no turn {turn_id} to correct; it may have been erased.")
    examined = examine(workspace, sql, turn.sql) if sql.strip() else None
    evidence: dict[str, Any] = examined.to_json() if examined is not None else {}
    group = examined.now.group if examined is not None else ""
    (vector,) = workspace.embedder.embed([turn.whole_question])
    topic = workspace.feedback.queue.topic_of(vector, group)
    draft = Draft(turn_id, person, examined.sql if examined else "", comment, cause, evidence)
    kept = workspace.feedback.corrections.submit(draft, topic=topic, vector=vector.tobytes(), group=group)
    return kept, examined
