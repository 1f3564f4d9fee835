"""Two runs laid side by side: the same case in both, and what cannot be compared."""

from dataclasses import dataclass

from evals.releases.decision import Change, LeftOut
from evals.runs.info import Run, RunInfo
from evals.runs.score import Score

Key = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """A case of one run with its repeats, those that were scored apart."""

    key: Key
    scores: tuple[Score, ...]
    scored: tuple[Score, ...]

    @property
    def right(self) -> float:
        """The share of scored repeats that were right; 0 where none was scored."""
        return sum(score.right for score in self.scored) / max(1, len(self.scored))

    @property
    def wrong_presented(self) -> float:
        return sum(score.wrong_presented for score in self.scored) / max(1, len(self.scored))


@dataclass(frozen=True)
class Pair:
    """One case, scored in both runs."""

    before: Asked
    after: Asked

    @property
    def category(self) -> str:
        return self.after.scores[0].category

    @property
    def gain(self) -> float:
        return self.after.right - self.before.right

    @property
    def alike(self) -> bool:
        """Both models answered the same, repeat for repeat."""
        return [_behaviour(s) for s in self.before.scores] == [_behaviour(s) for s in self.after.scores]

    @property
    def change(self) -> Change:
        return change_of(self.before, self.after)


@dataclass(frozen=True)
class Pairing:
    """`reworded` are the cases whose text or gold differs between the two runs."""

    pairs: tuple[Pair, ...]
    left_out: tuple[LeftOut, ...]
    reworded: tuple[Key, ...]

    @property
    def comparable(self) -> float:
        """The share of all cases that can be compared."""
        total = len(self.pairs) + len(self.left_out)
        return len(self.pairs) / total if total else 0.0


def pair(candidate: Run, current: Run) -> Pairing:
    """Lay both runs side by side, in the order of the candidate's cases."""
    after, before = asked(candidate), asked(current)
    pairs: list[Pair] = []
    left_out: list[LeftOut] = []
    reworded = [
        key
        for key, one in after.items()
        if key in before and one.scores[0].fingerprint != before[key].scores[0].fingerprint
    ]
    for key in [*after, *(key for key in before if key not in after)]:
        missing = _incomparable(key, after.get(key), before.get(key))
        if missing:
            left_out.append(missing)
        else:
            pairs.append(Pair(before[key], after[key]))
    return Pairing(tuple(pairs), tuple(left_out), tuple(reworded))


def asked(run: Run) -> dict[Key, Asked]:
    """The cases of a run by (suite, case), in order."""
    found: dict[Key, list[Score]] = {}
    for score in run.scores:
        found.setdefault((score.suite, score.case), []).append(score)
    return {
        key: Asked(key, tuple(scores), tuple(score for score in scores if score.scored))
        for key, scores in found.items()
    }


def unlike(candidate: RunInfo, current: RunInfo) -> tuple[str, ...]:
    """What of the two runs differs beside the model, so that they cannot be compared; facts that one of them
    does not tell are taken for equal.
    """
    facts = {
        "set-up": (candidate.setup, current.setup),
        "schema": (candidate.schema, current.schema),
        "database": (candidate.database, current.database),
        "seed": (candidate.seed, current.seed),
        "number of database variants": (candidate.variants, current.variants),
    }
    return tuple(name for name, (left, right) in facts.items() if left != right and "" not in (left, right))


def change_of(before: Asked | None, after: Asked) -> Change:
    """What became of a case; the SQL shown is of the first repeat that differs in being right."""
    new = next((s for s in after.scored if not s.right), after.scores[0])
    old: Score | None = None
    if before is not None:
        both = zip(before.scores, after.scores, strict=False)
        old, new = next(((o, n) for o, n in both if o.right != n.right), (before.scores[0], after.scores[0]))
    return Change(
        *after.key,
        question=new.question,
        category=new.category,
        before=before.right if before is not None else 0.0,
        after=after.right,
        verdict_before=old.verdict.value if old else "",
        verdict_after=new.verdict.value,
        sql_before=old.sql if old else "",
        sql_after=new.sql,
        why=new.why,
        scored=bool(after.scored),
    )


def unscored(one: Asked, whose: str) -> LeftOut:
    """Why a case of which no repeat was scored is left out."""
    first = one.scores[0]
    because = f", {first.why}" if first.why else ""
    return LeftOut(*one.key, f"unscored for the {whose}: {first.verdict.value}{because}")


def _incomparable(key: Key, after: Asked | None, before: Asked | None) -> LeftOut | None:
    if after is None:
        return LeftOut(*key, "the candidate was not asked")
    if before is None:
        return LeftOut(*key, "the current model was not asked")
    if not after.scored:
        return unscored(after, "candidate")
    return None if before.scored else unscored(before, "current model")


def _behaviour(score: Score) -> tuple[object, ...]:
    return score.verdict, score.right, score.outcome, score.sql, score.presented, score.rows
