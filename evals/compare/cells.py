"""One canonical form for every value that a driver may give: None, a number, or a text."""

import json
import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

LARGEST_EXACT = 2**53
"""Above this a float no longer holds every integer."""

_TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d(?::\d\d)?)?)?",
    re.ASCII,
)


def canonical(value: Any) -> int | float | str | None:
    """Fold what means the same: NaN and NaT to None, Decimal and bool to a number, times to ISO text in UTC.

    >>> canonical(True), canonical(datetime(2025, 1, 1)), canonical("a  ")
    (1, '2025-01-01', 'a')
    """
    kind = type(value)
    if kind is str:
        return text(value)
    if kind is int or value is None:
        return value  # type: ignore[no-any-return]
    if kind.__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, float):
        return None if value != value else float(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        return _timestamp(value)
    if isinstance(value, time):
        return _time(value)
    if isinstance(value, date):
        return value.isoformat()
    if kind.__name__ == "datetime64":
        return canonical(value.astype("datetime64[us]").item())
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray | memoryview):
        return f"\0bytes {bytes(value).hex()}"
    if isinstance(value, list | tuple | dict | set | frozenset):
        return _json(value)
    if hasattr(value, "item"):
        return canonical(value.item())
    return text(str(value))


def text(value: str) -> str:
    """Trailing blanks off, composed letters, a timestamp in its one spelling."""
    value = value.rstrip(" ")
    if value[:1] in ("[", "{"):
        return _json_text(value)
    if not value.isascii():
        return unicodedata.normalize("NFC", value)
    if len(value) >= 16 and value[4] == "-" and value[13] == ":":
        return _timestamp_text(value)
    return value


def _decimal(value: Decimal) -> int | float | None:
    if value.is_nan():
        return None
    return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)


def _time(value: time) -> str:
    offset = value.utcoffset()
    if offset is not None:
        value = (datetime.combine(date(2000, 1, 2), value.replace(tzinfo=None)) - offset).time()
    return value.isoformat()


def _timestamp(value: datetime) -> str:
    if value.tzinfo is not None:
        try:
            value = value.astimezone(timezone.utc).replace(tzinfo=None)  # noqa: UP017
        except OverflowError:
            return value.isoformat(sep=" ")
    if value.time() == time():
        return value.date().isoformat()
    spelled = value.isoformat(sep=" ")
    return spelled.rstrip("0") if "." in spelled else spelled


def _timestamp_text(value: str) -> str:
    if len(value) == 19 and value[10] == " " and value[11:] != "00:00:00":
        return value
    found = _TIMESTAMP.fullmatch(value)
    if found is None:
        return value
    day, minute, second, fraction, zone = found.groups()
    zone = "+00:00" if zone == "Z" else zone or ""
    try:
        moment = datetime.fromisoformat(f"{day} {minute}:{second or '00'}.{(fraction or '')[:6]:0<6}{zone}")
    except ValueError:
        return value
    return _timestamp(moment)


def _json_text(value: str) -> str:
    """A text that is JSON in the one spelling that lists and mappings have; any other as it is."""
    try:
        return _json(json.loads(value))
    except (ValueError, RecursionError):
        return unicodedata.normalize("NFC", value)


def _json(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(canonical(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=lambda item: (str(type(item)), str(item)))
    folded = canonical(value)
    return int(folded) if isinstance(folded, float) and folded.is_integer() else folded
