"""`quarry models`: the releases, which one answers, and the models that could become one."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.commands.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from assistant.inventory import Inventory, Listed


def models(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """List the releases with their scores, the one that answers, and the model files not released."""
    from assistant.inventory import take_inventory
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        found = take_inventory(opened.registry, opened.folder, opened.settings.model)
    if as_json:
        from assistant.render.machine import dumps

        print(dumps(asdict(found)))
    else:
        _show(found)


def _show(found: "Inventory") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if found.releases:
        table = Table(box=SIMPLE_HEAD)
        for column in ("release", "model", "made", "right (95% interval)", "wrong shown"):
            table.add_column(column, overflow="fold", no_wrap=column in ("release", "made"))
        for one in found.releases:
            style = "red" if one.problem else "bold green" if one.answers else ""
            table.add_row(*(Text(cell) for cell in _cells(one)), style=style)
        console.print(table)
    for one in found.releases:
        if one.problem:
            console.print(Text(one.problem, style="red"))
    console.print(Text(found.says))
    if found.candidates:
        console.print("Not released:")
    for file in found.candidates:
        last = f", {file.last}" if file.last else ""
        console.print(Text(f"  {file.path} ({file.size / 1e6:.1f} MB{last})"))


def _cells(one: "Listed") -> tuple[str, ...]:
    if not one.scored:
        return one.name, one.model, one.made[:10], "", ""
    right = f"{one.right:g} of {one.scored} ({100 * one.low:.0f} to {100 * one.high:.0f}%)"
    return one.name, one.model, one.made[:10], right, f"{one.wrong_presented:g}"
