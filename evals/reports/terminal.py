"""A run on the terminal: figures by group, what was wrong, several runs beside each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.metrics.stats import Share
from evals.metrics.summary import Summary
from evals.metrics.tally import Tally
from evals.reports import figures
from evals.reports.cases import label
from evals.reports.wording import VERDICTS, clean, moment, percent, seconds, shortened, span
from evals.runs.info import RunInfo
from evals.runs.score import Score
from evals.verdict import Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType

LONGEST_SQL = 600


def show(console: Console, summary: Summary, *, by: Sequence[str] = ("category",)) -> None:
    """The figures of a run, by each of the groups asked for (see `Summary.groups`)."""
    console.print(Text(clean(_title(summary.info)), style="bold"))
    console.print(Text(figures.headline(summary)))
    for name in by:
        console.print()
        console.print(groups(name, summary.groups[name], summary.total))
    console.print()
    for line in _lines(summary):
        console.print(Text(clean(line)))


def groups(name: str, tallies: Sequence[Tally], total: Tally) -> Table:
    """A row a group, the whole at the foot."""
    table = _table(name, "cases", "right", "95% interval", "exact", "shown, wrong")
    for tally in tallies:
        table.add_row(*_cells(tally))
    table.add_section()
    table.add_row(*_cells(total), style="bold")
    return table


def failures(scores: Sequence[Score]) -> Table:
    """Every case that was not right: the question, why, the SQL and the nearest gold."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, show_lines=True, header_style="bold")
    table.add_column("case", max_width=24, overflow="fold")
    table.add_column("question, reason, SQL and gold", overflow="fold", ratio=1)
    for score in scores:
        if not score.right:
            table.add_row(_case(score), _told(score))
    return table


def runs(infos: Sequence[RunInfo]) -> Table:
    """The runs of a workspace."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for name in ("run", "started", "suites", "model", "set-up", "state"):
        table.add_column(name, overflow="fold")
    for info in infos:
        facts = (info.id, moment(info.started), ", ".join(info.suites), info.model, info.setup)
        table.add_row(*(Text(clean(fact)) for fact in facts), Text("whole" if info.finished else "stopped"))
    return table


def matrix(summaries: Sequence[Summary]) -> Table:
    """Several runs of the same suites beside each other."""
    table = _table("model", "set-up", "right", "shown, wrong", "half in", "run")
    for summary in summaries:
        right, half = summary.total.right, summary.speed.seconds.p50
        table.add_row(
            Text(clean(summary.info.model)),
            Text(summary.info.setup),
            f"{percent(right.value, 0)} ({_interval(right)})" if right.cases else "-",
            percent(summary.total.wrong_presented.value),
            seconds(half),
            summary.info.id,
        )
    return table


def _title(info: RunInfo) -> str:
    parts = (", ".join(info.suites), info.model, info.setup, moment(info.started), f"run {info.id}")
    return " · ".join(part for part in parts if part)


def _lines(summary: Summary) -> list[str]:
    counts = ", ".join(f"{count} {VERDICTS[Verdict(name)]}" for name, count in summary.verdicts.items())
    took = summary.speed.seconds
    lines = [f"Verdicts: {counts}." if counts else "", *figures.remarks(summary)]
    if took.p50 is not None:
        parts = ", ".join(f"{name} {half}" for name, half, *_ in figures.parts(summary))
        lines.append(
            f"Time a question: half within {seconds(took.p50)}, 95% within {seconds(took.p95)}"
            f"{f' (by part, half within: {parts})' if parts else ''}."
        )
    lines += [figures.tokens(summary), figures.mended(summary), figures.efficient(summary)]
    lines += [figures.calibrated(summary), figures.selective(summary)]
    return [line for line in lines if line]


def _table(first: str, *rest: str) -> Table:
    """Names may fold, figures may not."""
    table = Table(
        box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", collapse_padding=True
    )
    table.add_column(first, overflow="fold")
    for name in rest:
        words = name == "set-up"
        table.add_column(name, justify="left" if words else "right", overflow="fold", no_wrap=not words)
    return table


def _cells(tally: Tally) -> tuple["RenderableType", ...]:
    cases = str(tally.cases) if tally.cases == tally.scored else f"{tally.scored} of {tally.cases}"
    wrong = tally.wrong_presented
    alarming = Text(_counted(wrong), style="red" if wrong.hits else "")
    return (
        Text(clean(tally.name)),
        cases,
        _counted(tally.right),
        _interval(tally.right),
        percent(tally.exact.value, 0),
        alarming,
    )


def _counted(share: Share) -> str:
    return f"{share.hits:g} ({percent(share.value, 0)})" if share.cases else "-"


def _interval(share: Share) -> str:
    return span(share.interval, 0) if share.cases else "-"


def _case(score: Score) -> Text:
    said = Text(clean(score.case), style="bold")
    said.append(f"\n{label(score)}", style="red" if score.scored else "yellow")
    if score.wrong_presented:
        said.append("\nshown as right", style="red")
    if score.must_pass:
        said.append("\nmust pass", style="red")
    return said.append(f"\n{clean(score.category)}", style="dim")


def _told(score: Score) -> "RenderableType":
    lines = [("before", Text(clean(one))) for one in score.previous]
    lines.append(("", Text(clean(score.question), style="bold")))
    if score.why:
        lines.append(("", Text(clean(score.why))))
    lines += [(name, statement(sql)) for name, sql in (("SQL", score.sql), ("gold", score.gold)) if sql]
    return labelled(lines)


def labelled(lines: Sequence[tuple[str, Text]]) -> Table:
    """Texts, each behind its name; one without a name spans the line."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    parts: list[RenderableType] = []
    for name, text in lines:
        if name:
            grid.add_row(name, text)
        else:
            parts.append(text)
    whole = Table.grid()
    whole.add_column(overflow="fold", ratio=1)
    for part in (*parts, grid):
        whole.add_row(part)
    return whole


def statement(sql: str) -> Text:
    """On one line, as far as it is short enough."""
    return Text(shortened(" ".join(clean(sql).split()), LONGEST_SQL))
