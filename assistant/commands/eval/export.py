"""`quarry eval export`: a run for other tools."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.options import WorkspaceOption


class Format(StrEnum):
    JSON = "json"
    LINES = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def export(
    run: Annotated[
        str,
        typer.Argument(help="The run's id or how it begins; the newest without.", show_default=False),
    ] = "",
    kind: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="Without it, as the file's name ends.", show_default="json"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write; standard output without.", show_default=False),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a run with all of its cases as JSON, JSON lines, CSV or Parquet."""
    from assistant.commands.eval.saved import find_run, saved
    from assistant.workspace import Workspace
    from evals.reports.files import check_writable, write
    from evals.runs.export import export as exported

    ending = out.suffix.lower().lstrip(".") if out else ""
    chosen = kind or next((one for one in Format if one.value == ending), Format.JSON)
    if out:
        check_writable(out)
    elif chosen is Format.PARQUET and sys.stdout.isatty():
        raise typer.BadParameter("Parquet is no text; name a file with --out.", param_hint="--format")
    with Workspace.open(workspace) as opened, saved(opened) as store:
        data = exported(find_run(store, run), chosen.value)
    if out:
        write(out, data)
        print(f"Written: {out}", file=sys.stderr)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
