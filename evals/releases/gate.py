"""The release gate: may a candidate take the place of the model that answers?

It ships where all of this holds, on the cases that both were asked and that could be scored for both:
- the one-sided 95% lower bound of the difference is above -delta. It is the lower of the paired bootstrap's
  and of Tango's score bound; the bootstrap alone sees no risk where no case differs, however few there are;
- every must-pass case passes, in every repeat;
- no more wrong answers are presented as if they were right.
Where only the bound fails, and the exact one-sided McNemar shows no regression, the suite is too small to
tell.
A candidate that answers every case exactly as the current model does ships, however small the suite.
"""

from evals.releases import reasons
from evals.releases.decision import Decision, Evidence, Ruling
from evals.releases.evidence import NOISE, compare_runs, of_one_run
from evals.releases.pairing import Pairing, pair, unlike
from evals.runs.info import Run

DELTA = 0.03
REGRESSION = 0.05
LEAST_COMPARABLE = 0.9


def decide(
    candidate: Run,
    current: Run | None,
    *,
    delta: float = DELTA,
    seed: int = 0,
    least_comparable: float = LEAST_COMPARABLE,
) -> Decision:
    """Hold a candidate's run against that of the current model. Pure: the same runs give the same decision.

    `delta` is the loss, as a share of the cases, that a release may at most bring. A first release has no
    `current`: must-pass cases alone gate it. `least_comparable` is the share of all cases that must have been
    scored, in both runs.

    Raises ValueError for a delta outside of 0..1.
    """
    if not 0 < delta < 1:
        raise ValueError(f"delta is {delta}; it is a share between 0 and 1")
    if current is None:
        return _first(candidate, delta, least_comparable)
    pairing = pair(candidate, current)
    found = compare_runs(candidate, pairing, delta, seed)
    refusals = [*_incomparable(candidate, current, pairing, least_comparable), *_refusals(found)]
    if refusals:
        return _decision(found, Ruling.REFUSE, *refusals)
    if not found.identical and found.lower <= -delta:
        return _decision(found, Ruling.TOO_SMALL, *reasons.too_small(found))
    held = (reasons.shown(found), reasons.must_pass_held(found), reasons.presented_held(found))
    return _decision(found, Ruling.SHIP, *held)


def _first(candidate: Run, delta: float, least_comparable: float) -> Decision:
    found = of_one_run(candidate, delta)
    refusals = reasons.must_pass(found.must_pass_failed)
    total = found.cases + len(found.left_out)
    if not total or found.cases < least_comparable * total:
        refusals.append(f"Only {found.cases} of {reasons.count(total, 'case')} could be scored.")
    if refusals:
        return _decision(found, Ruling.REFUSE, *refusals)
    return _decision(found, Ruling.SHIP, reasons.first(found), reasons.must_pass_held(found))


def _incomparable(candidate: Run, current: Run, pairing: Pairing, least: float) -> list[str]:
    said = []
    if other := unlike(candidate.info, current.info):
        said.append(
            f"The two runs cannot be compared, for they differ in {' and '.join(other)}; "
            "run the current model again."
        )
    if pairing.reworded:
        names = ", ".join(case for _, case in pairing.reworded[: reasons.MOST_NAMED])
        said.append(
            f"The two runs were asked different texts under the same names ({names}); "
            "run the current model again."
        )
    total = len(pairing.pairs) + len(pairing.left_out)
    if not total or pairing.comparable < least:
        said.append(
            f"Only {len(pairing.pairs)} of {reasons.count(total, 'case')} can be compared, "
            f"and {least:.0%} have to be."
        )
    return said


def _refusals(found: Evidence) -> list[str]:
    said = reasons.must_pass(found.must_pass_failed)
    if found.wrong_presented_after > found.wrong_presented_before + NOISE:
        said.append(reasons.presented(found))
    if found.p_regression < REGRESSION:
        said.append(reasons.regression(found))
    return said


def _decision(found: Evidence, ruling: Ruling, *said: str) -> Decision:
    told = [*said]
    if ruling is Ruling.REFUSE and found.compared and found.p_regression >= REGRESSION:
        told.append(f"{reasons.changes(found)}.")
    if found.left_out:
        told.append(reasons.left_out(found.left_out))
    return Decision(**vars(found), verdict=ruling, reasons=tuple(told))
