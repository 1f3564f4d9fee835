"""What the constraint costs a token, and what forced and drafted tokens give back."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.workspace import Workspace
from graph.checks import Finding, strip_rules
from graph.checks.parse import parse
from graph.constraint import Constraint, constraint_for
from graph.constraint.vocabulary import Vocabulary, vocabulary_of
from graph.context import Context
from graph.models.base import Generation, Prompt
from graph.models.llama import LlamaModel
from graph.prompts import NO_ANSWER, chat_prompt
from graph.specialist import SLOTS
from graph.specialist import prompt as specialist_prompt
from tests.bench.big.measure import big_model
from tests.bench.places import questions
from tests.bench.replay import replaying
from tests.bench.row import Row, of_series

TITLE = "Constrained decoding"
_EXAMPLES = 8
_OF_WRITING = "share of the time of writing; the model's own questions, one candidate"
_REPLAYED = (
    "Verified examples, each written word for word by a model of that shape whose prompt holds the examples "
    "most like it, without itself: random weights copy nothing by themselves."
)


@dataclass(frozen=True)
class Task:
    """A prompt and the statement that is to be written."""

    prompt: Prompt
    sql: str


def measure(folder: Path) -> list[Row]:
    with Workspace.open(folder) as workspace:
        specialist = constraint_for(workspace.schema, slots=SLOTS)
        chat = constraint_for(workspace.schema, refusal=NO_ANSWER)
        small, big = workspace.model, LlamaModel(big_model())
        assert isinstance(small, LlamaModel)
        try:
            return [
                *_building(small, specialist, "tiny"),
                *_building(big, chat, "152,000 tokens"),
                _share(small, specialist, workspace),
                *_replayed(big, chat, _tasks(workspace, big)),
            ]
        finally:
            big.close()


def _building(model: LlamaModel, constraint: Constraint, what: str) -> list[Row]:
    begun = time.perf_counter()
    vocabulary = vocabulary_of(model._llama, constraint.slots)
    read = time.perf_counter()
    constraint.matcher(vocabulary)
    built = time.perf_counter()
    again = [_seconds(constraint, vocabulary) for _ in range(9)]
    return [
        Row(f"reading the vocabulary, once ({what})", read - begun),
        Row(f"building the grammar, once ({what})", built - read),
        Row(f"beginning a text ({what})", statistics.median(again) * 1e6, "µs"),
    ]


def _seconds(constraint: Constraint, vocabulary: Vocabulary) -> float:
    begun = time.perf_counter()
    constraint.matcher(vocabulary)
    return time.perf_counter() - begun


def _share(model: LlamaModel, constraint: Constraint, workspace: Workspace) -> Row:
    """Of the shipped specialist on the bench's questions."""
    shares = []
    for question in questions():
        linked = workspace.retriever.retrieve(question).linked
        made = model.generate(specialist_prompt(linked, workspace.schema), 1, 256, constraint)
        shares.append(100 * _masking(made) / made.write_seconds)
    return of_series("constraint, tiny model", shares, "%", goal=10.0, note=_OF_WRITING)


def _tasks(workspace: Workspace, model: LlamaModel) -> list[Task]:
    context = Context(
        database=workspace.database,
        schema=workspace.schema,
        model=model,
        retriever=workspace.retriever,
        clock=workspace.clock,
        rules=workspace.rules,
        cards=workspace.cards,
    )
    tasks = []
    for example in workspace.examples[:: max(1, len(workspace.examples) // _EXAMPLES)][:_EXAMPLES]:
        found = workspace.retriever.retrieve(example.question)
        others = tuple(pair for pair in found.examples if pair[0].question != example.question)
        tree = parse(example.sql, context.check(example.question))
        assert not isinstance(tree, Finding)
        bare = strip_rules(tree, context.schema, context.rules, example.question)
        prompt = chat_prompt(context, replace(found, examples=others))
        tasks.append(Task(prompt, bare.sql(dialect=context.schema.dialect)))
    return tasks


def _replayed(model: LlamaModel, constraint: Constraint, tasks: Sequence[Task]) -> list[Row]:
    ways = {"plain": (None, False), "constrained": (constraint, False), "drafted": (constraint, True)}
    replay = replaying(model)
    made: dict[str, list[Generation]] = {way: [] for way in ways}
    for task in tasks:
        replay.prompt_length = len(model._tokens(task.prompt))
        written = model._llama.tokenize(task.sql.encode(), add_bos=False, special=True)
        replay.target = [*written, model._llama.token_eos()]
        for way, (held, drafts) in ways.items():
            model.drafts = drafts
            generation = model.generate(task.prompt, 1, 400, held)
            if generation.candidates[0].text != task.sql:
                raise RuntimeError(f"{way} wrote {generation.candidates[0].text!r} for {task.sql!r}")
            made[way].append(generation)
    tokens = [float(generation.candidates[0].tokens) for generation in made["plain"]]
    rates = {
        way: sum(tokens) / sum(generation.write_seconds for generation in found)
        for way, found in made.items()
    }
    shares = [100 * _masking(generation) / generation.write_seconds for generation in made["drafted"]]
    forced, drafted, accepted = (_sum(made["drafted"], key) for key in ("forced", "drafted", "accepted"))
    return [
        of_series(f"statement, of {len(tasks)} examples", tokens, "tokens", note=_REPLAYED),
        of_series("constraint, model of 1.5B", shares, "%", goal=3.0, note="share of the time of writing"),
        Row("forced by the grammar", 100 * forced / sum(tokens), "%", note="of the tokens"),
        Row("drafted from the prompt", 100 * drafted / sum(tokens), "%", note="of the tokens"),
        Row("of these accepted", 100 * accepted / max(1.0, drafted), "%"),
        *(Row(f"writing, {way}", rate, "tokens/s") for way, rate in rates.items()),
        Row("time drafted, share of plain", 100 * rates["plain"] / rates["drafted"], "%", goal=67.0),
    ]


def _masking(generation: Generation) -> float:
    return float(str(generation.extra["mask_seconds"]))


def _sum(found: Sequence[Generation], key: str) -> float:
    return sum(float(str(generation.extra[key])) for generation in found)
