"""`quarry feedback queue`, `show`, `approve`, `reject` and `undo`: the work of data owners."""

from typing import Annotated

import typer

from assistant.commands.feedback.options import AsOption, owner
from assistant.commands.options import JsonOption, WorkspaceOption

CorrectionArgument = Annotated[
    int, typer.Argument(help="Number of the correction; `quarry feedback queue` lists them.")
]
NoteOption = Annotated[str, typer.Option(help="A word to the person who corrected.", show_default=False)]


def queue(
    start: Annotated[int, typer.Option(min=0, help="Leave out so many of the first.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """What waits for a decision: first what is asked often and was answered with confidence."""
    from assistant.render.feedback import queue_table, topic_json
    from assistant.render.telling import tell
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        page, size = opened.feedback.queue.page(start, limit), opened.feedback.queue.size()
        names = opened.feedback.names()
    tell(list(map(topic_json, page)) if as_json else queue_table(page, size, names), as_json)


def show(
    correction: CorrectionArgument, as_json: JsonOption = False, workspace: WorkspaceOption = None
) -> None:
    """One correction: both statements, the rows before and after, what contradicts it, what became of it."""
    from assistant.corrections.show import shown
    from assistant.render.feedback import correction_lines
    from assistant.render.telling import tell
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        found = shown(opened, correction)
    tell(found.to_json() if as_json else correction_lines(found), as_json)


def approve(
    correction: CorrectionArgument,
    sql: Annotated[
        str, typer.Option(help="Approve it with this SQL instead of its own.", show_default=False)
    ] = "",
    note: NoteOption = "",
    as_who: AsOption = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Let it answer: at once an example, training rows and a case, in YAML that you commit."""
    from assistant.corrections import examine, settle
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        who = owner(opened, as_who)
        right = examine(opened, sql, "").sql if sql else ""
        opened.feedback.reviews.approve(correction, who, right, note)
        settle(opened)
    print(f"Correction {correction} is approved; `quarry feedback undo {correction}` takes it back.")


def reject(
    correction: CorrectionArgument,
    note: NoteOption = "",
    as_who: AsOption = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Leave things as they are; the person who corrected is told."""
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        opened.feedback.reviews.reject(correction, owner(opened, as_who), note)
    print(f"Correction {correction} is rejected.")


def undo(
    correction: CorrectionArgument,
    note: NoteOption = "",
    as_who: AsOption = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Take an approval back, with the example, the training rows and the case."""
    from assistant.corrections import settle
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        opened.feedback.reviews.undo(correction, owner(opened, as_who), note)
        settle(opened)
    print(f"Correction {correction} is taken back: its example and its case are gone.")
