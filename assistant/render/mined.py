"""What mining found, on the terminal."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.reports.wording import clean
from knowledge.patterns import Patterns, Proposals

MOST = 8


def show(console: Console, patterns: Patterns, found: Proposals) -> None:
    """How much was understood, what it holds, what to write down."""
    forms = len(patterns.templates)
    share = patterns.understood / max(1, patterns.read)
    console.print(
        f"{patterns.understood:,} of {patterns.read:,} statements understood ({share:.1%}), {forms:,} forms."
    )
    for (reason, example), calls in patterns.troubles.most_common(MOST):
        console.print(Text(clean(f"Left out {calls:,}: {reason}. Such as: {example[:90]}"), style="yellow"))
    _table(console, "Tables", [(name, n) for name, n in patterns.with_tables.most_common(MOST)])
    _table(console, "Joins", [(f"{a} = {b}", n) for (a, b), n in patterns.joins.most_common(MOST)])
    _table(
        console,
        "Measures",
        [(_named(sql, said), n) for (sql, said), n in patterns.measures.most_common(MOST)],
    )
    groups = [*patterns.groups.items(), *((f"{c} by {unit}", n) for (c, unit), n in patterns.grains.items())]
    _table(console, "Grouped by", sorted(groups, key=lambda entry: -entry[1])[:MOST])
    filters = [(_filter(key, values), values.total()) for key, values in patterns.filters.items()]
    _table(console, "Filters", sorted(filters, key=lambda entry: -entry[1])[:MOST])
    _list(
        console,
        "Proposed rules",
        (f"{r.table}: {r.condition} ({r.share:.0%} of {r.queries:,} queries)" for r in found.rules),
    )
    _list(
        console,
        "Proposed terms",
        (_term(t.term, t.synonyms, t.metric or t.column, t.calls) for t in found.terms),
    )
    _list(console, "Joins that no key declares", (f"{a} = {b} ({n:,})" for a, b, n in found.joins))
    _list(
        console,
        "One name for different things; write down which is meant",
        (f"{c.name}: {' or '.join(f'{sql} ({n:,})' for sql, n in c.expressions)}" for c in found.conflicts),
    )


def _table(console: Console, title: str, rows: Sequence[tuple[str, int]]) -> None:
    if not rows:
        return
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column(title, overflow="fold")
    table.add_column("runs", justify="right")
    for text, count in rows:
        table.add_row(Text(clean(text)), f"{count:,}")
    console.print()
    console.print(table)


def _list(console: Console, title: str, lines: Iterable[str]) -> None:
    told = list(lines)
    if told:
        console.print()
        console.print(Text(title, style="bold"))
        for line in told[: 3 * MOST]:
            console.print(Text(clean(f"  {line}")))
        if len(told) > 3 * MOST:
            console.print(f"  ... and {len(told) - 3 * MOST} more")


def _named(sql: str, said: str) -> str:
    return f"{sql} as {said}" if said else sql


def _filter(key: tuple[str, str, str], values: object) -> str:
    table, column, sign = key
    assert hasattr(values, "most_common")
    literals = [value for value, _ in values.most_common(3) if value]
    return f"{table}.{column} {sign} {' | '.join(literals)}".strip()


def _term(term: str, synonyms: Sequence[str], what: str, calls: int) -> str:
    also = f", also {', '.join(synonyms)}" if synonyms else ""
    return f"{term}{also}: {what} ({calls:,})"
