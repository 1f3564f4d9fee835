"""The rows of an answer as Slack's own table."""

from collections.abc import Sequence

from assistant.render.chart import Chart
from assistant.render.columns import Shown, columns
from assistant.render.grid import Grid, grid
from assistant.slack.blocks import Block
from assistant.slack.text import plain
from knowledge.result import Result

MOST_ROWS = 20
MOST_COLUMNS = 20
MOST_CELL = 200
MOST_CHARACTERS = 7000
_WIDE = 10_000


def laid_out(result: Result, shown: Sequence[Shown], chart: Chart | None) -> Grid:
    """At most `MOST_ROWS` rows."""
    return grid(result, shown, chart, MOST_ROWS, _WIDE)


def table(laid: Grid) -> tuple[Block, int]:
    """The block, and how many of the rows it shows: fewer where they are long."""
    width = min(len(laid.headings), MOST_COLUMNS)
    most = max(20, min(MOST_CELL, MOST_CHARACTERS // (2 * width)))
    rows = [_row(laid.headings[:width], most)]
    left = MOST_CHARACTERS - sum(len(cell["text"]) for cell in rows[0])
    for cells in laid.cells:
        row = _row(cells[:width], most)
        left -= sum(len(cell["text"]) for cell in row)
        if left < 0 and len(rows) > 1:
            break
        rows.append(row)
    settings = [{"align": "right" if right else "left", "is_wrapped": not right} for right in laid.right]
    return {"type": "table", "rows": rows, "column_settings": settings[:width]}, len(rows) - 1


def _row(cells: Sequence[str], most: int) -> list[Block]:
    """Slack refuses a cell without text."""
    return [{"type": "raw_text", "text": plain(cell, most) or "\N{EN DASH}"} for cell in cells]


def preview_table(names: Sequence[str], rows: Sequence[Sequence[object]], most: int = 10) -> Block:
    """The first rows of a result that a correction keeps."""
    result = Result(tuple(names[:MOST_COLUMNS]), tuple(tuple(row[:MOST_COLUMNS]) for row in rows[:most]))
    return table(laid_out(result, columns(result), None))[0]
