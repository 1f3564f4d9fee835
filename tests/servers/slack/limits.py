"""What Slack refuses: its documented limits of blocks, messages and views."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]
IN_MESSAGES = frozenset(
    {"section", "divider", "image", "actions", "context", "header", "rich_text", "table"}
    | {"data_visualization", "context_actions"}
)
IN_VIEWS = frozenset({"section", "divider", "image", "actions", "context", "header", "rich_text", "input"})
_LIVE = re.compile(r"<[^>]*>|[<>]|&(?!amp;|lt;|gt;)")


def message_problem(text: str, blocks: Sequence[Block]) -> str:
    """Why Slack would refuse a message; empty where it would not."""
    if not text and not blocks:
        return "no_text"
    if len(text) > 40_000:
        return "msg_too_long"
    problems = list(_blocks(blocks, IN_MESSAGES, 50))
    if len(str(blocks)) > 40_000 or sum(map(len, _texts(blocks))) > 13_200:
        return "msg_blocks_too_long"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        problems.append("more than one table")
    return f"invalid_blocks: {'; '.join(problems)}" if problems else ""


def view_problem(view: Block) -> str:
    problems = list(_blocks(view.get("blocks", ()), IN_VIEWS, 100))
    if view.get("type") == "modal":
        if not 1 <= len(view.get("title", {}).get("text", "")) <= 24:
            problems.append("title")
        if len(view.get("private_metadata", "")) > 3000:
            problems.append("private_metadata")
        has_input = any(block.get("type") == "input" for block in view["blocks"])
        if has_input and not view.get("submit"):
            problems.append("inputs without submit")
    return f"invalid_arguments: {'; '.join(problems)}" if problems else ""


def live(text: str) -> list[str]:
    """What of a fallback text would be a mention, a link or markup."""
    return _LIVE.findall(text)


def _blocks(blocks: Sequence[Block], known: frozenset[str], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    for block in blocks:
        kind = str(block.get("type"))
        if kind not in known:
            yield f"unknown block {kind}"
        check = _CHECKS.get(kind)
        if check is not None:
            yield from check(block)


def _text(found: Any, most: int, name: str, kinds: tuple[str, ...] = ("plain_text",)) -> Iterator[str]:
    text = (found or {}).get("text", "")
    if (found or {}).get("type") not in kinds or not 1 <= len(text) <= most:
        yield f"{name}: a text of {len(text)} characters"


def _section(block: Block) -> Iterator[str]:
    if "text" in block:
        yield from _text(block["text"], 3000, "section", ("plain_text", "mrkdwn"))
    fields = block.get("fields", ())
    if len(fields) > 10 or ("text" not in block and not fields):
        yield "section fields"
    for field in fields:
        yield from _text(field, 2000, "field", ("plain_text", "mrkdwn"))
    if "accessory" in block:
        yield from _element(block["accessory"])


def _header(block: Block) -> Iterator[str]:
    yield from _text(block.get("text"), 150, "header")


def _context(block: Block) -> Iterator[str]:
    if not 1 <= len(block.get("elements", ())) <= 10:
        yield "context elements"
    for element in block.get("elements", ()):
        yield from _text(element, 3000, "context", ("plain_text", "mrkdwn"))


def _actions(block: Block) -> Iterator[str]:
    elements = block.get("elements", ())
    if not 1 <= len(elements) <= 25:
        yield "actions elements"
    ids = [element.get("action_id") for element in elements]
    if len(set(ids)) != len(ids):
        yield "action_id twice"
    for element in elements:
        yield from _element(element)


def _element(element: Block) -> Iterator[str]:
    if element.get("type") == "button":
        yield from _text(element.get("text"), 75, "button")
        if len(element.get("value", "")) > 2000 or len(element.get("action_id", "")) > 255:
            yield "button value"
    elif element.get("type") == "radio_buttons":
        if not 1 <= len(element.get("options", ())) <= 10:
            yield "options"
        for option in element.get("options", ()):
            yield from _text(option.get("text"), 75, "option")
    elif element.get("type") == "plain_text_input":
        if not 1 <= element.get("max_length", 3000) <= 3000 or len(element.get("initial_value", "")) > 3000:
            yield "input length"
    else:
        yield f"unknown element {element.get('type')}"


def _context_actions(block: Block) -> Iterator[str]:
    if not 1 <= len(block.get("elements", ())) <= 5:
        yield "context_actions elements"
    for element in block.get("elements", ()):
        if element.get("type") != "feedback_buttons":
            yield f"unknown element {element.get('type')}"
            continue
        for name in ("positive_button", "negative_button"):
            yield from _text(element.get(name, {}).get("text"), 75, name)


def _rich_text(block: Block) -> Iterator[str]:
    for part in block.get("elements", ()):
        if part.get("type") not in ("rich_text_section", "rich_text_preformatted", "rich_text_list"):
            yield f"unknown part {part.get('type')}"
        for element in part.get("elements", ()):
            if element.get("type") == "text" and not element.get("text"):
                yield "empty text"
            elif element.get("type") not in ("text", "user", "emoji", "link"):
                yield f"unknown element {element.get('type')}"


def _table(block: Block) -> Iterator[str]:
    rows = block.get("rows", ())
    if not 1 <= len(rows) <= 100:
        yield f"{len(rows)} rows"
    if len({len(row) for row in rows}) > 1 or not all(1 <= len(row) <= 20 for row in rows):
        yield "columns"
    cells = [cell for row in rows for cell in row]
    if any(cell.get("type") not in ("raw_text", "rich_text") or not cell.get("text") for cell in cells):
        yield "a cell without text"
    if sum(len(cell.get("text", "")) for cell in cells) > 10_000:
        yield "cells too long"
    if len(block.get("column_settings", ())) > 20:
        yield "column_settings"


def _chart(block: Block) -> Iterator[str]:
    chart = block.get("chart", {})
    if not 1 <= len(block.get("title", "")) <= 50 or chart.get("type") not in ("bar", "line", "area"):
        yield "chart"
        return
    names = chart.get("axis_config", {}).get("categories", [])
    series = chart.get("series", [])
    if not 1 <= len(names) <= 20 or len(set(names)) != len(names):
        yield "categories"
    if not 1 <= len(series) <= 6 or len({one["name"] for one in series}) != len(series):
        yield "series"
    for one in series:
        if [point["label"] for point in one["data"]] != names:
            yield "a series without each category"
    if any(not 1 <= len(name) <= 20 for name in [*names, *(one["name"] for one in series)]):
        yield "label too long"


def _input(block: Block) -> Iterator[str]:
    yield from _text(block.get("label"), 2000, "label")
    yield from _element(block.get("element", {}))


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, Mapping):
        for name, value in found.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(found, list | tuple):
        for value in found:
            yield from _texts(value)


_CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "rich_text": _rich_text,
    "table": _table,
    "data_visualization": _chart,
    "input": _input,
}
