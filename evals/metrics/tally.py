"""How the cases of a group came out: the counts that a report shows, each a share with its interval."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from evals.metrics.stats import Share, mean_share
from evals.runs.score import Score
from evals.verdict import Verdict

Test = Callable[[Score], bool]
WITHOUT_ANSWER = (Verdict.REFUSED, Verdict.CLARIFIED, Verdict.UNANSWERED)
_FAILED = (Verdict.EXEC_ERROR, Verdict.TIMEOUT)


@dataclass(frozen=True)
class Tally:
    """The cases of one group. A case is scored where at least one of its repeats is; all shares leave
    unscored ones out.

    Of the scored cases: `right` (`exact`, `superset`, or a refusal or a question back where one was due),
    `wrong_presented` (shown as right), `exec_errors`, `timeouts`. Of those presented: `selective`, the right
    ones. Of those where an answer was due: `valid`, ended with SQL that passed both walls and ran;
    `refused_wrongly`, ended without an answer. Of those where a refusal was due: `refused_rightly`; where a
    question back was due: `asked_rightly`.
    """

    name: str
    cases: int
    scored: int
    right: Share
    exact: Share
    superset: Share
    wrong_presented: Share
    selective: Share
    valid: Share
    exec_errors: Share
    timeouts: Share
    refused_rightly: Share
    asked_rightly: Share
    refused_wrongly: Share

    @property
    def shares(self) -> dict[str, Share]:
        """By the name of the field."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, Share)}

    def to_json(self) -> dict[str, Any]:
        counts = {"name": self.name, "cases": self.cases, "scored": self.scored}
        return counts | {name: share.to_json() for name, share in self.shares.items()}


def tally(name: str, scores: Sequence[Score]) -> Tally:
    """Count a group of scores, with all repeats of its cases."""
    scored = [score for score in scores if score.scored]
    presented = [score for score in scored if score.presented]
    answer, refuse, clarify = (_expecting(kind, scored) for kind in ("answer", "refuse", "clarify"))
    return Tally(
        name=name,
        cases=len(by_case(scores)),
        scored=len(by_case(scored)),
        right=share_of(scored, _right),
        exact=share_of(scored, lambda score: score.verdict is Verdict.EXACT),
        superset=share_of(scored, lambda score: score.verdict is Verdict.SUPERSET),
        wrong_presented=share_of(scored, lambda score: score.wrong_presented),
        selective=share_of(presented, _right),
        valid=share_of(answer, lambda score: bool(score.sql) and score.verdict not in _FAILED),
        exec_errors=share_of(scored, lambda score: score.verdict is Verdict.EXEC_ERROR),
        timeouts=share_of(scored, lambda score: score.verdict is Verdict.TIMEOUT),
        refused_rightly=share_of(refuse, _right),
        asked_rightly=share_of(clarify, _right),
        refused_wrongly=share_of(answer, lambda score: score.verdict in WITHOUT_ANSWER),
    )


def tallies(scores: Sequence[Score], names: Callable[[Score], Iterable[str]]) -> tuple[Tally, ...]:
    """One tally a name, by the alphabet; a score counts in every group that `names` gives for it."""
    groups: dict[str, list[Score]] = {}
    for score in scores:
        for name in dict.fromkeys(names(score)):
            if name:
                groups.setdefault(name, []).append(score)
    return tuple(tally(name, groups[name]) for name in sorted(groups))


def share_of(scores: Iterable[Score], hit: Test) -> Share:
    """The share of cases that `hit` holds for; a case counts with the mean of its repeats among `scores`."""
    return mean_share([[hit(score) for score in repeats] for repeats in by_case(scores).values()])


def by_case(scores: Iterable[Score]) -> dict[tuple[str, str], list[Score]]:
    """The repeats of each case, by suite and case."""
    groups: dict[tuple[str, str], list[Score]] = {}
    for score in scores:
        groups.setdefault((score.suite, score.case), []).append(score)
    return groups


def _right(score: Score) -> bool:
    return score.right


def _expecting(expected: str, scores: Iterable[Score]) -> list[Score]:
    return [score for score in scores if score.expected == expected]
