"""Hold every new proposal against the first wall."""

import re
from dataclasses import replace

from langgraph.runtime import Runtime

from graph.ambiguity import MOST_IN_A_ROW, in_a_row
from graph.checks import CheckContext, Gated, gate
from graph.context import Context
from graph.literals import LiteralFinding, choices, literals
from graph.outcome import Clarify, Refused
from graph.repeated import repeated
from graph.state import Proposal, State
from knowledge.link import Linked
from knowledge.rules import Rule

_HIDING = ("forbidden_columns", "masked_columns")


def check(state: State, runtime: Runtime[Context]) -> State:
    """Gate what has not been gated; mends and required filters are in the gated statement."""
    context = runtime.context.check(state["question"])
    proposals = tuple(
        replace(p, gated=_gated(p.sql, context, runtime.context, state["retrieval"].linked))
        if p.gated is None and not p.error
        else p
        for p in state["proposals"]
    )
    return {
        "proposals": proposals,
        "outcome": _closed(proposals)
        or _forbidden(proposals, state["question"], context.held)
        or _which(proposals, state),
    }


def _gated(sql: str, asked: CheckContext, context: Context, linked: Linked) -> Gated:
    gated = gate(sql, asked)
    if "literals" in context.without:
        return gated
    return literals(repeated(gated, linked, context.schema), context)


def _closed(proposals: tuple[Proposal, ...]) -> Refused | None:
    """A refusal where the likeliest statement reads a closed table; another would answer something else."""
    first = next((p for p in proposals if p.gated is not None), None)
    findings = first.gated.findings if first is not None and first.gated is not None else ()
    found = [f.why for f in findings if f.check == "closed_tables"]
    return Refused(f"{found[0][:1].upper()}{found[0][1:]}.") if found else None


def _forbidden(proposals: tuple[Proposal, ...], question: str, rules: tuple[Rule, ...]) -> Refused | None:
    """A refusal where the question itself asks for what a rule hides; a model's slip goes to repair."""
    asked = {column for rule in rules for column in rule.forbid if asks_for(question, column)}
    first = next((p for p in proposals if p.source == "model"), None)
    if first is not None and first.gated is not None:
        columns = {f.where for f in first.gated.findings if f.check in _HIDING and not f.mended}
        asked |= {column for column in columns if _mentions(question, column)}
    broken = [rule for rule in rules if asked & set(rule.hidden)]
    return Refused(" ".join(rule.says for rule in broken), tuple(r.rule for r in broken)) if broken else None


def _which(proposals: tuple[Proposal, ...], state: State) -> Clarify | None:
    """Ask back where nothing can run and the model's first statement names one of several values."""
    first = next((p.gated for p in proposals if p.source == "model" and p.gated is not None), None)
    if first is None or any(p.gated is not None and p.gated.sql is not None for p in proposals):
        return None
    doubtful = [f for f in first.findings if isinstance(f, LiteralFinding) and len(f.options) > 1]
    return (
        choices(doubtful[0], state["question"])
        if doubtful and in_a_row(state["past"]) < MOST_IN_A_ROW
        else None
    )


def asks_for(question: str, column: str) -> bool:
    """'e-mail addresses', 'phone numbers', 'birth dates': the column, and not a channel of its name."""
    words = column.rpartition(".")[2].lower().split("_")
    name = r"[\s-]?".join(r"[\s-]?".join(word) if len(words) == 1 else word for word in words)
    kind = r"[\s-]*(?:address|number)(?:es|s)?" if len(words) == 1 else "s?"
    return re.search(rf"\b{name}{kind}\b", question.lower()) is not None


def _mentions(question: str, column: str) -> bool:
    name = re.sub(r"[^a-z]", "", column.rpartition(".")[2].lower())
    return name in re.sub(r"[^a-z]", "", question.lower())
