"""What a turn leaves behind: all that was looked up, said, checked, run and chosen, and how long it took."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from graph.context import Context
from graph.fingerprint import fingerprint
from graph.outcome import Answered, Clarify, Outcome
from graph.state import Proposal, State
from knowledge.retrieve import Retrieval


@dataclass(frozen=True)
class Step:
    name: str
    seconds: float


@dataclass(frozen=True)
class CandidateRecord:
    """`ran` is the statement as executed; `group` is equal for equal results; `call` is the place, from 1, of
    the model's call that it came with, 0 for what no call gave.
    """

    sql: str
    source: str
    call: int = 0
    logprob: float | None = None
    similarity: float | None = None
    tokens: int = 0
    ran: str = ""
    rules: tuple[str, ...] = ()
    findings: tuple[dict[str, Any], ...] = ()
    error: str = ""
    rows: int | None = None
    seconds: float | None = None
    group: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Record:
    """`times` splits the seconds of the turn into retrieval, model, database and other.

    `composed` is the whole question that a follow-up was read as; `chart` says that it asks for a chart.
    `calls` counts how often the model was asked: with one prompt, or one more behind an example or a turn.
    """

    question: str
    composed: str = ""
    chart: bool = False
    thread: str = ""
    today: str = ""
    model: str = ""
    format: str = ""
    linked: dict[str, Any] = field(default_factory=dict)
    retrieved: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    prompts: tuple[dict[str, str], ...] = ()
    calls: int = 0
    candidates: tuple[CandidateRecord, ...] = ()
    errors: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    times: dict[str, float] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return sum(self.times.values())

    def to_json(self) -> dict[str, Any]:
        """Nothing but what JSON knows."""
        plain = _plain(asdict(self))
        assert isinstance(plain, dict)
        return plain


def make_record(state: State, outcome: Outcome, steps: list[Step], thread: str, context: Context) -> Record:
    proposals, generations = state.get("proposals", ()), state.get("generations", ())
    retrieval, followup = state.get("retrieval"), state.get("followup")
    candidates = tuple(_candidate(proposal, outcome) for proposal in proposals)
    return Record(
        question=state.get("asked") or state["question"],
        composed=state["question"] if state.get("asked") else "",
        chart=followup.chart if followup is not None else False,
        thread=thread,
        today=context.clock.today().isoformat(),
        model=context.model.name,
        format=context.model.format,
        linked=_plain(asdict(retrieval.linked)) if retrieval else {},
        retrieved=_retrieved(retrieval) if retrieval else {},
        prompts=tuple(asdict(prompt) for prompt in state.get("prompts", ())),
        calls=len(generations),
        candidates=candidates,
        errors=tuple(dict.fromkeys(p.problem for p in proposals if p.problem)),
        steps=tuple(steps),
        times=_times(steps, state),
        tokens={
            "prompt": sum(g.prompt_tokens for g in generations),
            "cached": sum(g.cached_tokens for g in generations),
            "written": sum(c.tokens for g in generations for c in g.candidates),
        },
        outcome=_outcome(outcome),
    )


def _candidate(proposal: Proposal, outcome: Outcome) -> CandidateRecord:
    gated, result = proposal.gated, proposal.result
    ran = gated.sql if gated is not None and gated.sql and result is not None else ""
    return CandidateRecord(
        sql=proposal.sql,
        source=proposal.source,
        call=proposal.call,
        logprob=proposal.logprob,
        similarity=proposal.similarity,
        tokens=proposal.tokens,
        ran=ran,
        rules=gated.rules if gated is not None else (),
        findings=tuple(asdict(finding) for finding in gated.findings) if gated is not None else (),
        error=proposal.error,
        rows=len(result.rows) if result is not None else None,
        seconds=result.seconds if result is not None else None,
        group=fingerprint(result) if result is not None else "",
        chosen=isinstance(outcome, Answered) and ran == outcome.sql,
    )


def _retrieved(retrieval: Retrieval) -> dict[str, list[dict[str, Any]]]:
    return {
        "cards": [{"name": card.table, "score": score} for card, score in retrieval.cards],
        "terms": [{"name": term.term, "score": score} for term, score in retrieval.terms],
        "examples": [{"name": e.question, "sql": e.sql, "score": score} for e, score in retrieval.examples],
        "pairs": [{"name": e.question, "sql": e.sql, "score": score} for e, score in retrieval.pairs],
    }


def _times(steps: list[Step], state: State) -> dict[str, float]:
    model = sum(g.read_seconds + g.write_seconds for g in state.get("generations", ()))
    database = sum(step.seconds for step in steps if step.name == "execute")
    retrieval = sum(step.seconds for step in steps if step.name == "retrieve")
    total = sum(step.seconds for step in steps)
    return {
        "retrieval": retrieval,
        "model": model,
        "database": database,
        "other": max(0.0, total - retrieval - model - database),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    kind = type(outcome).__name__.lower()
    if isinstance(outcome, Answered):
        return {
            "kind": kind,
            "sql": outcome.sql,
            "columns": list(outcome.result.columns),
            "rows": len(outcome.result.rows),
            "truncated": outcome.result.truncated,
            "confidence": outcome.confidence,
            "check": outcome.check,
            "source": outcome.source,
            "notes": list(outcome.notes),
        }
    if isinstance(outcome, Clarify):
        return {"kind": kind, "question": outcome.question, "choices": list(outcome.choices)}
    return {"kind": kind, "reason": outcome.reason}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
