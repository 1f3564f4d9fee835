"""What of a turn's record a score keeps."""

import json
import math
from typing import Any, TypedDict

from evals.runs.subject import Record

LONGEST_TEXT = 20_000
MOST_ENTRIES = 500
MOST_BYTES = 2_000_000


class Kept(TypedDict):
    """The fields of a score that come from the record."""

    times: dict[str, float]
    tokens: dict[str, int]
    errors: tuple[str, ...]
    repairs: int
    record: dict[str, Any]


def kept(record: Record) -> Kept:
    """`repairs` counts how often the model was asked again. What a model said by the megabyte is cut."""
    whole = record.to_json()
    errors = whole.get("errors") or []
    return {
        "times": dict(record.times),
        "tokens": dict(record.tokens),
        "errors": tuple(cut(str(error)) for error in errors[:MOST_ENTRIES]),
        "repairs": max(0, (whole.get("calls") or 0) - 1),
        "record": _within(whole),
    }


def cut(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text, or its beginning and how long it was."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"


def _within(whole: dict[str, Any]) -> dict[str, Any]:
    """The record within MOST_BYTES: cut a little, or much where that is not enough."""
    for longest, most in ((LONGEST_TEXT, MOST_ENTRIES), (500, 50), (50, 5)):
        record = {str(key): _cut(value, longest, most) for key, value in whole.items()}
        if len(json.dumps(record)) <= MOST_BYTES:
            break
    return record


def _cut(value: Any, longest: int, most: int) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        entries = list(value.items())[:most]
        return {cut(str(key), longest): _cut(entry, longest, most) for key, entry in entries}
    if isinstance(value, list | tuple):
        return [_cut(entry, longest, most) for entry in value[:most]]
    return cut(str(value), longest)
