"""The gate's reasons, as sentences for a data team."""

from collections import Counter
from collections.abc import Iterable, Sequence

from evals.metrics.stats import wilson
from evals.releases.decision import Change, Evidence, LeftOut

MOST_NAMED = 5


def changes(found: Evidence) -> str:
    """
    >>> changes(Evidence(delta=0.03, cases=92, won=3, lost=12, difference=-9 / 92))
    '12 cases got worse and 3 better of 92, a difference of -9.8 points'
    """
    if found.identical:
        return f"All {count(found.cases, 'case')} were answered exactly as the current model answers them"
    if not found.won and not found.lost:
        return f"No case of {found.cases} got better or worse"
    worse = count(found.lost, "case") if found.lost else "No case"
    better = f"{found.won} better" if found.won else "none better"
    return f"{worse} got worse and {better} of {found.cases}, a difference of {points(found.difference)}"


def shown(found: Evidence) -> str:
    """That the loss is bounded."""
    if found.identical:
        return f"{changes(found)}."
    return (
        f"{changes(found)}; with 95% confidence it is at least {points(found.lower)}, above the "
        f"{points(-found.delta)} allowed."
    )


def regression(found: Evidence) -> str:
    return f"{changes(found)}; that is no chance (exact McNemar, one-sided, p = {found.p_regression:.2g})."


def too_small(found: Evidence) -> list[str]:
    said = [
        f"The suite is too small to tell: {_lowered(changes(found))}; the true one may be as low as "
        f"{points(found.lower)}, where {points(-found.delta)} is allowed."
    ]
    if found.detectable is not None and found.needed is not None:
        share = (found.won + found.lost) / max(1, found.cases)
        said.append(
            f"{count(found.cases, 'case')}, of which {share:.0%} differ, show a loss of "
            f"{100 * found.detectable:.0f} points or more; about {found.needed:,} cases would show one of "
            f"{100 * found.delta:g}. Write more cases, or allow a larger loss."
        )
    return said


def must_pass(failed: Sequence[Change]) -> list[str]:
    unscored = [change for change in failed if not change.scored]
    wrong = [change for change in failed if change.scored]
    said = []
    if wrong:
        too = sum(change.failed_before for change in wrong)
        also = f" ({too} of them for the current model too)" if too else ""
        said.append(f"{count(len(wrong), 'must-pass case')} failed{also}: {named(wrong)}.")
    if unscored:
        said.append(
            f"{count(len(unscored), 'must-pass case')} could not be scored: {named(unscored)}; "
            f"mend what stood in the way ({unscored[0].why or unscored[0].verdict_after}) and run it again."
        )
    return said


def must_pass_held(found: Evidence) -> str:
    if not found.must_pass:
        return "No case is marked must_pass, so none could refuse it."
    if found.must_pass == 1:
        return "The one must-pass case passes."
    return f"All {found.must_pass:,} must-pass cases pass."


def presented(found: Evidence) -> str:
    names = f": {named(found.newly_wrong_presented)}" if found.newly_wrong_presented else ""
    return (
        f"Wrong answers that are presented as right grew from {found.wrong_presented_before:g} to "
        f"{found.wrong_presented_after:g}{names}."
    )


def presented_held(found: Evidence) -> str:
    return (
        f"Wrong answers that are presented as right did not grow: {found.wrong_presented_after:g}, "
        f"before {found.wrong_presented_before:g}."
    )


def first(found: Evidence) -> str:
    right = wilson(round(found.right_after), found.cases)
    return (
        f"There is no model to compare with, so only the must-pass cases gate this first release; "
        f"{found.right_after:g} of {count(found.cases, 'case')} are right "
        f"(95% interval {100 * right.low:.1f} to {100 * right.high:.1f}%)."
    )


def left_out(found: Sequence[LeftOut]) -> str:
    """
    >>> left_out([LeftOut("dev", "a", "the candidate was not asked")])
    '1 case was left out: the candidate was not asked (a).'
    """
    whys = Counter(one.why for one in found)
    told = []
    for why, number in whys.most_common(MOST_NAMED):
        cases = ", ".join([one.case for one in found if one.why == why][:MOST_NAMED])
        told.append(f"{why} ({cases}{', ...' if number > MOST_NAMED else ''})")
    rest = f"; and {len(whys) - MOST_NAMED} other reasons" if len(whys) > MOST_NAMED else ""
    were = "was" if len(found) == 1 else "were"
    return f"{count(len(found), 'case')} {were} left out: {'; '.join(told)}{rest}."


def named(cases: Iterable[Change]) -> str:
    """The names of the first cases."""
    names = [change.case for change in cases]
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + rest


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def points(share: float) -> str:
    """
    >>> points(0.0217), points(-0.03), points(-0.0001)
    ('+2.2 points', '-3.0 points', '0.0 points')
    """
    rounded = round(100 * share, 1) or 0.0
    return f"{rounded:+.1f} points" if rounded else "0.0 points"


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
