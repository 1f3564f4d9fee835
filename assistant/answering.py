"""One question through a workspace: asked, timed, kept."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.render.timing import Split
from graph.outcome import Outcome

if TYPE_CHECKING:
    from assistant.workspace import Workspace


@dataclass(frozen=True)
class Reply:
    """What came back for a question.

    `turn_id` is its number in the log of turns, `dialect` that of the SQL, `rules` names those applied.
    """

    question: str
    outcome: Outcome
    split: Split
    turn_id: int
    dialect: str = ""
    rules: tuple[str, ...] = ()


def reply(workspace: "Workspace", question: str, thread: str = "") -> Reply:
    """Ask the workspace's agent and keep the turn. Raises QuarryError."""
    begun, opened = time.perf_counter(), frozenset(workspace.opened)
    live, turns = workspace.live, workspace.turns
    asked = time.perf_counter()
    turn = live.ask(question, thread)
    total = time.perf_counter() - asked
    times = turn.record.times
    split = Split(
        total=total,
        retrieval=times.get("retrieval", 0.0),
        model=times.get("model", 0.0),
        database=times.get("database", 0.0),
        start=asked - begun,
        parts=_parts(workspace, opened, asked - begun) if asked - begun > 0.05 else {},
    )
    kind = type(turn.outcome).__name__.lower()
    turn_id = turns.add(thread, question, kind, turn.record.to_json())
    rules = next((candidate.rules for candidate in turn.record.candidates if candidate.chosen), ())
    return Reply(question, turn.outcome, split, turn_id, workspace.database.dialect, rules)


def _parts(workspace: "Workspace", before: frozenset[str], start: float) -> dict[str, float]:
    """The parts of the start, without what was open `before`; what they leave is the import of libraries."""
    names = {"database", "schema", "retriever", "model"} & workspace.opened.keys() - before
    parts = {name: workspace.opened[name] for name in sorted(names)}
    return parts | {"libraries": max(0.0, start - sum(parts.values()))}
