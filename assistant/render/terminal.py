"""An answer in the terminal: a sentence, rows, a chart where one suits, SQL, notes, where the time went."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from assistant.answering import Reply
from assistant.render.bars import bars, sparkline
from assistant.render.chart import Chart, choose
from assistant.render.headings import heading
from assistant.render.sql import readable
from assistant.render.values import is_measure, kinds, number, text, texts
from graph.outcome import Answered, Clarify, Refused, Unanswered
from knowledge.result import Result

MOST_ROWS = 20


def show(console: Console, reply: Reply, *, sql: bool = True) -> None:
    """Print how a turn ended, and where its time went."""
    outcome = reply.outcome
    match outcome:
        case Answered():
            _answered(console, outcome, readable(outcome.sql, reply.dialect) if sql else "")
            if reply.rules:
                console.print(Text(f"Rules applied: {', '.join(reply.rules)}", style="dim"))
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


def _answered(console: Console, outcome: Answered, sql: str) -> None:
    chart = choose(outcome.result)
    console.print(Text(headline(outcome.result), style="bold"))
    if outcome.result.rows and not (chart and chart.kind == "number"):
        console.print(_table(outcome.result, chart, _plain(console)))
        _foot(console, outcome.result, chart)
    if sql:
        console.print()
        console.print(Syntax(sql, "sql", theme="ansi_dark", word_wrap=True))
        console.print()
    if outcome.check:
        console.print(Text(f"Please check this one: confidence {outcome.confidence:.0%}.", style="yellow"))
    for note in outcome.notes:
        console.print(Text(f"Note: {note}", style="dim"))


def headline(result: Result) -> str:
    """What came back, in one sentence."""
    rows, columns = len(result.rows), len(result.columns)
    if not rows:
        return "No rows match."
    if rows == 1 and columns == 1:
        value, kind = result.rows[0][0], kinds(result)[0]
        said = number(value) if is_measure(result.columns[0], kind) else text(value)
        return f"{heading(result.columns[0]).capitalize()}: {said}"
    if result.truncated:
        return f"More than {rows:,} rows, of which the first {rows:,} were fetched"
    return "One row" if rows == 1 else f"{rows:,} rows"


def _table(result: Result, chart: Chart | None, plain: bool) -> Table:
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    measures = [is_measure(n, k) for n, k in zip(result.columns, kinds(result), strict=True)]
    for name, measure in zip(result.columns, measures, strict=True):
        table.add_column(Text(heading(name)), justify="right" if measure else "left", overflow="fold")
    cells: list[tuple[str, ...]] = texts(result, MOST_ROWS)
    if chart and chart.series is None:
        table.add_column("", style="cyan", no_wrap=True)
        drawn = bars([row[chart.y] for row in result.rows[:MOST_ROWS]], plain=plain)
        cells = [(*row, bar) for row, bar in zip(cells, drawn, strict=True)]
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _foot(console: Console, result: Result, chart: Chart | None) -> None:
    if len(result.rows) > MOST_ROWS:
        more = "more than " if result.truncated else ""
        console.print(Text(f"showing {MOST_ROWS} of {more}{len(result.rows):,}", style="dim"))
    if chart is None or chart.kind != "line" or chart.x is None:
        return
    series: dict[str, list[object]] = {}
    for row in sorted(result.rows, key=lambda row: str(row[chart.x or 0])):
        name = "" if chart.series is None else text(row[chart.series])
        series.setdefault(name, []).append(row[chart.y])
    if chart.series is None and len(result.rows) <= MOST_ROWS:
        return
    width = max(map(len, series))
    for name, values in series.items():
        console.print(Text(f"{name:<{width}} {sparkline(values, _plain(console))}".strip(), style="cyan"))


def _plain(console: Console) -> bool:
    return not console.encoding.lower().startswith("utf")
