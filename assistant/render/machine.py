"""An answer as one JSON object; docs/json.md tells its keys."""

import datetime as dt
import json
import math
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from assistant.answering import Reply
from graph.outcome import Answered, Clarify, Refused, Unanswered
from knowledge.errors import QuarryError


def answer(reply: Reply) -> dict[str, Any]:
    outcome = reply.outcome
    said: dict[str, Any] = {"question": reply.question, "outcome": type(outcome).__name__.lower()}
    match outcome:
        case Answered():
            said |= {
                "sql": outcome.sql,
                "columns": list(outcome.result.columns),
                "rows": [list(row) for row in outcome.result.rows],
                "truncated": outcome.result.truncated,
                "confidence": outcome.confidence,
                "check": outcome.check,
                "notes": list(outcome.notes),
                "source": outcome.source,
                "rules": list(reply.rules),
                "headings": [str(heading) for heading in reply.headings],
            }
            if reply.explanation is not None:
                said["explanation"] = reply.explanation.to_json()
        case Clarify():
            said |= {"ask": outcome.question, "choices": list(outcome.choices)}
        case Unanswered() | Refused():
            said |= asdict(outcome)
    return said | {"turn": reply.turn_id, "seconds": reply.split.as_dict()}


def error_object(problem: QuarryError) -> dict[str, Any]:
    return {"outcome": "error", "error": str(problem), "exit_code": problem.exit_code}


def dumps(value: Any) -> str:
    """JSON on one line; dates as ISO text, exact decimals as numbers, what is no number as null."""
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case float():
            return value if math.isfinite(value) else None
        case bool() | int() | str() | None:
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return str(value)
