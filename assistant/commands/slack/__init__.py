"""`quarry slack`: the app in Slack, its manifest, and who was shown what."""

from assistant.commands.command import Command, Group
from assistant.commands.slack.audit import audit
from assistant.commands.slack.manifest import manifest
from assistant.commands.slack.run import run

SLACK = Group(
    "slack",
    "Answer in Slack. Without a command: run.",
    "Example: quarry slack manifest && quarry slack run -w demo",
    (
        Command("run", run, "Example: quarry slack run -w demo"),
        Command("manifest", manifest, "Example: quarry slack manifest -w demo > manifest.json"),
        Command("audit", audit, "Example: quarry slack audit --person U024BE7LH -w demo"),
    ),
    default="run",
)
