"""What came back, in one sentence."""

from collections.abc import Sequence

from assistant.render.columns import Shown
from assistant.render.values import NULL, number
from knowledge.result import Result

MOST_SAID = 4
"""Columns of a single row that are said in a sentence."""


def sentence(result: Result, shown: Sequence[Shown]) -> str:
    """What came back: the values of a single row, else what is told for what, and how many rows."""
    if len(result.rows) == 1 and 1 < len(shown) <= MOST_SAID:
        said_ = ", ".join(
            f"{c.heading}: {value}" for c, value in zip(shown, _values(result, shown), strict=True)
        )
        return f"{said_[:1].upper()}{said_[1:]}"
    line = headline(result, shown)
    measures, names = ([c for c in shown if c.measure is wanted] for wanted in (True, False))
    if len(result.rows) < 2 or not measures or len(measures) > 2 or not 1 <= len(names) <= 2:
        return line
    what = " and ".join(c.heading for c in measures)
    return (
        f"{what[:1].upper()}{what[1:]} by {' and '.join(c.name for c in names)}: {line[:1].lower()}{line[1:]}"
    )


def _values(result: Result, shown: Sequence[Shown]) -> list[str]:
    row = result.rows[0]
    return [
        number(row[c.place], c.decimals([row[c.place]])) if c.measure else c.text(row[c.place]) for c in shown
    ]


def headline(result: Result, shown: Sequence[Shown]) -> str:
    """What came back, in one sentence."""
    rows, width = len(result.rows), len(result.columns)
    if not rows:
        return "No rows match."
    if rows == 1 and width == 1:
        return f"{_capital(shown[0].name)}: {_said(shown[0], result.rows[0][0])}"
    if result.truncated:
        return f"More than {rows:,} rows, of which the first {rows:,} were fetched"
    return "One row" if rows == 1 else f"{rows:,} rows"


def _said(column: Shown, value: object) -> str:
    """A value alone, with its unit."""
    text = number(value, column.decimals([value])) if column.measure else column.text(value)
    if not column.unit or text == NULL:
        return text
    return f"{text}{'' if column.unit == '%' else ' '}{column.unit}"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
