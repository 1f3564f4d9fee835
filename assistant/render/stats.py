"""The quality of the answers in the terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.render.bars import sparkline

if TYPE_CHECKING:
    from feedback.clusters import Cluster
    from feedback.stats import Often, Stats

SHOWN = 8


def stats_lines(found: "Stats", missed: "Sequence[Cluster]") -> RenderableType:
    if not found.turns and not found.asked:
        return Text("Nothing was asked yet; ask something with `quarry ask`.")
    return Group(*_lines(found, missed))


def _lines(found: "Stats", missed: "Sequence[Cluster]") -> Iterator[RenderableType]:
    yield Text(f"The last {found.days} days", style="bold")
    told = ", ".join(
        f"{count:,} {name}" for name, count in sorted(found.outcomes.items(), key=lambda o: -o[1])
    )
    yield Text(f"{found.turns:,} questions: {told or 'none'}; {found.to_check:,} marked 'please check'")
    if len(found.series) > 1:
        yield Text(f"a day   {sparkline([day.turns for day in found.series])}")
    timing = found.timing
    yield Text(
        f"answered in {timing.median:.2f} s, 95% within {timing.p95:.2f} s (model {timing.model:.2f} s, "
        f"database {timing.database:.2f} s); {found.tokens[0]:.0f} tokens read, {found.tokens[1]:.0f} "
        f"written; {_share(found.repaired, found.turns)} sent back to the model"
    )
    if found.types:
        yield Text("\nBy type of query", style="bold")
        yield _types(found)
    decided = ", ".join(f"{count:,} {decision}" for decision, count in sorted(found.decided.items()))
    yield Text(f"\nCorrections: {found.waiting:,} wait" + (f"; {decided}" if decided else ""), style="bold")
    yield from _list("Asked most", found.asked[:SHOWN])
    yield from _list("Corrected most", found.corrected[:SHOWN])
    if missed:
        yield Text("\nAsked and not answered", style="bold")
        for cluster in missed[:SHOWN]:
            others = f" ({len(cluster.questions)} wordings)" if len(cluster.questions) > 1 else ""
            yield Text(f"{cluster.times:>6,}  {cluster.question}{others}")


def _types(found: "Stats") -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    for name in ("questions", "please check", "thumbs up", "thumbs down", "corrected"):
        table.add_column(name, justify="right")
    for one in found.types:
        counts = (one.turns, one.up, one.down, one.corrected)
        turns, up, down, corrected = (f"{count:,}" for count in counts)
        table.add_row(one.kind, turns, _share(one.to_check, one.turns), up, down, corrected)
    return table


def _list(title: str, often: "Sequence[Often]") -> Iterator[Text]:
    if often:
        yield Text(f"\n{title}", style="bold")
        yield from (Text(f"{one.times:>6,}  {' '.join(one.question.split())[:100]}") for one in often)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"
