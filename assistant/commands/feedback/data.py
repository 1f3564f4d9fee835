"""`quarry feedback export`, `erase` and `forget`: what leaves the log."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.options import WorkspaceOption
from knowledge.errors import SettingsError


def export(
    file: Annotated[Path, typer.Argument(help="A .jsonl, .csv or .parquet file to write.")],
    turns: Annotated[
        bool, typer.Option("--turns", help="Every turn as one row, instead of the approved corrections.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write approved corrections for training, without names and mail addresses; or all turns."""
    from assistant.render.table_file import write_rows
    from assistant.workspace import Workspace
    from feedback.export import training_rows, turn_rows

    with Workspace.open(workspace) as opened:
        database = opened.feedback.database
        count = write_rows(file, turn_rows(database) if turns else training_rows(database))
    print(f"Wrote {count:,} rows to {file}.")


def erase(
    person: Annotated[str, typer.Argument(help="The person's id, as the channel gives it.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Take a person's name, questions and words out of the log; counts and decisions stay, as of nobody."""
    from assistant.workspace import Workspace
    from feedback.people import erase as erase_person

    with Workspace.open(workspace) as opened:
        gone = erase_person(opened.feedback.database, person)
    print(
        f"Erased: {gone.turns:,} turns, {gone.votes:,} votes, {gone.corrections:,} corrections and "
        f"{gone.reviews:,} reviews of {person}."
    )


def forget(
    before: Annotated[str, typer.Option(help="A day, as 2026-01-31; turns asked before it leave.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Remove old turns and their votes; sums by day and corrected turns stay."""
    from assistant.workspace import Workspace
    from feedback.retention import forget as forget_turns

    try:
        day = dt.date.fromisoformat(before)
    except ValueError:
        raise SettingsError(f"--before takes a day as 2026-01-31, not {before!r}.") from None
    with Workspace.open(workspace) as opened:
        count = forget_turns(opened.feedback.database, day)
    print(f"Removed {count:,} turns asked before {day}.")
