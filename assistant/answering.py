"""One question through a workspace: asked, timed, kept."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.render.timing import Split
from feedback.people import NOBODY, Person
from feedback.turns import LoggedTurn
from graph.outcome import Answered, Clarify, Outcome, Refused, Unanswered
from knowledge.errors import QueryError

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from graph.explain import Explanation, Heading


@dataclass(frozen=True)
class Reply:
    """What came back for a question.

    `turn_id` is its number in the log of turns, `dialect` that of the SQL, `rules` names those applied.
    `headings` are the team's words for the columns of an answer, one each or none; `explanation` is there
    where it was asked for.
    """

    question: str
    outcome: Outcome
    split: Split
    turn_id: int
    dialect: str = ""
    rules: tuple[str, ...] = ()
    headings: "tuple[Heading, ...]" = ()
    explanation: "Explanation | None" = None


def reply(
    workspace: "Workspace",
    question: str,
    thread: str = "",
    *,
    explain: bool = False,
    person: Person = NOBODY,
    channel: str = "",
) -> Reply:
    """Ask the workspace's agent and keep the turn. Raises QuarryError."""
    begun, opened = time.perf_counter(), frozenset(workspace.opened)
    live, turns = workspace.live, workspace.feedback.turns
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
    release = live.workspace.release
    turn_id = turns.add(
        *(thread, question, kind, turn.record.to_json()),
        person=person,
        channel=channel,
        release=release.name if release else "",
    )
    rules = next((candidate.rules for candidate in turn.record.candidates if candidate.chosen), ())
    said = Reply(question, turn.outcome, split, turn_id, workspace.database.dialect, rules)
    return _told(live.workspace, said, explain=explain)


def again(workspace: "Workspace", turn: LoggedTurn, sql: str = "", *, explain: bool = False) -> Reply:
    """What a turn said, from the log: its statement runs again, through both walls; with `sql` that one.

    Raises QueryError.
    """
    said = turn.record.get("outcome") or {}
    statement = sql or turn.sql
    outcome: Outcome
    if statement:
        outcome = _run_again(workspace, statement, {} if sql else said)
    elif turn.outcome == "clarify":
        outcome = Clarify(str(said.get("question", "")), tuple(said.get("choices", ())))
    else:
        kind = Refused if turn.outcome == "refused" else Unanswered
        outcome = kind(str(said.get("reason", "")))
    candidates = () if sql else turn.record.get("candidates", ())
    rules = next((tuple(one.get("rules", ())) for one in candidates if one.get("chosen")), ())
    dialect = workspace.database.dialect
    return _told(
        workspace, Reply(turn.question, outcome, Split(0.0), turn.turn_id, dialect, rules), explain=explain
    )


def _run_again(workspace: "Workspace", statement: str, said: dict[str, Any]) -> Answered:
    """A statement that a person gave is sure."""
    from graph.checks import gate

    gated = gate(statement, workspace.check_context)
    if gated.sql is None:
        raise QueryError(f"This statement may not run any more: {gated.why or 'nothing is left of it'}.")
    settings = workspace.settings
    result = workspace.database.run(gated.sql, timeout_s=settings.timeout_s, max_rows=settings.max_rows)
    confidence, check = float(said.get("confidence", 1.0)), bool(said.get("check"))
    notes, source = tuple(said.get("notes", ())), str(said.get("source", "correction"))
    return Answered(gated.sql, result, confidence, check, notes, source)


def _told(workspace: "Workspace", said: Reply, *, explain: bool) -> Reply:
    """With the team's words for an answer's columns, and its explanation where that is asked for."""
    if not isinstance(said.outcome, Answered):
        return said
    columns = said.outcome.result.columns
    headings = workspace.explainer.headings(said.outcome.sql, columns)
    return replace(said, headings=headings, explanation=workspace.explain(said.outcome) if explain else None)


def _parts(workspace: "Workspace", before: frozenset[str], start: float) -> dict[str, float]:
    """The parts of the start, without what was open `before`; what they leave is the import of libraries."""
    names = {"database", "schema", "retriever", "model"} & workspace.opened.keys() - before
    parts = {name: workspace.opened[name] for name in sorted(names)}
    return parts | {"libraries": max(0.0, start - sum(parts.values()))}
