"""An answer in the terminal: a sentence, rows, a chart where one suits, SQL, notes, where the time went."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from assistant.answering import Reply
from assistant.render.bars import bars, sparkline
from assistant.render.chart import Chart, choose
from assistant.render.columns import Shown, columns
from assistant.render.explained import explained
from assistant.render.grid import Grid, grid
from assistant.render.sentence import headline
from assistant.render.sql import readable
from assistant.render.values import NULL
from graph.outcome import Answered, Clarify, Refused, Unanswered
from knowledge.result import Result

MOST_ROWS = 20


def show(console: Console, reply: Reply, *, sql: bool = True) -> None:
    """Print how a turn ended, and where its time went."""
    outcome = reply.outcome
    match outcome:
        case Answered():
            _answered(console, reply, outcome, readable(outcome.sql, reply.dialect) if sql else "")
        case Clarify():
            console.print(Text(outcome.question, style="bold yellow"))
            for place, choice in enumerate(outcome.choices, 1):
                console.print(Text(f"  {place}. {choice}"))
        case Unanswered():
            console.print(Text(outcome.reason, style="bold yellow"))
            for tried in outcome.tried:
                console.print(Text(f"  tried: {tried}", style="dim"))
        case Refused():
            console.print(Text(outcome.reason, style="bold red"))
            for rule in outcome.rules:
                console.print(Text(f"  rule: {rule}", style="dim"))
    for line in filter(None, (reply.split.sentence(), reply.split.started())):
        console.print(Text(line, style="dim"))


def _answered(console: Console, reply: Reply, outcome: Answered, sql: str) -> None:
    result = outcome.result
    shown = columns(result, reply.headings)
    chart = choose(result, shown)
    alone = len(result.rows) <= 1 and len(shown) == 1
    laid = grid(result, shown, chart, MOST_ROWS, console.width) if result.rows and not alone else None
    title = f": {laid.title}" if laid is not None and laid.title else ""
    console.print(Text(f"{headline(result, shown)}{title}", style="bold"))
    console.print()
    if laid is not None:
        console.print(_table(laid, console))
        _foot(console, result, shown, chart, laid)
        console.print()
    if outcome.check:
        console.print(Text(f"Please check this one: confidence {outcome.confidence:.0%}.", style="yellow"))
    for note in outcome.notes:
        console.print(Text(f"Note: {note}", style="yellow" if outcome.check else "dim"))
    if reply.explanation is not None:
        console.print(explained(reply.explanation))
    if sql:
        console.print(Syntax(sql, "sql", theme="ansi_dark", word_wrap=True, background_color="default"))
        console.print()
    if reply.rules and reply.explanation is None:
        console.print(Text(f"Rules applied: {', '.join(reply.rules)}", style="dim"))


def _table(laid: Grid, console: Console) -> Table:
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading, right in zip(laid.headings, laid.right, strict=True):
        table.add_column(Text(heading), justify="right" if right else "left", overflow="fold")
    drawn: list[tuple[str, ...]] = [()] * len(laid.cells)
    if laid.values:
        width = max(8, min(28, console.width - laid.width - 4))
        table.add_column("", style="cyan", no_wrap=True)
        drawn = [(bar,) for bar in bars(laid.values, width, plain=_plain(console))]
    for row, bar in zip(laid.cells, drawn, strict=True):
        table.add_row(*(Text(cell, style="dim" if cell == NULL else "") for cell in row), *bar)
    return table


def _foot(console: Console, result: Result, shown: Sequence[Shown], chart: Chart | None, laid: Grid) -> None:
    if len(laid.cells) < laid.rows:
        more = "more than " if result.truncated else ""
        console.print(Text(f"showing {len(laid.cells)} of {more}{laid.rows:,}", style="dim"))
    if chart is None or chart.kind != "line" or len(chart.y) > 1 or len(result.rows) <= MOST_ROWS:
        return
    time, y = chart.x[0], chart.y[0]
    series: dict[str, list[object]] = {}
    for row in sorted(result.rows, key=lambda row: str(row[time])):
        name = "" if chart.series is None else shown[chart.series].text(row[chart.series])
        series.setdefault(name, []).append(row[y])
    width = max(map(len, series))
    console.print()
    for name, values in series.items():
        console.print(Text(f"{name:<{width}} {sparkline(values, _plain(console))}".strip(), style="cyan"))


def _plain(console: Console) -> bool:
    return not console.encoding.lower().startswith("utf")
