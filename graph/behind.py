"""Prompts for a specialist that follows: behind an example of the team's, or behind the turn before."""

from dataclasses import dataclass

from graph.canonical import NotCanonicalError
from graph.context import Context
from graph.followup import FollowUp, whole_question
from graph.followup.leaning import numbered_on
from graph.meaning import meaning
from graph.missing import unheard
from graph.models.base import Prompt
from graph.slotted import slotted, without_rules
from graph.specialist import behind_example, behind_turn, prompt_text
from graph.verified import told
from knowledge.examples import Example
from knowledge.link import Linked
from knowledge.retrieve import Retrieval
from knowledge.rules import Rule
from knowledge.words import tokens

NEAR = 0.75
"""Similarity from which on an example is shown; it need not say the same: a specialist has learnt to tell."""


@dataclass(frozen=True)
class Asked:
    """A prompt, and the slots that its statement is written with. `explained` says which words an example in
    it explains that nothing else does, and `meaning` what they ask of the rows: without it there is nothing
    to ask.
    """

    prompt: Prompt
    linked: Linked
    explained: str = ""
    meaning: tuple[Rule, ...] = ()


def by_example(retrieval: Retrieval, context: Context) -> Asked | None:
    """Behind the nearest example that explains a word, or else the nearest of all; None where none is near or
    none can be shown.
    """
    odd = unheard(retrieval.linked, context.vocabulary)
    explaining = [example for example, _ in retrieval.examples if odd & _words(example)]
    near = [example for example, similarity in retrieval.examples if similarity >= NEAR]
    for example in (*explaining, *near):
        if shown := _shown(example, context):
            text = behind_example(prompt_text(retrieval.linked, context.schema), *shown)
            words = odd & _words(example)
            explained = _explained(words, retrieval.linked.question, example)
            asks = meaning(example, words, context) if words else ()
            return Asked(Prompt("", text), retrieval.linked, explained, asks)
    return None


def by_turn(asked: str, followup: FollowUp, context: Context) -> Asked | None:
    """What was asked as an edit of the statement before; None where that cannot be shown."""
    linker, question = context.retriever.linker, whole_question(followup.was)
    turn = linker.link(question)
    leaning = numbered_on(turn, linker.link(asked))
    before = _slotted(question, followup.was["sql"], turn, context)
    if leaning is None or not before:
        return None
    edit = prompt_text(leaning.own, context.schema)
    return Asked(Prompt("", behind_turn(edit, prompt_text(turn, context.schema), before)), leaning.together)


def _explained(words: set[str], question: str, example: Example) -> str:
    """For the person who asked: 'corpos' as in 'how many corpos do we have', verified by Nadia."""
    said = dict.fromkeys(f"'{word.raw}'" for word in tokens(question) if word.stem in words)
    by = f", {told(example)}" if example.by else ""
    return f"{' and '.join(said)} as in '{example.question}'{by}" if said else ""


def _words(example: Example) -> set[str]:
    return {word.stem for word in tokens(example.question)}


def _shown(example: Example, context: Context) -> tuple[str, str] | None:
    """The example's question and statement in its own slots."""
    linked = context.retriever.linker.link(example.question)
    sql = _slotted(example.question, example.sql, linked, context)
    return (linked.text, sql) if sql else None


def _slotted(question: str, sql: str, linked: Linked, context: Context) -> str:
    try:
        tree = without_rules(sql, context.check(question))
    except NotCanonicalError:
        return ""
    return slotted(tree, linked, context.schema.dialect)
