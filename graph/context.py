"""What a run works with. Nodes reach for nothing else."""

from dataclasses import dataclass, field

from graph.checks import CheckContext
from graph.models.base import Model
from knowledge.cards import Card
from knowledge.clock import Clock
from knowledge.database import Database
from knowledge.retrieve import Retriever
from knowledge.rules import Rule
from knowledge.schema import Schema


@dataclass(frozen=True)
class Weights:
    """How much each sign counts when the judge chooses and says how sure it is.

    The model's vote is the probability of its statement to the power of `sharpness`, times `unused` for every
    value or date of the question that it leaves out; a neighbour's is its similarity above
    `neighbour_floor`. Confidence is a logistic function of the winner's signs.
    """

    model: float = 1.0
    neighbour: float = 0.8
    sharpness: float = 0.5
    unused: float = 0.1
    neighbour_floor: float = 0.6
    empty: float = 0.5
    bias: float = -3.0
    on_probability: float = 3.0
    on_agreement: float = 2.0
    on_similarity: float = 1.5
    on_empty: float = -1.0
    unknown_probability: float = 0.8


@dataclass(frozen=True)
class Context:
    """Everything the nodes need, handed in once for an agent.

    `candidates` are asked of the model, `executions` of them may run, `repairs` times the model may try
    again. Below `threshold` an answer is marked 'please check'; a question that names no value and is less
    similar than `on_topic` to all that is known is taken for something else than a question about the data.
    """

    database: Database
    schema: Schema
    model: Model
    retriever: Retriever
    clock: Clock
    rules: tuple[Rule, ...] = ()
    cards: tuple[Card, ...] = ()
    candidates: int = 4
    repairs: int = 2
    executions: int = 6
    max_tokens: int = 256
    threshold: float = 0.5
    on_topic: float = 0.36
    timeout_s: float | None = None
    max_rows: int | None = None
    weights: Weights = field(default_factory=Weights)

    def check(self, question: str) -> CheckContext:
        return CheckContext(self.schema, self.rules, question, self.clock)
