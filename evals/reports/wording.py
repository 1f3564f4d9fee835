"""Figures and values as people read them, in the terminal and on pages alike."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from evals.metrics.stats import Interval
from evals.verdict import Verdict

VERDICTS = {
    Verdict.EXACT: "exact",
    Verdict.SUPERSET: "right with extra columns",
    Verdict.WRONG: "wrong",
    Verdict.EXEC_ERROR: "does not run",
    Verdict.TIMEOUT: "too slow",
    Verdict.REFUSED: "refused",
    Verdict.CLARIFIED: "asked back",
    Verdict.UNANSWERED: "not answered",
    Verdict.HARNESS_ERROR: "harness error",
    Verdict.VACUOUS: "empty gold",
    Verdict.UNDECIDED: "undecided",
}
LONGEST_VALUE = 300
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def percent(share: float | None, digits: int = 1) -> str:
    """
    >>> percent(0.8234), percent(None)
    ('82.3%', '-')
    """
    return "-" if share is None else f"{100 * share:.{digits}f}%"


def span(interval: Interval, digits: int = 1) -> str:
    """
    >>> span(Interval(0.779, 0.861))
    '77.9% to 86.1%'
    """
    return f"{percent(interval.low, digits)} to {percent(interval.high, digits)}"


def points(difference: float) -> str:
    """A difference of two shares, signed.

    >>> points(-0.0213)
    '-2.1 points'
    """
    return f"{100 * difference:+.1f} points"


def seconds(value: float | None) -> str:
    """
    >>> seconds(0.0382), seconds(2.61), seconds(312), seconds(None)
    ('38 ms', '2.6 s', '5 min 12 s', '-')
    """
    if value is None:
        return "-"
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} s" if value < 99.95 else duration(value)


def duration(value: float) -> str:
    """
    >>> duration(42), duration(312), duration(7500)
    ('42 s', '5 min 12 s', '2 h 5 min')
    """
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def counted(number: int, noun: str, plural: str = "") -> str:
    """
    >>> counted(1, "case"), counted(1204, "case"), counted(0, "query", "queries")
    ('1 case', '1,204 cases', '0 queries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def moment(when: dt.datetime | None) -> str:
    """
    >>> moment(dt.datetime(2025, 11, 14, 9, 5))
    '2025-11-14 09:05 UTC'
    """
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else ""


def value(given: Any) -> str:
    """A cell of a result, shortened where it is long.

    >>> value(None), value(1234.50), value(1234567), value("x" * 400)[-21:]
    ('NULL', '1234.5', '1234567', ' ... (400 characters)')
    """
    if given is None:
        return "NULL"
    if isinstance(given, float):
        said = f"{given:.10g}" if abs(given) < 1e10 else repr(given)
    elif isinstance(given, Decimal):
        said = f"{given:f}"
    elif isinstance(given, bytes):
        said = f"0x{given[:40].hex()}"
    else:
        said = str(given)
    return shortened(clean(said), LONGEST_VALUE)


def shortened(said: str, longest: int) -> str:
    if len(said) <= longest:
        return said
    return f"{said[:longest].rstrip()} ... ({len(said):,} characters)"


def clean(said: str) -> str:
    """Without what is no text: control characters, lone surrogates, marks that turn the writing round."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", said)
