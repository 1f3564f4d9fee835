"""The commands of `quarry`, in the order of its help: one file each, and an entry here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.commands.ask import ask
from assistant.commands.chat import chat
from assistant.commands.doctor import doctor
from assistant.commands.eval import evaluate
from assistant.commands.index import index
from assistant.commands.init import init
from assistant.commands.train import train


@dataclass(frozen=True)
class Command:
    """`epilog` ends the command's help with an example that can be pasted."""

    name: str
    function: Callable[..., Any]
    epilog: str


COMMANDS = (
    Command("init", init, "Example: quarry init --demo demo"),
    Command("index", index, "Example: quarry index --workspace demo"),
    Command("ask", ask, 'Example: quarry ask --workspace demo "Top 5 products by revenue last month"'),
    Command("chat", chat, "Example: quarry chat --workspace demo"),
    Command("doctor", doctor, "Example: quarry doctor --workspace demo"),
    Command("eval", evaluate, "Example: quarry eval dev --workspace demo --show"),
    Command("train", train, "Example: quarry train --workspace demo --minutes 75"),
)
