"""The few blocks that messages are made of. Text from outside goes into fields that take no markup."""

from typing import Any, NamedTuple

from assistant.slack.text import plain

Block = dict[str, Any]
MOST_BLOCKS = 50
MOST_SQL = 3000
NEW_TYPES = frozenset({"data_visualization", "table"})
"""Blocks that an older workspace of Slack may refuse."""


class Message(NamedTuple):
    """`text` is for notifications and for where blocks cannot be shown; it is escaped already."""

    text: str
    blocks: list[Block]


def said(text: str, *, bold: bool = False, most: int = 2500) -> Block:
    """A paragraph."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [run(text, bold, most)]}],
    }


def run(text: str, bold: bool = False, most: int = 2500) -> Block:
    """A piece of a paragraph."""
    element: Block = {"type": "text", "text": plain(text, most, lines=True) or " "}
    return element | ({"style": {"bold": True}} if bold else {})


def to(person: str, text: str) -> Block:
    """A paragraph that begins with a person's name, and tells them."""
    elements = [{"type": "user", "user_id": person}, run(f" {text}")]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def code(text: str, most: int = MOST_SQL) -> Block:
    """Preformatted, as SQL is."""
    element = {"type": "text", "text": plain(text, most, lines=True) or " "}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}


def context(*texts: str) -> Block:
    """Small print, at most ten pieces."""
    return {"type": "context", "elements": [label(text, 300) for text in texts if text][:10]}


def header(text: str) -> Block:
    return {"type": "header", "text": label(text, 150)}


def label(text: str, most: int = 75) -> Block:
    return {"type": "plain_text", "text": plain(text, most) or " ", "emoji": False}


def button(text: str, action: str, value: str, *, style: str = "") -> Block:
    """`value` is what the action gets back, at most 2,000 characters."""
    made = {"type": "button", "text": label(text), "action_id": action, "value": value}
    return made | ({"style": style} if style else {})


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def modal(title: str, blocks: list[Block], *, callback: str = "", submit: str = "", data: str = "") -> Block:
    """`data` is what its submission gets back, at most 3,000 characters: ids alone."""
    view: Block = {"type": "modal", "title": label(title, 24), "blocks": blocks, "close": label("Close", 24)}
    if submit:
        view |= {"callback_id": callback, "submit": label(submit, 24), "private_metadata": data}
        view["close"] = label("Cancel", 24)
    return view
