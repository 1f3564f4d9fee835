"""Hold every new proposal against the first wall."""

import re
from dataclasses import replace

from langgraph.runtime import Runtime

from graph.checks import gate
from graph.context import Context
from graph.outcome import Refused
from graph.state import Proposal, State
from knowledge.rules import Rule


def check(state: State, runtime: Runtime[Context]) -> State:
    """Gate what has not been gated; mends and required filters are in the gated statement."""
    context = runtime.context.check(state["question"])
    proposals = tuple(
        replace(p, gated=gate(p.sql, context)) if p.gated is None and not p.error else p
        for p in state["proposals"]
    )
    return {
        "proposals": proposals,
        "outcome": _forbidden(proposals, state["question"], runtime.context.rules),
    }


def _forbidden(proposals: tuple[Proposal, ...], question: str, rules: tuple[Rule, ...]) -> Refused | None:
    """A refusal where the question itself asks for what a rule hides; a model's slip goes to repair."""
    asked = {column for rule in rules for column in rule.forbid if asks_for(question, column)}
    first = next((p for p in proposals if p.source == "model"), None)
    if first is not None and first.gated is not None:
        columns = {f.where for f in first.gated.findings if f.check == "forbidden_columns" and not f.mended}
        asked |= {column for column in columns if _mentions(question, column)}
    broken = [rule for rule in rules if asked & set(rule.forbid)]
    return Refused(" ".join(rule.says for rule in broken), tuple(r.rule for r in broken)) if broken else None


def asks_for(question: str, column: str) -> bool:
    """'e-mail addresses', 'phone numbers', 'birth dates': the column, and not a channel of its name."""
    words = column.rpartition(".")[2].lower().split("_")
    name = r"[\s-]?".join(r"[\s-]?".join(word) if len(words) == 1 else word for word in words)
    kind = r"[\s-]*(?:address|number)(?:es|s)?" if len(words) == 1 else "s?"
    return re.search(rf"\b{name}{kind}\b", question.lower()) is not None


def _mentions(question: str, column: str) -> bool:
    name = re.sub(r"[^a-z]", "", column.rpartition(".")[2].lower())
    return name in re.sub(r"[^a-z]", "", question.lower())
