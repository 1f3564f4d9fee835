"""The window in which people say what would have been right."""

from typing import Any

from assistant.render.sql import readable
from assistant.slack.blocks import MOST_SQL, Block, context, label, modal, said
from feedback.causes import CAUSES
from feedback.turns import LoggedTurn

CALLBACK = "correction"
MOST_COMMENT = 2000
EDIT = "edit"


def form(turn: LoggedTurn, data: str, dialect: str) -> Block:
    """Cause, SQL and comment; the SQL that answered is there to be changed."""
    blocks = [
        said(turn.whole_question, most=300),
        _input("cause", "What was wrong?", _causes()),
        sql_input(readable(turn.sql, dialect) if turn.sql else ""),
        _input("comment", "Or say it in words", _text("comment", MOST_COMMENT), optional=True),
        context("A data owner looks at it before anything changes."),
    ]
    return modal("Correct this answer", blocks, callback=CALLBACK, submit="Hand in", data=data)


def sql_input(sql: str) -> Block:
    """The editor of SQL; what is too long for Slack has to be written anew."""
    element = _text("sql", MOST_SQL)
    if sql and len(sql) <= MOST_SQL:
        element["initial_value"] = sql
    return _input("sql", "The SQL that would have been right", element, optional=True)


def given(view: dict[str, Any], name: str) -> str:
    """What was typed or chosen."""
    field = ((view.get("state") or {}).get("values") or {}).get(name, {}).get(name) or {}
    return str(field.get("value") or (field.get("selected_option") or {}).get("value") or "")


def _input(name: str, title: str, element: Block, *, optional: bool = False) -> Block:
    named = {"type": "input", "block_id": name, "label": label(title), "element": element}
    return named | {"optional": optional}


def _text(name: str, most: int) -> Block:
    return {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": most}


def _causes() -> Block:
    options: list[Block] = [{"text": label(said_), "value": cause} for cause, said_ in CAUSES.items()]
    return {
        "type": "radio_buttons",
        "action_id": "cause",
        "options": options,
        "initial_option": options[-1],
    }
