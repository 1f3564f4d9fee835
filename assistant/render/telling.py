"""Tell something on standard output: as JSON for machines, or laid out for people."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType


def tell(what: "RenderableType | Any", as_json: bool) -> None:
    """`what` is plain data where `as_json`, else something that rich prints."""
    if as_json:
        from assistant.render.machine import dumps

        print(dumps(what))
        return
    from rich.console import Console

    Console(highlight=False).print(what)
