"""Two runs compared, on the terminal."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.reports.cases import label
from evals.reports.pairs import SAID, compared, evidence
from evals.reports.terminal import labelled, statement
from evals.reports.versus import BOTH_RIGHT, Pair, Versus
from evals.reports.wording import clean, counted
from evals.runs.info import RunInfo
from evals.runs.score import Score


def show(console: Console, found: Versus) -> None:
    """The figures, then every case that did not come out right in both, with both statements."""
    console.print(Text.assemble(("First   ", "dim"), clean(_named(found.before))))
    console.print(Text.assemble(("Second  ", "dim"), clean(_named(found.after))))
    rows = compared(found)
    if rows:
        table = _table(f"of {counted(found.cases, 'case')} that both were scored on")
        for name in ("first", "second", "difference"):
            table.add_column(name, justify="right")
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for line in evidence(found):
        console.print(Text(clean(line)))
    for kind, pairs in found.groups.items():
        console.print()
        console.print(Text(f"{SAID[kind]}: {counted(len(pairs), 'case')}", style="bold"))
        if kind != BOTH_RIGHT:
            console.print(_pairs(pairs))


def _pairs(pairs: tuple[Pair, ...]) -> Table:
    table = _table("case")
    table.columns[0].max_width = 24
    table.add_column("question and SQL", overflow="fold", ratio=1)
    table.show_lines = True
    for pair in pairs:
        score = pair.score
        name = Text.assemble((clean(score.case), "bold"), f"\n{clean(score.category)}")
        lines = [("", Text(clean(score.question), style="bold"))]
        lines += [*_side("first", pair.before), *_side("second", pair.after)]
        if score.gold:
            lines.append(("gold", statement(score.gold)))
        table.add_row(name, labelled(lines))
    return table


def _side(name: str, score: Score | None) -> list[tuple[str, Text]]:
    if score is None:
        return [(name, Text("not asked", style="dim"))]
    said = Text(label(score), style="green" if score.right else "red")
    if score.why and not score.right:
        said.append(f": {clean(score.why)}", style="default")
    return [(name, said), *([("SQL", statement(score.sql))] if score.sql else [])]


def _named(info: RunInfo) -> str:
    return f"{info.model}, {info.setup}, run {info.id}"


def _table(first: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column(first, overflow="fold")
    return table
