"""The page that opens under Quarry's name."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.slack.blocks import Block, button, context, header, label, said
from feedback.corrections import Correction
from feedback.queue import Topic
from feedback.stats import Stats
from feedback.turns import LoggedTurn

MOST = 5
MOST_WAITING = 10


@dataclass(frozen=True)
class Owned:
    """What owners see besides."""

    queue: tuple[Topic, ...]
    waiting: int
    stats: Stats


def home(
    examples: Sequence[str],
    turns: Sequence[LoggedTurn],
    corrections: Sequence[Correction],
    owned: Owned | None = None,
) -> Block:
    """At most 100 blocks."""
    blocks: list[Block] = [header("Ask our database")]
    blocks.append(
        said("Write me a message, or mention me in a channel. In the thread of an answer, go on with it.")
    )
    blocks += [said(f"•  {example}", most=200) for example in examples[:MOST]]
    blocks += _section("Your last questions", [f"{turn.question}  ({turn.outcome})" for turn in turns[:MOST]])
    told = [f"{found.question}  ({_state(found)})" for found in corrections[:MOST]]
    blocks += _section("Your corrections", told)
    if owned is not None:
        blocks += _owners(owned)
    return {"type": "home", "blocks": blocks[:100]}


def _section(title: str, lines: Sequence[str]) -> list[Block]:
    if not lines:
        return []
    return [{"type": "divider"}, header(title), *(said(line, most=300) for line in lines)]


def _state(found: Correction) -> str:
    return {"open": "waits for a data owner", "erased": "erased"}.get(found.state, found.state)


def _owners(owned: Owned) -> list[Block]:
    stats = owned.stats
    answered = stats.outcomes.get("answered", 0)
    figures = {
        "questions in 30 days": f"{stats.turns:,}",
        "answered": f"{answered / stats.turns:.0%}" if stats.turns else "-",
        "marked 'please check'": f"{stats.to_check / answered:.0%}" if answered else "-",
        "thumbs up / down": f"{sum(t.up for t in stats.types):,} / {sum(t.down for t in stats.types):,}",
        "seconds, median": f"{stats.timing.median:.1f}",
        "corrections waiting": f"{owned.waiting:,}",
    }
    fields = [label(f"{name}: {value}", 200) for name, value in figures.items()]
    blocks: list[Block] = [{"type": "divider"}, header("Quality"), {"type": "section", "fields": fields}]
    blocks += [{"type": "divider"}, header("Waiting for a decision")]
    if not owned.queue:
        return [*blocks, said("Nothing waits.")]
    for topic in owned.queue[:MOST_WAITING]:
        first = topic.first
        blocks.append(
            {
                "type": "section",
                "text": label(
                    f"{first.question} ({topic.people} {'person' if topic.people == 1 else 'people'})", 500
                ),
                "accessory": button("Review", "review", str(first.correction_id)),
            }
        )
    if owned.waiting > MOST_WAITING:
        blocks.append(context(f"{owned.waiting - MOST_WAITING:,} more wait."))
    return blocks
