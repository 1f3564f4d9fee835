"""Dates and spans of days as people say them."""

import calendar
import datetime as dt
import re

from sqlglot import exp

from knowledge.window import add_months

_ORDINALS = ("first", "second", "third", "fourth")


def moment(node: exp.Expr) -> dt.date | dt.datetime | None:
    """The day or moment that a literal stands for, with or without a cast around it; None for all else."""
    while isinstance(node, exp.Cast | exp.Date | exp.TsOrDsToDate | exp.TsOrDsToTimestamp | exp.Paren):
        if isinstance(node, exp.Date) and node.expressions:
            return None
        node = node.this
    if not isinstance(node, exp.Literal) or not node.is_string:
        return None
    text = node.name
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def said(when: dt.date | dt.datetime) -> str:
    """'14 November 2025', with the time where there is one."""
    day = f"{when.day} {calendar.month_name[when.month]} {when.year}"
    if not isinstance(when, dt.datetime) or when.time() == dt.time():
        return day
    return f"{day}, {when.hour}:{when.minute:02}{f':{when.second:02}' if when.second else ''}"


def span(first: dt.date, end: dt.date) -> str:
    """The days from `first` up to, but without, `end`: 'in October 2025', 'from 3 to 9 November 2025'.

    >>> span(dt.date(2025, 7, 1), dt.date(2025, 10, 1))
    'in the third quarter of 2025 (1 July to 30 September 2025)'
    """
    last = end - dt.timedelta(days=1)
    if last < first:
        return f"from {said(first)} on and before {said(end)}, which is never"
    if last == first:
        return f"on {said(first)}"
    if first.day == 1 and end.day == 1:
        months = (end.year - first.year) * 12 + end.month - first.month
        if months == 1:
            return f"in {calendar.month_name[first.month]} {first.year}"
        if months == 12 and first.month == 1:
            return f"in {first.year}"
        if months == 3 and first.month in (1, 4, 7, 10):
            return f"in the {_ORDINALS[first.month // 3]} quarter of {first.year} ({_days(first, last)})"
        if months % 12 == 0 and first.month == 1:
            return f"from {first.year} to {last.year}"
        return f"from {_months(first, add_months(end, -1))}"
    return f"from {_days(first, last)}"


def _months(first: dt.date, last: dt.date) -> str:
    year = f" {first.year}" if first.year != last.year else ""
    return f"{calendar.month_name[first.month]}{year} to {calendar.month_name[last.month]} {last.year}"


def _days(first: dt.date, last: dt.date) -> str:
    if first.year != last.year:
        return f"{said(first)} to {said(last)}"
    month = f" {calendar.month_name[first.month]}" if first.month != last.month else ""
    return f"{first.day}{month} to {said(last)}"
