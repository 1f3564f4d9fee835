"""A run as figures: all that a report shows and a gate decides by."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evals.metrics.calibration import Answer, Calibration, calibration
from evals.metrics.complexity import LEVELS, complexity, tables_read
from evals.metrics.efficiency import Efficiency
from evals.metrics.mending import Mending, mendings
from evals.metrics.risk import RiskCurve, risk_curve
from evals.metrics.speed import Speed, speed
from evals.metrics.tally import Tally, by_case, tallies, tally
from evals.runs.info import Run, RunInfo
from evals.runs.score import Score


@dataclass(frozen=True)
class Summary:
    """The case is the unit of every share and interval: with repeats it counts with the mean of its scored
    ones, so that asking the same thing three times does not look like three cases. `verdicts` and `unscored`
    count scores, repeats too; so do `rounded` (wrong answers that rounding to two decimals or more would make
    right), the risk curve and the calibration, whose intervals take the case as the unit all the same.

    A case stands under the complexity and each of the tables of its first gold; one without gold under none.
    `unsteady` names the cases that were right in some repeats and wrong in others, `must_pass_failures` the
    must-pass cases that were not right in every repeat.
    """

    info: RunInfo
    total: Tally
    categories: tuple[Tally, ...]
    tags: tuple[Tally, ...]
    complexities: tuple[Tally, ...]
    tables: tuple[Tally, ...]
    persons: tuple[Tally, ...]
    suites: tuple[Tally, ...]
    verdicts: dict[str, int]
    unscored: dict[str, int]
    rounded: int
    must_pass_failures: tuple[str, ...]
    unsteady: tuple[str, ...]
    speed: Speed
    calibration: Calibration
    risk: RiskCurve
    mendings: tuple[Mending, ...] = ()
    efficiency: Efficiency | None = None

    @property
    def groups(self) -> dict[str, tuple[Tally, ...]]:
        """The tallies by what the cases were grouped by."""
        return {
            "category": self.categories,
            "tag": self.tags,
            "complexity": self.complexities,
            "table": self.tables,
            "person": self.persons,
            "suite": self.suites,
        }

    def to_json(self) -> dict[str, Any]:
        """All but the run's own facts."""
        return {
            "total": self.total.to_json(),
            "by": {name: [one.to_json() for one in group] for name, group in self.groups.items()},
            "verdicts": self.verdicts,
            "unscored": self.unscored,
            "rounded": self.rounded,
            "must_pass_failures": list(self.must_pass_failures),
            "unsteady": list(self.unsteady),
            "speed": self.speed.to_json(),
            "calibration": self.calibration.to_json(),
            "risk": self.risk.to_json(),
            "mendings": [mending.to_json() for mending in self.mendings],
            "efficiency": self.efficiency.to_json() if self.efficiency else None,
        }


def summarise(run: Run, *, dialect: str = "sqlite", efficiency: Efficiency | None = None) -> Summary:
    """Count a run as a whole and by every group. `dialect` is that of the golds, for sqlglot; `efficiency`
    is there where it was measured, which takes the database.
    """
    scores = run.scores
    scored = [score for score in scores if score.scored]
    return Summary(
        info=run.info,
        total=tally("all", scores),
        categories=tallies(scores, lambda score: (score.category,)),
        tags=tallies(scores, lambda score: score.tags),
        complexities=_by_complexity(scores, dialect),
        tables=tallies(scores, lambda score: tables_read(_gold(score), dialect)),
        persons=tallies(scores, lambda score: (score.person,)),
        suites=tallies(scores, lambda score: (score.suite,)),
        verdicts=_counts(scores),
        unscored=_counts(score for score in scores if not score.scored),
        rounded=sum(score.rounded for score in scores),
        must_pass_failures=_names(score for score in scores if score.must_pass and not score.right),
        unsteady=_unsteady(scored),
        speed=speed(scores),
        calibration=calibration(_answers(scored)),
        risk=risk_curve([(score.confidence, score.right) for score in scored]),
        mendings=mendings(scores),
        efficiency=efficiency,
    )


def _by_complexity(scores: Sequence[Score], dialect: str) -> tuple[Tally, ...]:
    def level(score: Score) -> tuple[str, ...]:
        found = complexity(_gold(score), dialect)
        return (found.level,) if found else ()

    return tuple(sorted(tallies(scores, level), key=lambda one: _PLACES[one.name]))


def _gold(score: Score) -> str:
    """The first gold: the same one whatever the model answered."""
    return score.golds[0] if score.golds else ""


def _counts(scores: Iterable[Score]) -> dict[str, int]:
    return dict(Counter(score.verdict.value for score in scores).most_common())


def _names(scores: Iterable[Score]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(score.case for score in scores))


def _unsteady(scored: Iterable[Score]) -> tuple[str, ...]:
    cases = by_case(scored)
    return tuple(case for (_, case), repeats in cases.items() if len({one.right for one in repeats}) > 1)


def _answers(scored: Iterable[Score]) -> list[Answer]:
    return [
        Answer(f"{score.suite}/{score.case}", score.confidence, score.right)
        for score in scored
        if score.confidence is not None
    ]


_PLACES: dict[str, int] = {level: place for place, level in enumerate(LEVELS)}
