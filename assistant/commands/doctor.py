"""`quarry doctor`: is everything as it should be, and what to do where it is not."""

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.commands.options import JsonOption, WorkspaceOption
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.workspace import Workspace

ENOUGH_MEMORY = 1.5 * 2**30


@dataclass(frozen=True)
class Finding:
    """What one look found; `exit_code` is 0 where it is well."""

    part: str
    ok: bool
    says: str
    exit_code: int = 0


def doctor(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """Check the settings, database, knowledge, index, model and memory, each with the remedy of its problem.

    The exit code is that of the first problem.
    """
    findings = []
    for finding in look(workspace):
        findings.append(finding)
        if not as_json:
            print(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.part:<9}  {finding.says}", flush=True)
    if as_json:
        from assistant.render.machine import dumps

        print(dumps({"ok": all(f.ok for f in findings), "findings": [asdict(f) for f in findings]}))
    problem = next((finding for finding in findings if not finding.ok), None)
    if problem:
        raise typer.Exit(problem.exit_code)


def look(folder: Path | None) -> Iterator[Finding]:
    """One finding after the other; the parts that need a broken one are left out."""
    from assistant.workspace import Workspace

    try:
        workspace = Workspace.open(folder)
    except QuarryError as error:
        yield Finding("settings", False, str(error), error.exit_code)
        return
    yield Finding("settings", True, str(workspace.folder / "quarry.toml"))
    with workspace:
        database = _found("database", _database, workspace)
        yield database
        if database.ok:
            yield _found("index", _index, workspace)
            yield _found("knowledge", _knowledge, workspace)
            yield _found("drift", _drift, workspace)
        yield _found("model", _model, workspace)
        yield _found("memory", _memory, workspace)
        yield _found("slack", _slack, workspace)


def _found(part: str, tell: Callable[["Workspace"], str], workspace: "Workspace") -> Finding:
    try:
        return Finding(part, True, tell(workspace))
    except QuarryError as error:
        return Finding(part, False, str(error), error.exit_code)


def _database(workspace: "Workspace") -> str:
    tables = len(workspace.schema.tables)
    return f"{workspace.database.url}, {tables} {'table' if tables == 1 else 'tables'}"


def _knowledge(workspace: "Workspace") -> str:
    counts = (len(workspace.glossary), len(workspace.rules), len(workspace.examples))
    return "{} terms, {} rules, {} examples".format(*counts)


def _drift(workspace: "Workspace") -> str:
    """Not well where something is left out. Looks at cases and taught pairs too."""
    from assistant.drift import look

    found = look(workspace)
    if not found.stale:
        return "the knowledge holds for the database as it is"
    count = len(found.stale)
    closed = f"; answers from {', '.join(sorted(found.closed))} are refused" if found.closed else ""
    raise LeftOutError(
        f"{count} {'entry is' if count == 1 else 'entries are'} left out{closed}; "
        "`quarry drift` tells what to do"
    )


def _index(workspace: "Workspace") -> str:
    workspace.follow_schema()
    return workspace.drift() or "up to date"


def _model(workspace: "Workspace") -> str:
    model = workspace.model
    return f"{model.name}, prompted as a {'specialist' if model.format == 'specialist' else 'chat model'}"


def _slack(workspace: "Workspace") -> str:
    """Both tokens, where one is set: that Slack takes them, and that no scope is missing."""
    from assistant.commands.slack.run import APP, BOT, tokens

    if not any(os.environ.get(name) for name in (APP, BOT)):
        return f"not set up: {BOT} and {APP} are not set (docs/slack.md)"
    from assistant.slack.serve import look

    return look(*tokens(), workspace.settings.slack_api)


def _memory(workspace: "Workspace") -> str:
    import psutil

    free = psutil.virtual_memory().available
    if free < ENOUGH_MEMORY:
        raise MemoryShortageError(
            f"only {free / 2**30:.1f} GiB are free and Quarry takes up to {ENOUGH_MEMORY / 2**30:.1f}; "
            "close other programs."
        )
    return f"{free / 2**30:.1f} GiB free"


class LeftOutError(QuarryError):
    """Knowledge names what the database does not have."""

    exit_code = 13


class MemoryShortageError(QuarryError):
    """Little memory is left; Quarry may be slow, or be ended by the system."""
