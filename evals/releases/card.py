"""A release's card: what it is, where it comes from, what it scored. JSON, checked when it is read."""

import datetime as dt
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.metrics.stats import wilson
from evals.releases.decision import Decision
from evals.releases.pairing import asked
from evals.runs.info import Run
from knowledge.errors import ModelError

CARD = "card.json"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class StoredFile(_Strict):
    """One file of a release."""

    name: str = Field(pattern=r"^[^/\\]+$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class SuiteScore(_Strict):
    """A suite's score; `low` and `high` are the 95% Wilson interval of the share that is right."""

    suite: str
    cases: int
    scored: int
    right: float
    low: float
    high: float
    wrong_presented: float


class Card(_Strict):
    """`model` is the name of the model file, or provider:name. `base` is the release before, empty for the
    model of quarry.toml. `training` says what the model file and a NAME.recipe.json beside it tell of how it
    was made. `schema_fingerprint` and `database_fingerprint` are those it was scored on.
    """

    format: Literal[1] = 1
    name: str = Field(pattern=r"^r[1-9][0-9]*$")
    model: str
    made: dt.datetime
    model_file: StoredFile | None = None
    pairs_file: StoredFile | None = None
    schema_fingerprint: str = ""
    database_fingerprint: str = ""
    setup: str = ""
    seed: int = 0
    run: str = ""
    base: str = ""
    base_run: str = ""
    version: str = ""
    training: dict[str, Any] = {}
    suites: tuple[SuiteScore, ...] = ()
    total: SuiteScore
    verdict: str
    reasons: tuple[str, ...]
    difference: float | None = None
    lower: float | None = None

    @property
    def files(self) -> tuple[StoredFile, ...]:
        return tuple(file for file in (self.model_file, self.pairs_file) if file)


def read_card(folder: Path) -> Card:
    """The card in a release's folder. Raises ModelError where it is missing, damaged or another's."""
    path = folder / CARD
    remedy = "go to another release with `quarry rollback NAME`"
    try:
        card = Card.model_validate_json(path.read_bytes())
    except OSError:
        raise ModelError(f"The release {folder.name} has no readable {CARD}; {remedy}.") from None
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"])) or "JSON"
        says = f"{place}: {problem['msg'].lower()}"
        raise ModelError(f"The {CARD} of the release {folder.name} is damaged ({says}); {remedy}.") from None
    if card.name != folder.name:
        raise ModelError(f"The {CARD} of the release {folder.name} is that of {card.name}; {remedy}.")
    return card


def card_of(
    name: str,
    model: str,
    run: Run,
    decision: Decision,
    *,
    made: dt.datetime,
    base: str = "",
    base_run: str = "",
    training: dict[str, Any] | None = None,
    model_file: StoredFile | None = None,
    pairs_file: StoredFile | None = None,
) -> Card:
    """The card of a candidate that ships."""
    info = run.info
    suites = dict.fromkeys(score.suite for score in run.scores)
    return Card(
        name=name,
        model=model,
        made=made,
        model_file=model_file,
        pairs_file=pairs_file,
        schema_fingerprint=info.schema,
        database_fingerprint=info.database,
        setup=info.setup,
        seed=info.seed,
        run=info.id,
        base=base,
        base_run=base_run,
        version=info.version,
        training=training or {},
        suites=tuple(suite_score(run, suite) for suite in suites),
        total=suite_score(run),
        verdict=decision.verdict.value,
        reasons=decision.reasons,
        difference=decision.difference if decision.compared else None,
        lower=decision.lower if decision.compared else None,
    )


def suite_score(run: Run, suite: str | None = None) -> SuiteScore:
    """The score of one suite of a run; of all of them, called 'total', without a name."""
    cases = [one for key, one in asked(run).items() if suite is None or key[0] == suite]
    scored = [one for one in cases if one.scored]
    right = sum(one.right for one in scored)
    interval = wilson(round(right), len(scored))
    return SuiteScore(
        suite="total" if suite is None else suite,
        cases=len(cases),
        scored=len(scored),
        right=right,
        low=interval.low,
        high=interval.high,
        wrong_presented=sum(one.wrong_presented for one in scored),
    )
