"""The `quarry` command: it only adapts; what a command does lives in assistant/commands, one file each."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands import COMMANDS, add
from assistant.failure import note_bug
from knowledge.errors import QuarryError

app = typer.Typer(
    help="Ask your database in plain words, answered by a small model on your own machine.",
    epilog="Example: quarry init --demo demo && quarry index -w demo && quarry chat -w demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    add(app, command)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"quarry {version('quarry')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run one command; what a person may meet ends in one sentence and an exit code."""
    try:
        app()
    except QuarryError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(_stopped())
    except SystemExit as ending:
        sys.exit(_stopped() if ending.code == 130 else ending.code)
    except Exception as bug:
        print(note_bug(bug, Path(tempfile.gettempdir()) / "quarry-error.log"), file=sys.stderr)
        sys.exit(1)


def _stopped() -> int:
    print("Stopped.", file=sys.stderr)
    return 130
