"""Each part of the agent changes what it names, and a run without it does without it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from evals.runs.setup import parse_setup
from graph.agent import Agent, Turn
from graph.context import Context
from graph.outcome import Answered, Clarify, Unanswered
from graph.parts import PARTS
from tests.conftest import FakeModel

pytestmark = pytest.mark.real

ORDERS = "how many orders were there in October 2025?"
OTHER = "SELECT AVG(i.quantity) FROM inventory AS i"
COUNT = "SELECT COUNT(*) FROM orders AS o"


@dataclass(frozen=True)
class Trial:
    """A model's texts and questions that show a part at work: `shows` is true with it, false without.

    `beside` are other parts that are out of the way.
    """

    shows: Callable[[Turn, FakeModel], bool]
    says: tuple[str | list[str], ...] = (COUNT,)
    questions: tuple[str, ...] = (ORDERS,)
    form: str = "chat"
    beside: str = "full"


def notes(turn: Turn) -> tuple[str, ...]:
    return turn.outcome.notes if isinstance(turn.outcome, Answered) else ()


TRIALS = {
    "examples": Trial(lambda turn, model: any(c.source == "example" for c in turn.record.candidates)),
    "constraint": Trial(lambda turn, model: model.constraints[0] is not None),
    "candidates": Trial(
        lambda turn, model: sum(c.source == "model" for c in turn.record.candidates) > 1,
        says=([COUNT, f"{COUNT} WHERE o.status = 'paid'"],),
    ),
    "repair": Trial(
        lambda turn, model: len(model.prompts) > 1,
        says=("SELECT nothing FROM nowhere", COUNT),
        beside="no-examples",
    ),
    "names": Trial(
        lambda turn, model: bool(turn.record.candidates[0].ran),
        says=("SELECT COUNT(o.ordred_at) FROM orders AS o",),
    ),
    "literals": Trial(
        lambda turn, model: "'Germany'" in turn.record.candidates[0].ran,
        says=("SELECT COUNT(*) FROM countries AS co WHERE co.name = 'germny'",),
    ),
    "rules": Trial(
        lambda turn, model: bool(turn.record.candidates[0].rules),
        says=("SELECT COUNT(*) FROM customers AS c",),
    ),
    "checks": Trial(
        lambda turn, model: any(f["check"] == "null_comparison" for f in turn.record.candidates[0].findings),
        says=(f"{COUNT} WHERE o.campaign_id = NULL",),
    ),
    "results": Trial(
        lambda turn, model: any("more than these" in note for note in notes(turn)),
        says=("SELECT o.order_id FROM orders AS o",),
        questions=("list all orders",),
    ),
    "followups": Trial(
        lambda turn, model: turn.record.composed != "",
        questions=(ORDERS, "only in germany"),
        form="specialist",
    ),
    "missing": Trial(
        lambda turn, model: isinstance(turn.outcome, Unanswered) and not model.prompts,
        questions=("What is the average salary of our roasters?",),
    ),
    "asking": Trial(
        lambda turn, model: isinstance(turn.outcome, Clarify), questions=("who are our best customers?",)
    ),
}


@pytest.mark.parametrize("part", TRIALS)
def test_a_part_changes_what_it_names_and_a_run_can_do_without(kestrel_context: Context, part: str) -> None:
    assert TRIALS[part].shows(*run(kestrel_context, TRIALS[part]))
    assert not TRIALS[part].shows(*run(kestrel_context, TRIALS[part], f"no-{part}"))


def run(context: Context, trial: Trial, setup: str = "full") -> tuple[Turn, FakeModel]:
    without = parse_setup(f"{setup}+{trial.beside}").without
    model = FakeModel(*trial.says, format=trial.form)
    made = replace(
        context,
        model=model,
        without=without,
        least=0.0,
        candidates=1 if "candidates" in without else 4,
        repairs=0 if "repair" in without else 2,
    )
    agent = Agent(made)
    turns = [agent.ask(question, thread="t") for question in trial.questions]
    return turns[-1], model


def test_the_round_trip_tells_a_statement_that_speaks_of_something_else(kestrel_context: Context) -> None:
    def confidence(sql: str, setup: str) -> float:
        outcome = run(kestrel_context, Trial(bool, says=(sql,)), setup)[0].outcome
        assert isinstance(outcome, Answered), outcome
        return outcome.confidence

    context = "no-examples+no-missing"
    gain = confidence(COUNT, context) - confidence(COUNT, f"{context}+no-roundtrip")
    loss = confidence(OTHER, context) - confidence(OTHER, f"{context}+no-roundtrip")
    assert gain > 0 > loss


def test_every_part_is_tried() -> None:
    assert {*TRIALS, "roundtrip"} == set(PARTS)
