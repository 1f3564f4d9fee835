"""The commands of `quarry`, in the order of its help: one file each, and an entry here."""

from assistant.commands.ask import ask
from assistant.commands.chat import chat
from assistant.commands.command import Command, Group, add
from assistant.commands.console import console
from assistant.commands.doctor import doctor
from assistant.commands.drift import drift
from assistant.commands.eval import EVAL
from assistant.commands.feedback import FEEDBACK
from assistant.commands.index import index
from assistant.commands.init import init
from assistant.commands.metrics import metrics
from assistant.commands.mine import mine
from assistant.commands.models import models
from assistant.commands.release import release
from assistant.commands.rollback import rollback
from assistant.commands.slack import SLACK
from assistant.commands.stats import stats
from assistant.commands.train import train

__all__ = ["COMMANDS", "Command", "Group", "add"]

COMMANDS: tuple[Command | Group, ...] = (
    Command("init", init, "Example: quarry init --demo demo"),
    Command("index", index, "Example: quarry index --workspace demo"),
    Command("ask", ask, 'Example: quarry ask --workspace demo "Top 5 products by revenue last month"'),
    Command("chat", chat, "Example: quarry chat --workspace demo"),
    Command("console", console, "Example: quarry console --workspace demo"),
    Command("doctor", doctor, "Example: quarry doctor --workspace demo"),
    Command("drift", drift, "Example: quarry drift --workspace demo"),
    SLACK,
    FEEDBACK,
    Command("stats", stats, "Example: quarry stats --workspace demo --days 7"),
    Command("metrics", metrics, "Example: quarry metrics --workspace demo --once"),
    EVAL,
    Command("mine", mine, "Example: quarry mine --workspace demo queries.sql"),
    Command("train", train, "Example: quarry train --workspace demo --minutes 75"),
    Command("release", release, "Example: quarry release --workspace demo models/kestrel.gguf"),
    Command("rollback", rollback, "Example: quarry rollback --workspace demo"),
    Command("models", models, "Example: quarry models --workspace demo"),
)
