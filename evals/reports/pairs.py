"""What a page and the terminal show of two runs that are compared."""

from dataclasses import dataclass

from evals.reports.cases import label, tone
from evals.reports.sqldiff import Line, diff, laid_out
from evals.reports.versus import BOTH_RIGHT, KINDS, LOST, WON, Pair, Versus
from evals.reports.wording import percent, points
from evals.runs.score import Score

MOST_OPEN = 12
SAID = {
    "lost": "Lost: right in the first run alone",
    "won": "Won: right in the second run alone",
    "both wrong": "Both wrong",
    "both right": "Both right",
    "not scored in both": "Not scored in both",
    "only in the first": "Only in the first run",
    "only in the second": "Only in the second run",
}


@dataclass(frozen=True)
class Side:
    """How one run ended on a case."""

    label: str
    tone: str
    why: str


@dataclass(frozen=True)
class PairView:
    """`lines` is the diff of the two answers, empty where they are equal or one is missing; then `sql` holds
    what there is. `gold` is laid out; empty where the case has none.
    """

    anchor: str
    pair: Pair
    open: bool
    before: Side | None
    after: Side | None
    lines: tuple[Line, ...]
    sql: str
    gold: str


def pair_views(found: Versus, *, dialect: str = "") -> tuple[PairView, ...]:
    """All cases, those that tell the runs apart first; these stand open where they are few."""
    opened = found.count(LOST) + found.count(WON) <= MOST_OPEN
    ranked = sorted(found.pairs, key=lambda pair: KINDS.index(pair.kind))
    return tuple(
        _view(pair, f"pair-{number}", dialect, opened and pair.kind in (LOST, WON))
        for number, pair in enumerate(ranked, 1)
    )


def compared(found: Versus) -> tuple[tuple[str, str, str, str], ...]:
    """Rows of a small table: what, in the first run, in the second, the difference."""
    if found.difference is None or found.right_before is None or found.right_after is None:
        return ()
    presented = found.wrong_presented_after - found.wrong_presented_before
    return (
        ("Right", percent(found.right_before), percent(found.right_after), points(found.difference)),
        (
            "Wrong, shown as right",
            _number(found.wrong_presented_before),
            _number(found.wrong_presented_after),
            f"{presented:+g}",
        ),
    )


def evidence(found: Versus) -> tuple[str, ...]:
    """What the difference rests on, a sentence each."""
    if found.difference is None:
        return (found.conclusion,)
    low, high = (f"{100 * end:+.1f}" for end in (found.interval.low, found.interval.high))
    told = [
        found.conclusion,
        f"Difference {points(found.difference)}, 95% interval {low} to {high} (paired bootstrap, "
        f"{found.cases:,} cases).",
        f"{found.count(WON)} won, {found.count(LOST)} lost; McNemar's exact test, two-sided: "
        f"p = {_p(found.p)}.",
    ]
    if found.unlike:
        told.append(f"Mind that the runs also differ in: {', '.join(found.unlike)}.")
    reworded = [pair.score.case for pair in found.pairs if pair.reworded]
    if reworded:
        named = ", ".join(reworded[:8]) + (f" and {len(reworded) - 8} more" if len(reworded) > 8 else "")
        told.append(f"Question or gold changed between the runs: {named}.")
    return tuple(told)


def _view(pair: Pair, anchor: str, dialect: str, opened: bool) -> PairView:
    first, second = (score.sql if score else "" for score in (pair.before, pair.after))
    differ = bool(first and second) and first.strip() != second.strip()
    golds = pair.score.golds
    gold = pair.score.gold or (golds[0] if golds else "")
    return PairView(
        anchor=anchor,
        pair=pair,
        open=opened,
        before=_side(pair.before),
        after=_side(pair.after),
        lines=diff(first, second, dialect) if differ else (),
        sql="" if differ else laid_out(second or first, dialect),
        gold=laid_out(gold, dialect) if gold and pair.kind != BOTH_RIGHT else "",
    )


def _side(score: Score | None) -> Side | None:
    return Side(label(score), tone(score), "" if score.right else score.why) if score else None


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "below 0.001"
