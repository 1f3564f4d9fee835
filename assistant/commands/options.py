"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help="The workspace's folder; without it $QUARRY_WORKSPACE, the current folder or one above it.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines (docs/json.md).")]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="Say what the answer rests on: sources, filters, rules, columns.")
]
SqlOption = Annotated[bool, typer.Option("--sql/--no-sql", help="Show the SQL of the answer.")]
