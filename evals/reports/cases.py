"""What a page shows of one case, read from its score and from the record of its turn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evals.reports.sidebyside import SideBySide, side_by_side
from evals.reports.sqldiff import Line, diff, laid_out
from evals.reports.wording import VERDICTS, clean, counted, seconds, shortened
from evals.runs.records import dicts
from evals.runs.score import Score
from evals.verdict import Verdict

Tone = Literal["right", "wrong", "alarm", "unscored"]
MOST_CANDIDATES = 8
MOST_FOUND = 6
LONGEST_TEXT = 2_000
KINDS = {"cards": "Tables", "terms": "Terms", "examples": "Examples", "pairs": "Taught pairs"}
EXPECTED = {"answer": "an answer", "refuse": "a refusal", "clarify": "a question back"}


@dataclass(frozen=True)
class Found:
    """One thing that was retrieved, with its likeness to the question."""

    name: str
    score: float | None
    sql: str = ""


@dataclass(frozen=True)
class Candidate:
    sql: str
    chosen: bool
    facts: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class CaseView:
    """`anchor` is unique on the page. `lines` is the diff of answer and nearest gold, empty where one of the
    two is missing; then `sql` and `gold` hold what there is. `open` shows the case at once.
    """

    anchor: str
    score: Score
    tone: Tone
    label: str
    open: bool
    expected: str
    lines: tuple[Line, ...]
    sql: str
    gold: str
    beside: SideBySide | None
    found: tuple[tuple[str, tuple[Found, ...]], ...]
    candidates: tuple[Candidate, ...]
    more_candidates: int
    facts: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """What the search box looks through besides the text that is seen."""
        score = self.score
        return clean(" ".join((score.case, score.suite, score.category, score.person, *score.tags)))


def case_views(scores: Sequence[Score], *, dialect: str = "", most_open: int = 20) -> tuple[CaseView, ...]:
    """All cases, the worst first: wrong but shown as right, other wrong ones, unscored ones, right ones.

    The failing ones stand open where there are no more than `most_open`.
    """
    failing = sum(score.scored and not score.right for score in scores)
    anchors: set[str] = set()
    ranked = sorted(scores, key=lambda score: _ORDER.index(tone(score)))
    return tuple(_view(score, _anchor(score, anchors), dialect, failing <= most_open) for score in ranked)


def tone(score: Score) -> Tone:
    """How serious a case is.

    >>> tone(Score("a", "q", "c", Verdict.WRONG, presented=True))
    'alarm'
    """
    if not score.scored:
        return "unscored"
    if score.right:
        return "right"
    return "alarm" if score.wrong_presented else "wrong"


def label(score: Score) -> str:
    """The verdict in words, held against what was expected."""
    said = VERDICTS[score.verdict]
    if score.verdict in (Verdict.REFUSED, Verdict.CLARIFIED) and score.scored:
        return f"{said} {'rightly' if score.right else 'wrongly'}"
    return said


def _view(score: Score, anchor: str, dialect: str, opened: bool) -> CaseView:
    failed = score.scored and not score.right
    both = bool(score.sql and score.gold) and not score.right
    candidates = dicts(score.record, "candidates")
    return CaseView(
        anchor=anchor,
        score=score,
        tone=tone(score),
        label=label(score),
        open=failed and opened,
        expected=EXPECTED.get(score.expected, score.expected),
        lines=diff(score.sql, score.gold, dialect) if both else (),
        sql="" if both or not score.sql else laid_out(score.sql, dialect),
        gold="" if both else laid_out(_gold(score), dialect),
        beside=_beside(score),
        found=_found(score.record),
        candidates=tuple(_candidate(given) for given in candidates[:MOST_CANDIDATES]),
        more_candidates=max(0, len(candidates) - MOST_CANDIDATES),
        facts=_facts(score),
    )


def _gold(score: Score) -> str:
    if score.right:
        return ""
    return score.gold or (score.golds[0] if score.golds else "")


def _beside(score: Score) -> SideBySide | None:
    if not score.columns and not (score.gold_columns and not score.right):
        return None
    right = score.right
    return side_by_side(
        score.columns,
        score.rows,
        score.row_count,
        () if right else score.gold_columns,
        () if right else score.gold_rows,
        None if right else score.gold_row_count,
    )


def _found(record: dict[str, Any]) -> tuple[tuple[str, tuple[Found, ...]], ...]:
    retrieved = record.get("retrieved")
    if not isinstance(retrieved, dict):
        return ()
    groups = ((KINDS.get(kind, clean(str(kind))), dicts(retrieved, kind)) for kind in retrieved)
    return tuple(
        (
            name,
            tuple(
                Found(_text(one.get("name")), _number(one.get("score")), _text(one.get("sql")))
                for one in items[:MOST_FOUND]
            ),
        )
        for name, items in groups
        if items
    )


def _candidate(given: dict[str, Any]) -> Candidate:
    rows, took = given.get("rows"), _number(given.get("seconds"))
    logprob = _number(given.get("logprob"))
    facts = [
        _text(given.get("source")),
        counted(rows, "row") if isinstance(rows, int) else "",
        f"log-probability {logprob:.2f}" if logprob is not None else "",
        seconds(took) if took is not None else "",
    ]
    findings = [_finding(finding) for finding in dicts(given, "findings")]
    return Candidate(
        sql=_text(given.get("sql")),
        chosen=given.get("chosen") is True,
        facts=" · ".join(filter(None, facts)),
        notes=tuple(filter(None, (*findings, _text(given.get("error"))))),
    )


def _finding(given: dict[str, Any]) -> str:
    told = "; ".join(filter(None, (_text(given.get("why")), _text(given.get("mend")))))
    check = _text(given.get("check")).replace("_", " ")
    return f"{check}{', mended' if given.get('mended') is True else ''}: {told}"


def _facts(score: Score) -> tuple[tuple[str, str], ...]:
    times = ", ".join(f"{name} {seconds(value)}" for name, value in score.times.items())
    tokens = ", ".join(f"{name} {count:,}" for name, count in score.tokens.items())
    against = (
        f"{seconds(score.sql_seconds)}, the gold {seconds(score.gold_seconds)}"
        if score.sql_seconds is not None and score.gold_seconds is not None
        else ""
    )
    facts = {
        "Time": f"{seconds(score.seconds)}{f': {times}' if times else ''}" if score.outcome else "",
        "Confidence": _confidence(score),
        "Answer from": score.source,
        "Repairs": str(score.repairs) if score.repairs else "",
        "Tokens": tokens,
        "Cost": f"${score.cost:.5f}" if score.cost is not None else "",
        "SQL ran in": against,
        "Asked as": ", ".join(filter(None, (score.person, *score.tags))),
        "Case": f"{score.file}, line {score.line}" if score.file else "",
        "Repeat": str(score.repeat + 1) if score.repeat else "",
    }
    return tuple((name, clean(told)) for name, told in facts.items() if told)


def _confidence(score: Score) -> str:
    if score.confidence is None:
        return ""
    return f"{score.confidence:.2f}, shown {'without' if score.presented else 'with'} 'please check'"


def _text(given: Any) -> str:
    return "" if given is None else shortened(clean(str(given)), LONGEST_TEXT)


def _number(given: Any) -> float | None:
    return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else None


def _anchor(score: Score, taken: set[str]) -> str:
    parts = "-".join(filter(None, (score.suite, score.case, str(score.repeat) if score.repeat else "")))
    base = anchor = re.sub(r"[^A-Za-z0-9_-]+", "-", parts)[:80].strip("-") or "case"
    number = 1
    while anchor in taken:
        number += 1
        anchor = f"{base}--{number}"
    taken.add(anchor)
    return anchor


_ORDER: tuple[Tone, ...] = ("alarm", "wrong", "unscored", "right")
