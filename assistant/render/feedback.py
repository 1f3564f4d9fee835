"""Turns, the queue and a correction in the terminal. All that people wrote is text, never markup."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.render.sql import readable
from feedback.causes import CAUSES

if TYPE_CHECKING:
    from assistant.corrections.examine import Examined
    from assistant.corrections.show import Shown
    from feedback.queue import Topic
    from feedback.turns import LoggedTurn

SHOWN_ROWS = 8
SHORT = 70


def turns_table(turns: "Sequence[LoggedTurn]") -> RenderableType:
    if not turns:
        return Text("Nothing was asked yet; ask something with `quarry ask`.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("turn", "asked (UTC)", "outcome", "question"):
        table.add_column(name, justify="right" if name == "turn" else "left", overflow="fold")
    for turn in turns:
        when = turn.asked_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(str(turn.turn_id), when, turn.outcome, Text(_short(turn.question)))
    return table


def queue_table(page: "Sequence[Topic]", size: int, names: Mapping[str, str]) -> RenderableType:
    if not page:
        return Text("Nothing waits for a decision.", style="green")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("no", justify="right")
    table.add_column("question", overflow="fold", ratio=3)
    table.add_column("from", overflow="fold", ratio=1)
    table.add_column("what was wrong", overflow="fold", ratio=2)
    for topic in page:
        first = topic.first
        by = names.get(first.person, first.person) + (
            f" and {topic.people - 1} more" if topic.people > 1 else ""
        )
        wrong = f"{CAUSES.get(first.cause, first.cause)}{'' if first.sql else ' (no SQL)'}"
        wrong += "; others say otherwise" if topic.against else ""
        table.add_row(str(first.correction_id), Text(_short(first.question)), Text(by), Text(wrong))
    return Group(table, Text(f"{len(page)} of {size} that wait", style="dim"))


def topic_json(topic: "Topic") -> dict[str, Any]:
    return asdict(topic)


def examined_lines(examined: "Examined") -> RenderableType:
    """The rows before and after, and what the checks said."""
    parts: list[RenderableType] = [Text(remark, style="yellow") for remark in examined.remarks]
    parts += list(_results({"was": examined.was and asdict(examined.was), "now": asdict(examined.now)}))
    if not examined.changes:
        parts.append(Text("The rows are the same as before.", style="yellow"))
    return Group(*parts)


def correction_lines(shown: "Shown") -> RenderableType:
    return Group(*_lines(shown))


def _lines(shown: "Shown") -> Iterator[RenderableType]:
    found, names = shown.correction, shown.names
    by, on = names.get(found.person, found.person) or "somebody", found.made_at.strftime("%Y-%m-%d")
    yield Text.assemble(
        (f"Correction {found.correction_id}", "bold"), f", {found.state}, by ", by, f" on {on}"
    )
    yield Text.assemble(("Question  ", "dim"), found.question)
    yield Text.assemble(("Cause     ", "dim"), CAUSES.get(found.cause, found.cause))
    if found.comment:
        yield Text.assemble(("Comment   ", "dim"), found.comment)
    if shown.same:
        yield Text(f"{len(shown.same)} more say the same.", style="dim")
    yield Text()
    yield from _difference(found.was, found.sql, shown.dialect)
    yield from _results(found.evidence)
    if shown.example:
        yield Text(
            "\nThe team's example for this question says otherwise, and would give way:", style="yellow"
        )
        yield Text(readable(shown.example, shown.dialect))
    for other in shown.against:
        who = names.get(other.person, other.person)
        yield Text(
            f"\nCorrection {other.correction_id} by {who} ({other.state}) says otherwise:", style="yellow"
        )
        yield Text(readable(other.sql, shown.dialect))
    for review in shown.reviews:
        who, when = names.get(review.person, review.person), review.reviewed_at.strftime("%Y-%m-%d %H:%M")
        note = f": {review.note}" if review.note else ""
        yield Text(f"\n{review.decision} by {who} on {when}{note}", style="bold")


def _difference(was: str, sql: str, dialect: str) -> Iterator[Text]:
    old, new = (readable(text, dialect).splitlines() for text in (was, sql))
    if not sql:
        yield Text("No SQL was given; this one answered:", style="yellow")
        yield Text("\n".join(old))
        return
    styles = {"+": "green", "-": "red"}
    for line in list(unified_diff(old, new, n=99, lineterm=""))[3:] or [f" {line}" for line in new]:
        yield Text(line, style=styles.get(line[:1], ""))


def _results(evidence: Mapping[str, Any]) -> Iterator[RenderableType]:
    for name, key in (("before", "was"), ("after", "now")):
        found = evidence.get(key)
        if not found:
            continue
        more = " or more" if found["truncated"] else ""
        yield Text(f"\nRows {name}: {found['rows']:,}{more}", style="bold")
        table = Table(box=None, pad_edge=False, header_style="dim")
        for column in found["columns"]:
            table.add_column(Text(str(column)), overflow="fold")
        for row in found["first"][:SHOWN_ROWS]:
            table.add_row(*(Text("-" if value is None else str(value)) for value in row))
        yield table


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"
