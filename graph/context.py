"""What a run works with. Nodes reach for nothing else."""

from dataclasses import dataclass, field

from graph.checks import CheckContext
from graph.describe import Describer
from graph.models.base import Model
from knowledge.cards import Card
from knowledge.clock import Clock
from knowledge.database import Database
from knowledge.retrieve import Retriever
from knowledge.rules import Rule
from knowledge.schema import Schema


@dataclass(frozen=True)
class Weights:
    """How much each sign counts in the chance that a proposal is right: a logistic function of their sum.

    `logprob` weighs the log-probability of the whole statement, `unused`, `missing` and `unfounded` what its
    grounding counts, `likeness` the round trip (its description against the question), `similarity` that of a
    known question beyond `close`, `agreement` that model and known question gave the same rows. From
    `settled` on, the round trip is spared. Neighbours below `neighbour_floor` are not looked at.
    """

    bias: float = -1.1
    logprob: float = 0.36
    unused: float = -1.5
    missing: float = -1.1
    unfounded: float = -0.32
    likeness: float = 2.05
    similarity: float = 15.0
    close: float = 0.8
    agreement: float = 3.3
    empty: float = -2.2
    usual_likeness: float = 0.55
    neighbour_logprob: float = -6.5
    unknown_logprob: float = -1.0
    least_logprob: float = -8.0
    settled: float = 0.85
    neighbour_floor: float = 0.6


@dataclass(frozen=True)
class Context:
    """Everything the nodes need, handed in once for an agent.

    `candidates` are asked of the model, `executions` of them may run, `repairs` times the model may try
    again; without `examples` no known question helps. Below `threshold` an answer is marked 'please check',
    below `least` it is not given; a question that names no value and is less similar than `on_topic` to all
    that is known is taken for something else than a question about the data.
    """

    database: Database
    schema: Schema
    model: Model
    retriever: Retriever
    clock: Clock
    rules: tuple[Rule, ...] = ()
    cards: tuple[Card, ...] = ()
    describer: Describer | None = None
    examples: bool = True
    candidates: int = 4
    repairs: int = 2
    executions: int = 10
    max_tokens: int = 256
    threshold: float = 0.5
    least: float = 0.12
    on_topic: float = 0.36
    timeout_s: float | None = None
    max_rows: int | None = None
    weights: Weights = field(default_factory=Weights)

    def check(self, question: str) -> CheckContext:
        return CheckContext(self.schema, self.rules, question, self.clock)
