"""What a command of `quarry` is, and a group of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer


@dataclass(frozen=True)
class Command:
    """`epilog` ends the command's help with an example that can be pasted."""

    name: str
    function: Callable[..., Any]
    epilog: str


@dataclass(frozen=True)
class Group:
    """Commands under one name, as `quarry eval run`; `help` tells what they are for."""

    name: str
    help: str
    epilog: str
    commands: tuple[Command, ...]


def add(app: typer.Typer, command: Command | Group) -> None:
    """Make a command, or a group with all of its commands, part of the command line."""
    if isinstance(command, Command):
        app.command(command.name, epilog=command.epilog)(command.function)
        return
    group = typer.Typer(no_args_is_help=True, add_completion=False)
    for one in command.commands:
        add(group, one)
    app.add_typer(group, name=command.name, help=command.help, epilog=command.epilog)
