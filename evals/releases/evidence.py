"""The figures of two runs laid side by side, from which the gate rules."""

from collections.abc import Iterable, Sequence

from evals.metrics.paired import detectable, holm, mcnemar, needed, paired_bootstrap
from evals.releases.bound import score_lower
from evals.releases.decision import CategoryChange, Change, Evidence
from evals.releases.pairing import Asked, Key, Pair, Pairing, asked, change_of, unscored
from evals.runs.info import Run

NOISE = 1e-9
_ONE_SIDED = 0.9  # the level of a two-sided test of which each side is one-sided at 95%


def compare_runs(candidate: Run, pairing: Pairing, delta: float, seed: int) -> Evidence:
    """What the compared cases say; the lower bound is the lower of the bootstrap's and Tango's."""
    pairs, size = pairing.pairs, len(pairing.pairs)
    better, worse = [p for p in pairs if p.gain > NOISE], [p for p in pairs if p.gain < -NOISE]
    gained, given = sum(p.gain for p in better), -sum(p.gain for p in worse)
    before, after = [p.before.right for p in pairs], [p.after.right for p in pairs]
    drawn = paired_bootstrap(after, before, seed=seed, one_sided=True)
    newly = [p for p in pairs if p.after.wrong_presented > p.before.wrong_presented + NOISE]
    must_pass, failed = _must_pass(asked(candidate), {p.before.key: p.before for p in pairs})
    discordant = (len(better) + len(worse)) / max(1, size)
    return Evidence(
        delta=delta,
        cases=size,
        right_before=sum(before),
        right_after=sum(after),
        difference=(sum(after) - sum(before)) / max(1, size),
        lower=min(drawn.low, score_lower(gained, given, size)),
        upper=max(drawn.high, -score_lower(given, gained, size)),
        won=len(better),
        lost=len(worse),
        p_regression=mcnemar(len(better), len(worse), "less"),
        worse=tuple(p.change for p in worse),
        better=tuple(p.change for p in better),
        identical=size > 0 and all(p.alike for p in pairs),
        must_pass=must_pass,
        must_pass_failed=failed,
        wrong_presented_before=sum(p.before.wrong_presented for p in pairs),
        wrong_presented_after=sum(p.after.wrong_presented for p in pairs),
        newly_wrong_presented=tuple(p.change for p in newly),
        by_category=_by_category(pairs),
        detectable=detectable(size, max(discordant, delta), level=_ONE_SIDED) if size else None,
        needed=needed(delta, max(discordant, delta), level=_ONE_SIDED) if size else None,
        left_out=pairing.left_out,
    )


def of_one_run(candidate: Run, delta: float) -> Evidence:
    """What a run says where there is nothing to compare it with."""
    cases = asked(candidate)
    scored = [one for one in cases.values() if one.scored]
    must_pass, failed = _must_pass(cases, {})
    return Evidence(
        delta=delta,
        compared=False,
        cases=len(scored),
        right_after=sum(one.right for one in scored),
        must_pass=must_pass,
        must_pass_failed=failed,
        wrong_presented_after=sum(one.wrong_presented for one in scored),
        left_out=tuple(unscored(one, "candidate") for one in cases.values() if not one.scored),
    )


def _must_pass(cases: dict[Key, Asked], before: dict[Key, Asked]) -> tuple[int, tuple[Change, ...]]:
    """How many there are, and those that fail in any repeat; one that could not be scored did not pass."""
    binding = [one for one in cases.values() if any(score.must_pass for score in one.scores)]
    failed = [one for one in binding if not one.scored or one.right < 1 - NOISE]
    return len(binding), tuple(change_of(before.get(one.key), one) for one in failed)


def _by_category(pairs: Sequence[Pair]) -> tuple[CategoryChange, ...]:
    counted = [(name, *_count(p for p in pairs if p.category == name)) for name in _categories(pairs)]
    ps = [mcnemar(won, lost) for _, _, won, lost in counted]
    return tuple(
        CategoryChange(name, cases, won, lost, p, corrected)
        for (name, cases, won, lost), p, corrected in zip(counted, ps, holm(ps), strict=True)
    )


def _categories(pairs: Iterable[Pair]) -> list[str]:
    return sorted({p.category for p in pairs})


def _count(pairs: Iterable[Pair]) -> tuple[int, int, int]:
    gains = [p.gain for p in pairs]
    return len(gains), sum(gain > NOISE for gain in gains), sum(gain < -NOISE for gain in gains)
