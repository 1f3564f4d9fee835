"""`quarry feedback`: what people said about answers, and what data owners make of it. One file a subject."""

from assistant.commands.command import Command, Group
from assistant.commands.feedback.data import erase, export, forget
from assistant.commands.feedback.review import approve, queue, reject, show, undo
from assistant.commands.feedback.say import correct, turns, vote

FEEDBACK = Group(
    "feedback",
    "Votes and corrections of answers, and what data owners decide about them.",
    "Example: quarry feedback queue -w demo && quarry feedback approve 3 -w demo",
    (
        Command("turns", turns, "Example: quarry feedback turns -w demo"),
        Command("vote", vote, "Example: quarry feedback vote 12 down -w demo"),
        Command(
            "correct",
            correct,
            "Example: quarry feedback correct 12 --sql 'SELECT COUNT(*) FROM orders' --cause filter -w demo",
        ),
        Command("queue", queue, "Example: quarry feedback queue -w demo"),
        Command("show", show, "Example: quarry feedback show 3 -w demo"),
        Command("approve", approve, "Example: quarry feedback approve 3 -w demo"),
        Command("reject", reject, "Example: quarry feedback reject 3 --note 'net is right' -w demo"),
        Command("undo", undo, "Example: quarry feedback undo 3 -w demo"),
        Command("export", export, "Example: quarry feedback export training.jsonl -w demo"),
        Command("erase", erase, "Example: quarry feedback erase U024BE7LH -w demo"),
        Command("forget", forget, "Example: quarry feedback forget --before 2026-01-01 -w demo"),
    ),
)
