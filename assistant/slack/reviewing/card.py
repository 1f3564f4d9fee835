"""The card of a correction in the owners' channel."""

from collections.abc import Mapping
from typing import Any

from assistant.corrections.show import Shown
from assistant.render.sql import readable
from assistant.slack.answer.table import preview_table
from assistant.slack.blocks import Block, Message, actions, button, code, context, said
from assistant.slack.text import escape
from feedback.causes import CAUSES

MOST_SQL = 1400


def card(shown: Shown) -> Message:
    """Question, old and new SQL, rows before and after, what speaks against it; then the decision."""
    found = shown.correction
    who = shown.names.get(found.person, found.person) or "somebody"
    line = f"{who} corrected: {found.question}"
    blocks: list[Block] = [said(line, bold=True, most=600), context(CAUSES.get(found.cause, found.cause))]
    if found.comment:
        blocks.append(said(found.comment, most=1000))
    blocks += _statement("Before", found.was, found.evidence.get("was"), shown.dialect)
    blocks += _statement("After", found.sql, found.evidence.get("now"), shown.dialect)
    now = found.evidence.get("now")
    if now and now.get("first"):
        blocks.append(preview_table(now["columns"], now["first"], 5))
    blocks += _hints(shown)
    blocks += _decision(shown)
    return Message(escape(line, 500), blocks)


def _statement(name: str, sql: str, result: Mapping[str, Any] | None, dialect: str) -> list[Block]:
    if not sql:
        return []
    rows = f"{result['rows']:,} row{'' if result['rows'] == 1 else 's'}" if result else "does not run"
    return [context(f"{name}: {rows}"), code(readable(sql, dialect), MOST_SQL)]


def _hints(shown: Shown) -> list[Block]:
    remarks = [str(remark) for remark in shown.correction.evidence.get("remarks") or ()][:3]
    if shown.same:
        remarks.append(f"{len(shown.same)} more say the same; they are decided together.")
    if shown.against:
        others = ", ".join(str(other.correction_id) for other in shown.against[:5])
        remarks.append(f"Others say otherwise: correction {others}.")
    if shown.example:
        remarks.append(f"A verified example of this question has other SQL: {shown.example[:200]}")
    return [context(*remarks)] if remarks else []


def _decision(shown: Shown) -> list[Block]:
    found, value = shown.correction, str(shown.correction.correction_id)
    if found.state == "open":
        row = [button("Approve", "approve", value, style="primary")] if found.sql else []
        row += [button("Edit", "edit", value), button("Reject", "reject", value, style="danger")]
        return [actions(*row), context(f"correction {value}")]
    last = shown.reviews[0] if shown.reviews else None
    who = (shown.names.get(last.person, last.person) or "somebody") if last else "somebody"
    on = f" on {last.reviewed_at:%Y-%m-%d}" if last else ""
    note = f": {last.note}" if last and last.note else ""
    decided = [said(f"{found.state.capitalize()} by {who}{on}{note}", bold=True)]
    if found.state == "approved":
        decided.append(actions(button("Undo", "undo", value)))
    return [*decided, context(f"correction {value}")]
