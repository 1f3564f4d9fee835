"""Two runs compared case by case: what the second won, what it lost, what both got wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evals.metrics.paired import mcnemar, paired_bootstrap
from evals.metrics.stats import Interval
from evals.releases.pairing import Asked, asked, unlike
from evals.runs.info import Run, RunInfo
from evals.runs.score import Score

LOST, WON, BOTH_WRONG, BOTH_RIGHT = "lost", "won", "both wrong", "both right"
UNSCORED, ONLY_BEFORE, ONLY_AFTER = "not scored in both", "only in the first", "only in the second"
KINDS = (LOST, WON, BOTH_WRONG, BOTH_RIGHT, UNSCORED, ONLY_BEFORE, ONLY_AFTER)


@dataclass(frozen=True)
class Pair:
    """A case in both runs; `before` or `after` is None where that run was not asked.

    With repeats, each side is the first repeat that ended as its run did where the two differ.
    `reworded`: question or gold are not those of the other run.
    """

    kind: str
    before: Score | None
    after: Score | None
    reworded: bool = False

    @property
    def score(self) -> Score:
        """Where question, category and gold are read: the later one."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class Versus:
    """`difference` is the share of right answers of the second run less that of the first, over the cases
    that both were scored on; `interval` its paired bootstrap interval (95%), `p` McNemar's, two-sided.
    `unlike` names what differs between the runs beside the model.
    """

    before: RunInfo
    after: RunInfo
    pairs: tuple[Pair, ...]
    cases: int
    right_before: float | None
    right_after: float | None
    interval: Interval
    p: float
    wrong_presented_before: float
    wrong_presented_after: float
    unlike: tuple[str, ...]

    @property
    def difference(self) -> float | None:
        if self.right_before is None or self.right_after is None:
            return None
        return self.right_after - self.right_before

    @cached_property
    def groups(self) -> dict[str, tuple[Pair, ...]]:
        """The pairs of each kind, the telling kinds first; kinds without any are left out."""
        found = {kind: tuple(pair for pair in self.pairs if pair.kind == kind) for kind in KINDS}
        return {kind: pairs for kind, pairs in found.items() if pairs}

    def count(self, kind: str) -> int:
        return len(self.groups.get(kind, ()))

    @property
    def conclusion(self) -> str:
        """What the figures say, in a sentence."""
        if self.difference is None:
            return "The two runs share no case that both were scored on, so nothing can be compared."
        if self.interval.low > 0:
            return "The second run is better: the whole interval lies above zero."
        if self.interval.high < 0:
            return "The second run is worse: the whole interval lies below zero."
        if not self.count(WON) and not self.count(LOST):
            return "No case tells the two runs apart."
        return "The difference may be chance: the interval holds zero."

    def to_json(self) -> dict[str, Any]:
        return {
            "before": self.before.id,
            "after": self.after.id,
            "cases": self.cases,
            "right_before": self.right_before,
            "right_after": self.right_after,
            "difference": self.difference,
            "interval": [self.interval.low, self.interval.high],
            "p": self.p,
            "wrong_presented_before": self.wrong_presented_before,
            "wrong_presented_after": self.wrong_presented_after,
            "unlike": list(self.unlike),
            "conclusion": self.conclusion,
            "pairs": [_pair_json(pair) for pair in self.pairs],
        }


def versus(before: Run, after: Run, *, seed: int = 0) -> Versus:
    """Lay two runs side by side by suite and case, in the order of the second."""
    left, right = asked(before), asked(after)
    keys = [*right, *(key for key in left if key not in right)]
    pairs = [_pair(left.get(key), right.get(key)) for key in keys]
    both = [
        (left[key], right[key])
        for key, pair in zip(keys, pairs, strict=True)
        if pair.kind in (WON, LOST, BOTH_WRONG, BOTH_RIGHT)
    ]
    old, new = [one.right for one, _ in both], [one.right for _, one in both]
    won, lost = (sum(pair.kind == kind for pair in pairs) for kind in (WON, LOST))
    return Versus(
        before=before.info,
        after=after.info,
        pairs=tuple(pairs),
        cases=len(both),
        right_before=_mean(old),
        right_after=_mean(new),
        interval=paired_bootstrap(new, old, seed=seed),
        p=mcnemar(won, lost, "two-sided"),
        wrong_presented_before=sum(one.wrong_presented for one, _ in both),
        wrong_presented_after=sum(one.wrong_presented for _, one in both),
        unlike=unlike(after.info, before.info),
    )


def _pair(before: Asked | None, after: Asked | None) -> Pair:
    if before is None or after is None:
        kind = ONLY_AFTER if before is None else ONLY_BEFORE
        first, second = (one.scores[0] if one else None for one in (before, after))
        return Pair(kind, first, second)
    kind = _kind(before, after)
    gain = after.right - before.right
    return Pair(
        kind,
        _telling(before, gain < 0) if gain else before.scores[0],
        _telling(after, gain > 0) if gain else after.scores[0],
        before.scores[0].fingerprint != after.scores[0].fingerprint,
    )


def _kind(before: Asked, after: Asked) -> str:
    if not before.scored or not after.scored:
        return UNSCORED
    if after.right != before.right:
        return WON if after.right > before.right else LOST
    return BOTH_RIGHT if after.right >= 0.5 else BOTH_WRONG


def _telling(one: Asked, right: bool) -> Score:
    return next((score for score in one.scored if score.right == right), one.scores[0])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _pair_json(pair: Pair) -> dict[str, Any]:
    return {
        "kind": pair.kind,
        "suite": pair.score.suite,
        "case": pair.score.case,
        "question": pair.score.question,
        "category": pair.score.category,
        "reworded": pair.reworded,
        "before": _side_json(pair.before),
        "after": _side_json(pair.after),
        "gold": pair.score.gold,
    }


def _side_json(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "verdict": score.verdict.value,
        "right": score.right,
        "presented": score.presented,
        "why": score.why,
        "sql": score.sql,
    }
