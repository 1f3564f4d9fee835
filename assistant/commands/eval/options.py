"""Options that several commands of `quarry eval` share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class By(StrEnum):
    """What figures may be grouped by; the names of `Summary.groups`."""

    CATEGORY = "category"
    TAG = "tag"
    COMPLEXITY = "complexity"
    TABLE = "table"
    PERSON = "person"
    SUITE = "suite"


SuitesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="Suites in evals/ of the workspace (dev), globs over their names ('dev*'), or files; "
        "without any, all of evals/.",
        show_default=False,
    ),
]
DatabaseOption = Annotated[
    str,
    typer.Option(
        help="Where the databases of a CSV or JSON suite are: a folder, or an address with {db_name} in it.",
        show_default=False,
    ),
]
HtmlOption = Annotated[
    Path | None, typer.Option(help="Write a page with every case into this file.", show_default=False)
]
JunitOption = Annotated[
    Path | None, typer.Option(help="Write JUnit XML for CI into this file.", show_default=False)
]
ShowOption = Annotated[
    bool, typer.Option("--show", help="Show each case that was not right, with SQL and gold.")
]
ByOption = Annotated[
    list[By] | None,
    typer.Option(help="Group the figures by this; may be given several times.", show_default="category"),
]
