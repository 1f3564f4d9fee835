"""What a command of `quarry` is, and a group of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer

from assistant.commands.options import WorkspaceOption


@dataclass(frozen=True)
class Command:
    """`epilog` ends the command's help with an example that can be pasted."""

    name: str
    function: Callable[..., Any]
    epilog: str


@dataclass(frozen=True)
class Group:
    """Commands under one name, as `quarry eval run`; `help` tells what they are for.

    `default` names the one that runs where none is named.
    """

    name: str
    help: str
    epilog: str
    commands: tuple[Command, ...]
    default: str = ""


def add(app: typer.Typer, command: Command | Group) -> None:
    """Make a command, or a group with all of its commands, part of the command line."""
    if isinstance(command, Command):
        app.command(command.name, epilog=command.epilog)(command.function)
        return
    group = typer.Typer(no_args_is_help=not command.default, add_completion=False)
    for one in command.commands:
        add(group, one)
        if one.name == command.default:
            group.callback(invoke_without_command=True)(_unless_named(one))
    app.add_typer(group, name=command.name, help=command.help, epilog=command.epilog)


def _unless_named(command: Command) -> Callable[..., None]:
    """The command of a group that runs alone."""

    def alone(context: typer.Context, workspace: WorkspaceOption = None) -> None:
        if context.invoked_subcommand is None:
            command.function(workspace=workspace)

    return alone
