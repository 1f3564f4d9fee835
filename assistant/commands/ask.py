"""`quarry ask`: one question, one answer."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import ExplainOption, JsonOption, SqlOption, WorkspaceOption
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.answering import Reply
    from assistant.workspace import Workspace

NOT_ANSWERED = 10


def ask(
    question: Annotated[
        str,
        typer.Argument(help="The question, in quotes; - reads questions from standard input, one a line."),
    ],
    as_json: JsonOption = False,
    sql: SqlOption = True,
    explain: ExplainOption = False,
    chart: Annotated[Path | None, typer.Option(help="Draw the answer's chart into this PNG file.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Answer a question: the rows, a chart where one suits, the SQL, and where the time went.

    Exit codes: 0 answered, 10 not answered, 2 no question, 3 settings, 4 database, 5 model, 6 index.
    """
    from assistant.workspace import Workspace
    from graph.screening import check_question

    if chart and chart.suffix.lower() != ".png":
        raise typer.BadParameter(f"{chart} must end in .png.", param_hint="--chart")
    questions = [question] if question != "-" else [line.strip() for line in sys.stdin if line.strip()]
    answered = True
    try:
        for one in questions or [""]:
            check_question(one)
        with Workspace.open(workspace) as opened:
            for place, one in enumerate(questions):
                if not as_json and question == "-":
                    print(f"{'' if place == 0 else chr(10)}> {one}")
                answered &= _answer(opened, one, Shown(as_json, sql, explain, chart))
            for told in filter(None, (opened.left_out(), opened.drift())):
                print(told, file=sys.stderr)
    except QuarryError as error:
        if as_json:
            from assistant.render.machine import dumps, error_object

            print(dumps(error_object(error)))
        raise
    if not answered:
        raise typer.Exit(NOT_ANSWERED)


@dataclass(frozen=True)
class Shown:
    """How an answer is shown."""

    as_json: bool
    sql: bool
    explain: bool
    chart: Path | None


def _answer(workspace: "Workspace", question: str, how: Shown) -> bool:
    from assistant.answering import reply
    from graph.outcome import Answered

    said = reply(workspace, question, explain=how.explain or how.as_json)
    _print(said, how)
    if how.chart and isinstance(said.outcome, Answered):
        from assistant.render.chart import write_png

        write_png(said.outcome.result, how.chart, question, said.headings)
    return isinstance(said.outcome, Answered)


def _print(said: "Reply", how: Shown) -> None:
    if how.as_json:
        from assistant.render.machine import answer, dumps

        print(dumps(answer(said)), flush=True)
        return
    from rich.console import Console

    from assistant.render.terminal import show

    show(Console(), said, sql=how.sql)
