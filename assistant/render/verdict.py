"""The gate's verdict in the terminal: what it is, why, and which cases changed."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.releasing import Verdict
from assistant.render.sql import readable
from evals.releases.decision import Change, Decision, Ruling
from evals.releases.reasons import count, points

MOST_CASES = 30
_SAID = {Ruling.SHIP: "ships", Ruling.REFUSE: "is refused", Ruling.TOO_SMALL: "stays: too small to tell"}
_STYLES = {Ruling.SHIP: "bold green", Ruling.REFUSE: "bold red", Ruling.TOO_SMALL: "bold yellow"}


def show_verdict(console: Console, verdict: Verdict, dialect: str, *, sql: bool = False) -> None:
    """Print the verdict; with `sql`, both models' SQL of each case that got worse."""
    console.print(verdict_text(verdict, dialect, sql=sql))


def verdict_text(verdict: Verdict, dialect: str, *, sql: bool = False) -> RenderableType:
    found = verdict.decision
    against = f" against {verdict.incumbent.name}" if verdict.incumbent else ""
    parts: list[RenderableType] = [
        Text(f"{verdict.candidate.name} {_SAID[found.verdict]}{against}", style=_STYLES[found.verdict]),
        *(Padding(Text(reason), (0, 0, 0, 2)) for reason in found.reasons),
    ]
    if found.compared:
        parts.append(_figures(found))
    parts += _changed("Got worse", found.worse, dialect, sql)
    parts += _changed("Got better", found.better, dialect, sql=False)
    known = {(change.suite, change.case) for change in (*found.worse, *found.better)}
    newly = [change for change in found.newly_wrong_presented if (change.suite, change.case) not in known]
    parts += _changed("Wrong, and now presented as right", newly, dialect, sql)
    if any(change.won or change.lost for change in found.by_category):
        parts.append(_categories(found))
    return Group(*parts)


def _figures(found: Decision) -> RenderableType:
    """How many are right before and after, and how far the difference may be off."""
    size = max(1, found.cases)
    before, after = found.right_before / size, found.right_after / size
    told = (
        f"{after:.1%} of {count(found.cases, 'case')} right, before {before:.1%}; 90% interval of the "
        f"difference: {points(found.lower)} to {points(found.upper)}."
    )
    return Padding(Text(told, style="dim"), (0, 0, 0, 2))


def _changed(title: str, cases: Sequence[Change], dialect: str, sql: bool) -> list[RenderableType]:
    if not cases:
        return []
    table = Table(box=SIMPLE_HEAD, title=f"{title}: {count(len(cases), 'case')}", title_justify="left")
    for column in ("case", "category", "before", "after", "question"):
        table.add_column(column, no_wrap=column != "question", overflow="fold")
    parts: list[RenderableType] = [table]
    for change in cases[:MOST_CASES]:
        row = (change.case, change.category, _how(change, after=False), _how(change, after=True))
        table.add_row(*(Text(cell) for cell in (*row, change.question)))
        if sql:
            parts.append(_statements(change, dialect))
    if len(cases) > MOST_CASES:
        parts.append(Text(f"  and {len(cases) - MOST_CASES} more; the file of the verdict has all", "dim"))
    return parts


def _how(change: Change, *, after: bool) -> str:
    """A case's verdict, and the share that was right where it was asked several times."""
    share = change.after if after else change.before
    verdict = change.verdict_after if after else change.verdict_before
    return verdict if share in (0.0, 1.0) else f"{verdict} ({share:.0%} right)"


def _statements(change: Change, dialect: str) -> RenderableType:
    told = [Text(f"{change.case}: {change.question}", style="bold"), Text(change.why, style="dim")]
    for name, statement in (("before", change.sql_before), ("after", change.sql_after)):
        told.append(Text(f"{name}:", style="dim"))
        told.append(Text(readable(statement, dialect) if statement else "no SQL"))
    return Padding(Group(*(line for line in told if line.plain)), (0, 0, 1, 2))


def _categories(found: Decision) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, title="By category, for diagnosis alone", title_justify="left")
    table.add_column("category")
    for column in ("cases", "better", "worse", "p (Holm)"):
        table.add_column(column, justify="right")
    for change in found.by_category:
        if change.won or change.lost:
            figures = (change.cases, change.won, change.lost)
            table.add_row(change.category, *map(str, figures), f"{change.corrected:.2g}")
    return table
