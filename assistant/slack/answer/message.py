"""One message for how a question ended: short, honest about doubt, easy to correct."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.render.chart import choose
from assistant.render.columns import columns
from assistant.render.sentence import MOST_SAID, sentence
from assistant.render.values import NULL
from assistant.slack.answer.chart import native
from assistant.slack.answer.table import laid_out, table
from assistant.slack.blocks import Block, Message, actions, button, code, context, said
from assistant.slack.text import escape, plain
from graph.outcome import Answered, Clarify, Refused, Unanswered
from graph.verified import VERIFIED

if TYPE_CHECKING:
    from assistant.answering import Reply

MOST_CHOICES = 5


def message(reply: "Reply", *, job_id: int = 0, note: str = "", buttons: bool = True) -> Message:
    """`note` is small print of whoever posts it, as who corrected it."""
    match reply.outcome:
        case Answered():
            return _answered(reply, reply.outcome, note, buttons)
        case Clarify():
            return _clarify(reply.outcome, job_id)
        case Unanswered():
            return _unanswered(reply, reply.outcome, job_id)
        case Refused():
            return _refused(reply.outcome)


def _answered(reply: "Reply", outcome: Answered, note: str, buttons: bool) -> Message:
    result = outcome.result
    shown = columns(result, reply.headings)
    chart = choose(result, shown)
    line = sentence(result, shown)
    blocks: list[Block] = []
    facts = []
    if len(result.rows) > 1 or (result.rows and len(shown) > MOST_SAID):
        laid = laid_out(result, shown, chart)
        if chart is not None and (drawn := native(result, shown, chart)) is not None:
            blocks.append(drawn)
        rows, count = table(laid)
        blocks.append(rows)
        if count < laid.rows:
            facts.append(f"showing {count} of {'more than ' if result.truncated else ''}{laid.rows:,}")
    facts += _facts(reply, outcome)
    small = [note, *outcome.notes[:4]] if note else list(outcome.notes[:5])
    blocks = [said(line, bold=True), *blocks]
    if outcome.check:
        blocks.append(said(f"Please check this one: I am {outcome.confidence:.0%} sure."))
    blocks.append(context(" · ".join(facts), *small))
    if buttons:
        blocks += _buttons(reply.turn_id, rows=bool(result.rows))
    return Message(escape(f"{line}{_first(result.rows, shown)}", 1000), blocks)


def _facts(reply: "Reply", outcome: Answered) -> list[str]:
    """How fresh, how sure, which rules, how long."""
    facts = []
    if reply.explanation is not None:
        facts += [f"as of {s.text}" for s in reply.explanation.sentences if s.part == "as of"][:1]
    if outcome.source != VERIFIED and not outcome.check:
        facts.append(f"{outcome.confidence:.0%} sure")
    if reply.rules:
        facts.append(f"rules: {', '.join(reply.rules)}")
    if reply.split.total:
        facts.append(f"{reply.split.total:.1f} s")
    return facts


def _first(rows: Sequence[Sequence[object]], shown: Sequence[object]) -> str:
    """For the notification: the first rows, where there are several values."""
    if not rows or (len(rows) == 1 and len(shown) <= MOST_SAID):
        return ""
    told = (", ".join(NULL if value is None else str(value) for value in row) for row in rows[:3])
    return f": {'; '.join(told)}{' …' if len(rows) > 3 else ''}"


def _buttons(turn_id: int, *, rows: bool) -> list[Block]:
    value = str(turn_id)
    row = [button("Show SQL", "show_sql", value)]
    if rows:
        row.append(button("CSV", "csv", value))
    row.append(button("Explain", "explain", value))
    return [actions(*row), thumbs(turn_id)]


def thumbs(turn_id: int) -> Block:
    element = {
        "type": "feedback_buttons",
        "action_id": "vote",
        "positive_button": {"text": _text("Right"), "value": f"up:{turn_id}"},
        "negative_button": {"text": _text("Wrong"), "value": f"down:{turn_id}"},
    }
    return {"type": "context_actions", "elements": [element]}


def _text(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def _clarify(outcome: Clarify, job_id: int) -> Message:
    choices = outcome.choices[:MOST_CHOICES]
    blocks = [said(outcome.question)]
    if choices:
        row = [
            button(choice, f"choose_{n}", f"{job_id}:{n}:{plain(choice, 1900)}")
            for n, choice in enumerate(choices)
        ]
        blocks += [actions(*row), context("Choose one, or reply in your own words.")]
    return Message(escape(" / ".join([outcome.question, *choices]), 1000), blocks)


def _unanswered(reply: "Reply", outcome: Unanswered, job_id: int) -> Message:
    blocks = [said(outcome.reason)]
    if outcome.tried:
        blocks.append(context(*(f"tried: {tried}" for tried in outcome.tried[:3])))
    row = [button("Retry", "retry", str(job_id))] if job_id else []
    row.append(button("Tell the data team", "tell", str(reply.turn_id)))
    return Message(escape(outcome.reason, 1000), [*blocks, actions(*row)])


def _refused(outcome: Refused) -> Message:
    blocks = [said(outcome.reason)]
    if outcome.rules:
        blocks.append(context(*(f"rule: {rule}" for rule in outcome.rules[:5])))
    return Message(escape(outcome.reason, 1000), blocks)


def trouble(why: str, job_id: int = 0, *, retry: bool = True) -> Message:
    """Quarry could not, or will not: why, and a way on."""
    row = [actions(button("Retry", "retry", str(job_id)))] if retry and job_id else []
    return Message(escape(why, 1000), [said(why), *row])


def without_new_blocks(given: Message) -> Message:
    """For a Slack that knows no tables and charts: the table as text, the chart left out."""
    blocks = []
    for block in given.blocks:
        if block["type"] == "table":
            blocks.append(_as_text(block))
        elif block["type"] not in ("data_visualization", "context_actions"):
            blocks.append(block)
    return Message(given.text, blocks)


def _as_text(block: Block) -> Block:
    rows = [[cell["text"] for cell in row] for row in block["rows"]]
    widths = [min(30, max(len(row[n]) for row in rows)) for n in range(len(rows[0]))]
    lines = ["  ".join(cell[:w].ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    return code("\n".join(lines), 2900)
