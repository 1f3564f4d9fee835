"""Who gives feedback on the command line, and who may decide about it."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from feedback.people import Person

AsOption = Annotated[
    str, typer.Option("--as", help="Who says so; without it, your account's name.", show_default=False)
]


def person(name: str) -> "Person":
    """Of the option, or who is logged in on this machine."""
    from feedback.people import Person

    found = name.strip() or getpass.getuser()
    return Person(found, found)


def owner(workspace: "Workspace", name: str) -> "Person":
    """Raises SettingsError for somebody who may not decide."""
    found, owners = person(name), workspace.settings.owners
    if owners and found.id not in owners:
        raise SettingsError(
            f"{found.id} is no data owner and may not decide; `owners` are {', '.join(owners)}."
        )
    return found
