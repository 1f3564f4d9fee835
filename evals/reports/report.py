"""A run as numbers, as a table for people and as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from evals.metrics.stats import Interval, percentile, wilson
from evals.runs.run import Run
from evals.runs.score import Score

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Tally:
    """The cases of one category, or all. Shares are of the scored cases alone."""

    name: str
    cases: int
    scored: int
    right: int
    exact: int
    wrong_presented: int

    @property
    def share(self) -> float | None:
        return self.right / self.scored if self.scored else None

    @property
    def interval(self) -> Interval:
        return wilson(self.right, self.scored)

    @property
    def wrong_presented_share(self) -> float | None:
        return self.wrong_presented / self.scored if self.scored else None

    def to_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "share": self.share,
            "interval": [self.interval.low, self.interval.high],
            "wrong_presented_share": self.wrong_presented_share,
        }


@dataclass(frozen=True)
class Report:
    """`verdicts` counts all cases; `rounded` the wrong answers that rounding would make right.

    `p50` and `p95` are seconds a question, `times` the mean seconds of each part.
    """

    run: Run
    categories: tuple[Tally, ...]
    total: Tally
    verdicts: dict[str, int]
    rounded: int
    p50: float | None
    p95: float | None
    times: dict[str, float]


def report(run: Run) -> Report:
    """Count a run by category and as a whole."""
    names = dict.fromkeys(score.category for score in run.scores)
    groups = {name: [score for score in run.scores if score.category == name] for name in names}
    asked = [score.seconds for score in run.scores if score.outcome]
    return Report(
        run=run,
        categories=tuple(_tally(name, scores) for name, scores in sorted(groups.items())),
        total=_tally("all", run.scores),
        verdicts=dict(Counter(score.verdict.value for score in run.scores).most_common()),
        rounded=sum(score.rounded for score in run.scores),
        p50=percentile(asked, 0.50),
        p95=percentile(asked, 0.95),
        times=_mean_times([score.times for score in run.scores if score.outcome]),
    )


def to_json(report: Report, *, scores: bool = True) -> dict[str, Any]:
    """The report for machines, with one entry a case unless `scores` is false."""
    data: dict[str, Any] = {
        "run": asdict(report.run.header),
        "total": report.total.to_json(),
        "categories": [tally.to_json() for tally in report.categories],
        "verdicts": report.verdicts,
        "rounded": report.rounded,
        "seconds": {"p50": report.p50, "p95": report.p95, "mean": report.times},
    }
    if scores:
        data["scores"] = [score.to_json() for score in report.run.scores]
    return data


def to_table(report: Report) -> "Table":
    """The report for people: a row a category, the whole at the foot."""
    from rich.table import Table

    table = Table(title=_title(report), caption=_caption(report))
    table.title_justify = table.caption_justify = "left"
    table.add_column("category")
    for name in ("cases", "right", "exact", "share", "95% interval", "wrong, shown as right"):
        table.add_column(name, justify="right")
    for tally in report.categories:
        table.add_row(*_cells(tally))
    table.add_section()
    table.add_row(*_cells(report.total), style="bold")
    return table


def failures(report: Report) -> "Table":
    """Every case that was not right, with the reason and the SQL."""
    from rich.table import Table

    table = Table(show_lines=True)
    for name in ("case", "verdict", "question", "why", "SQL"):
        table.add_column(name, overflow="fold")
    for score in report.run.scores:
        if not score.right:
            verdict = f"{score.verdict.value}{', shown as right' if score.wrong_presented else ''}"
            table.add_row(score.case, verdict, score.question, score.why, score.sql)
    return table


def _tally(name: str, scores: Sequence[Score]) -> Tally:
    scored = [score for score in scores if score.scored]
    return Tally(
        name=name,
        cases=len(scores),
        scored=len(scored),
        right=sum(score.right for score in scored),
        exact=sum(score.verdict.value == "exact" for score in scored),
        wrong_presented=sum(score.wrong_presented for score in scored),
    )


def _mean_times(times: Sequence[dict[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for one in times for name in one)
    return {name: sum(one.get(name, 0.0) for one in times) / len(times) for name in names}


def _cells(tally: Tally) -> tuple[str, ...]:
    cases = str(tally.cases) if tally.cases == tally.scored else f"{tally.cases} ({tally.scored} scored)"
    interval = f"{_percent(tally.interval.low)} to {_percent(tally.interval.high)}" if tally.scored else "-"
    presented = f"{tally.wrong_presented} ({_percent(tally.wrong_presented_share)})"
    return (
        tally.name,
        cases,
        str(tally.right),
        str(tally.exact),
        _percent(tally.share),
        interval,
        presented if tally.scored else "-",
    )


def _title(report: Report) -> str:
    header = report.run.header
    return " · ".join(part for part in (header.suite, header.model, header.started) if part)


def _caption(report: Report) -> str:
    parts = [", ".join(f"{count} {name}" for name, count in report.verdicts.items())]
    if report.rounded:
        parts.append(f"{report.rounded} of the wrong ones are right once rounded")
    if report.p50 is not None and report.p95 is not None:
        parts.append(f"seconds a question: half within {report.p50:.2f}, 95% within {report.p95:.2f}")
    if report.times:
        means = ", ".join(f"{name} {seconds:.2f}" for name, seconds in report.times.items())
        parts.append(f"mean seconds by part: {means}")
    return "\n".join(parts)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}%"
