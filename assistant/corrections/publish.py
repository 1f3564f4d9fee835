"""What was decided, in the workspace: an example, training rows and a case in its YAML, and the index.

Each deed may be done twice and comes to the same: what a killed process left, the next one does again.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.corrections.examine import trouble_of
from feedback.reviews import Owed
from knowledge.yaml_entries import append_entries, entries_of, remove_entries

if TYPE_CHECKING:
    from assistant.workspace import Workspace

SUITE = "corrections"
"""The suite of what was corrected. Its questions are taught, so it tells of what was learnt alone."""


def settle(workspace: "Workspace") -> int:
    """Do all that is owed, one process at a time; gives how many deeds were done."""
    from filelock import FileLock

    if not workspace.feedback.reviews.owed():
        return 0
    workspace.state.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace.state / "corrections.lock"):
        owed = workspace.feedback.reviews.owed()
        for one in owed:
            (_publish if one.deed == "publish" else _withdraw)(workspace, one)
        _follow(workspace)
        for one in owed:
            name = _name(one)
            made = {"example": name, "rows": name, "case": name} if one.deed == "publish" else {}
            workspace.feedback.reviews.done(one, made)
    return len(owed)


def _publish(workspace: "Workspace", owed: Owed) -> None:
    """The example in examples.yaml, in place of others of its question, and the case in evals/."""
    found, review, number = owed.correction, owed.review, str(owed.correction.correction_id)
    path, suite = _examples(workspace), _suite(workspace)
    same = [old for old in entries_of(path, "examples") if old.get("question") == found.question]
    if not owed.payload:
        others = [old for old in same if str(old.get("correction", "")) != number]
        workspace.feedback.reviews.prepare(owed, json.dumps(others, default=str))
    by = workspace.feedback.names().get(review.person, review.person)
    entry = {"question": found.question, "sql": review.sql, "origin": "correction", "by": by}
    entry |= {"on": review.reviewed_at.date().isoformat(), "correction": number}
    if found.was and found.was != review.sql:
        entry |= {"wrong": found.was, "trouble": trouble_of(workspace, found.was)}
    remove_entries(path, "examples", lambda old: old.get("question") == found.question)
    append_entries(path, "examples", [entry])
    case = {"id": _name(owed), "question": found.question, "gold": review.sql}
    remove_entries(suite, "cases", lambda old: old.get("question") == found.question)
    append_entries(suite, "cases", [case | {"category": "correction", "origin": "correction"}])


def _withdraw(workspace: "Workspace", owed: Owed) -> None:
    """What had to go comes back, and both go."""
    number, path, suite = str(owed.correction.correction_id), _examples(workspace), _suite(workspace)
    own = [old for old in entries_of(path, "examples") if str(old.get("correction", "")) == number]
    if own:
        remove_entries(path, "examples", lambda old: str(old.get("correction", "")) == number)
        append_entries(path, "examples", json.loads(owed.payload or "[]"))
    remove_entries(suite, "cases", lambda old: old.get("id") == _name(owed))
    if suite.is_file() and not entries_of(suite, "cases"):
        suite.unlink()


def _follow(workspace: "Workspace") -> None:
    """Read the examples again and bring the index up to date with them."""
    from assistant.preparation import follow_examples

    workspace.__dict__.pop("examples", None)
    workspace.__dict__.pop("quarantine", None)
    for name in ("glossary", "rules"):
        workspace.__dict__.pop(name, None)
    follow_examples(workspace)


def _name(owed: Owed) -> str:
    return f"correction-{owed.correction.correction_id}"


def _examples(workspace: "Workspace") -> Path:
    return workspace.knowledge_paths[2]


def _suite(workspace: "Workspace") -> Path:
    return workspace.folder / "evals" / f"{SUITE}.yaml"
