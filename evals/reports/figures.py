"""The few figures that a run comes down to, in words; the terminal and the page show the same ones."""

from dataclasses import dataclass

from evals.metrics.stats import Share
from evals.metrics.summary import Summary
from evals.reports.wording import VERDICTS, counted, duration, moment, percent, seconds, span
from evals.runs.info import RunInfo
from evals.verdict import Verdict


@dataclass(frozen=True)
class Figure:
    """`value` is read first, `note` says of what it is; `alarm` where it is nothing to be proud of."""

    name: str
    value: str
    note: str
    alarm: bool = False


def headline(summary: Summary) -> str:
    """The run in one sentence.

    >>> from evals.metrics.summary import summarise
    >>> from evals.runs.info import Run
    >>> headline(summarise(Run(RunInfo("r1", ("dev",), "m"), ())))
    'No case was scored, so there is nothing to tell.'
    """
    right = summary.total.right
    if not right.cases:
        return "No case was scored, so there is nothing to tell."
    return (
        f"{_hits(right)} of {counted(right.cases, 'scored case')} came out right: {percent(right.value)} "
        f"(95% interval {span(right.interval)})."
    )


def figures(summary: Summary) -> tuple[Figure, ...]:
    """The figures that say something of this run; those without cases are left out."""
    total, speed = summary.total, summary.speed
    given = (
        _share("Right", total.right, "scored"),
        _share(
            "Wrong, shown as right", total.wrong_presented, "scored", alarm=total.wrong_presented.hits > 0
        ),
        _share("Right among those shown as right", total.selective, "shown"),
        _share("SQL that runs", total.valid, "to be answered"),
        _share("Refused wrongly", total.refused_wrongly, "to be answered"),
        _share("Refused rightly", total.refused_rightly, "to be refused"),
        _share("Asked back rightly", total.asked_rightly, "that are ambiguous"),
    )
    found = [figure for figure in given if figure]
    if speed.seconds.p50 is not None:
        rest = f"95% within {seconds(speed.seconds.p95)}, {duration(speed.seconds.total)} in all"
        found.append(Figure("Time a question", seconds(speed.seconds.p50), rest))
    if speed.cost is not None:
        found.append(Figure("Cost", f"${speed.cost:.4f}", f"of {counted(speed.priced, 'question')}"))
    return tuple(found)


def remarks(summary: Summary) -> tuple[str, ...]:
    """What a reader has to know beside the figures, a sentence each."""
    told = []
    if summary.must_pass_failures:
        told.append(f"Must-pass cases that were not right: {_named(summary.must_pass_failures)}.")
    if summary.unscored:
        kinds = ", ".join(f"{count} {VERDICTS[Verdict(name)]}" for name, count in summary.unscored.items())
        told.append(f"Left out of every share, for they say nothing of the model: {kinds}.")
    if summary.unsteady:
        told.append(f"Right in some repeats only: {_named(summary.unsteady)}.")
    if summary.rounded:
        noun = "of the wrong answers is" if summary.rounded == 1 else "of the wrong answers are"
        told.append(f"{summary.rounded} {noun} right once rounded.")
    return tuple(told)


def selective(summary: Summary) -> str:
    """What 'please check' is worth; empty where nothing was shown without it."""
    shown = summary.total.selective
    if not shown.cases or not summary.total.scored:
        return ""
    said = (
        f"Shown without 'please check': {shown.cases:,} of {counted(summary.total.scored, 'case')}, "
        f"{percent(shown.value)} of them right ({span(shown.interval)})."
    )
    if summary.risk.area is not None:
        said += f" Mean risk along the risk-coverage curve: {percent(summary.risk.area)}."
    return said


def calibrated(summary: Summary) -> str:
    """How honest the confidence is; empty without answers."""
    found = summary.calibration
    if found.error is None or found.interval is None or found.brier is None:
        return ""
    return (
        f"Confidence is off by {percent(found.error)} on average ({span(found.interval)}); "
        f"Brier score {found.brier:.3f}, of {counted(found.answers, 'answer')}."
    )


def parts(summary: Summary) -> tuple[tuple[str, ...], ...]:
    """Where the time goes: part, half within, 95% within, the mean, its share of all time."""
    found = summary.speed.parts
    whole = sum(part.total for part in found.values())
    if not whole:
        return ()
    return tuple(
        (name, seconds(part.p50), seconds(part.p95), seconds(part.mean), percent(part.total / whole, 0))
        for name, part in found.items()
    )


def tokens(summary: Summary) -> str:
    kinds = ", ".join(f"{count:,.0f} {kind}" for kind, count in summary.speed.tokens.items())
    return f"Tokens a question: {kinds}." if kinds else ""


def efficient(summary: Summary) -> str:
    """How the SQL of the right answers compares with the golds in time; empty where nobody timed it."""
    timed = summary.efficiency
    if timed is None:
        return ""
    if timed.ratio is None or timed.interval is None:
        return "No right answer's SQL could be timed against its gold."
    left = f"; {timed.left_out} left out" if timed.left_out else ""
    return (
        f"The SQL of right answers takes {timed.ratio:.2f} times as long as the gold's"
        f" ({timed.interval.low:.2f} to {timed.interval.high:.2f}; {len(timed.timings)} timed{left})."
    )


def mended(summary: Summary) -> str:
    """How often each kind of repair was at work, gave the answer, and was right; empty where none was."""
    kinds = "; ".join(
        f"{mending.kind} in {mending.used}, the answer in {mending.chosen}, right in {mending.right}"
        for mending in summary.mendings
        if mending.used
    )
    return f"Repair, in questions: {kinds}." if kinds else ""


def facts(info: RunInfo) -> tuple[tuple[str, str], ...]:
    """What the run was, for its head."""
    took = duration((info.finished - info.started).total_seconds()) if info.started and info.finished else ""
    given = {
        "Suites": ", ".join(info.suites),
        "Set-up": info.setup,
        "Started": moment(info.started),
        "Took": took or ("not finished" if info.started else ""),
        "Repeats": str(info.repeats) if info.repeats > 1 else "",
        "Variants": f"{info.variants} more of each database" if info.variants else "",
        "Seed": str(info.seed),
        "Model's checksum": info.checksum[:12],
        "Schema": info.schema[:12],
        "Quarry": info.version,
        "Run": info.id,
    }
    return tuple((name, said) for name, said in given.items() if said)


def _share(name: str, share: Share, of: str, *, alarm: bool = False) -> Figure | None:
    if not share.cases:
        return None
    return Figure(
        name, percent(share.value), f"{_hits(share)} of {share.cases:,} {of}, {span(share.interval)}", alarm
    )


def _hits(share: Share) -> str:
    return f"{share.hits:,}" if isinstance(share.hits, int) else f"{share.hits:,.1f}"


def _named(names: tuple[str, ...], most: int = 8) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
