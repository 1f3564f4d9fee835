"""What a run works with. Nodes reach for nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from graph.checks import CheckContext
from graph.describe import Describer
from graph.followup import Follower
from graph.models.base import Model
from graph.parts import SKIPPED, UNMENDED
from graph.vocabulary import Vocabulary
from knowledge.cards import Card
from knowledge.clock import Clock
from knowledge.database import Database
from knowledge.glossary import Term
from knowledge.retrieve import Retriever
from knowledge.rules import Rule
from knowledge.schema import Schema
from knowledge.values import Values


@dataclass(frozen=True)
class Weights:
    """How much each sign counts in the chance that a proposal is right: a logistic function of their sum.

    `python -m tests.bench.calibrate` fits them on the demo's development cases; `unused`, `strange` and
    `similarity` are set by hand, for want of cases.

    `logprob` weighs the log-probability of the whole statement, `share` how much of what the model holds for
    possible gave these rows (each thing that a statement goes against takes `discount` from its
    log-probability); `unused`, `missing` and `unfounded` what its grounding counts, `uncovered`
    and `against` its signs, `strange` the words of the question that nothing explains; `likeness` the
    round trip (its description against the question), `similarity` that of a known question beyond `close`,
    `agreement` that model and known question gave the same rows, `reworded` that a person verified it for
    another wording of the question (set by hand), `empty` that there is nothing in them or
    that a check on results complains. From `settled` on, the round trip is spared. Neighbours below
    `neighbour_floor` are not looked at.
    """

    bias: float = -2.09
    logprob: float = 0.18
    share: float = 2.33
    unused: float = -1.5
    missing: float = -1.19
    unfounded: float = -0.54
    uncovered: float = -0.94
    against: float = -0.81
    strange: float = -1.5
    likeness: float = 2.59
    similarity: float = 15.0
    close: float = 0.8
    agreement: float = 3.65
    empty: float = -3.11
    discount: float = 0.5
    usual_share: float = 0.5
    usual_likeness: float = 0.55
    neighbour_logprob: float = -6.5
    unknown_logprob: float = -1.0
    least_logprob: float = -8.0
    settled: float = 0.85
    reworded: float = 3.5
    neighbour_floor: float = 0.6


@dataclass(frozen=True)
class Context:
    """Everything the nodes need, handed in once for an agent.

    `candidates` are asked of the model, below the confidence `enough` as many again `more` times, and
    `executions` of them may run; `repairs` times it may try again, for `repair_s` seconds at most. The parts
    named in `without` (of `graph.parts.PARTS`) are left out. Below `threshold` an answer is marked 'please
    check', below `least` it is not given. A question that names no value and is less similar than `on_topic`
    to all that is known is taken for something else than a question about the data; a word that nothing
    explains and no term is `near_in_meaning` to stops the question.
    """

    database: Database
    schema: Schema
    model: Model
    retriever: Retriever
    clock: Clock
    rules: tuple[Rule, ...] = ()
    cards: tuple[Card, ...] = ()
    describer: Describer | None = None
    terms: tuple[Term, ...] = ()
    closed: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    candidates: int = 4
    more: int = 1
    repairs: int = 2
    repair_s: float = 20.0
    executions: int = 10
    max_tokens: int = 256
    threshold: float = 0.8
    enough: float = 0.62
    least: float = 0.25
    on_topic: float = 0.36
    near_in_meaning: float = 0.66
    timeout_s: float | None = None
    max_rows: int | None = None
    weights: Weights = field(default_factory=Weights)

    @property
    def values(self) -> Values | None:
        """The values that questions may name."""
        return getattr(self.retriever.linker, "values", None)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of schema and glossary; made once."""
        return Vocabulary(self.schema, self.terms)

    @cached_property
    def follower(self) -> Follower:
        """Makes follow-ups whole; made once."""
        return Follower(self.schema, self.terms, self.rules, self.retriever.linker, self.clock)

    def check(self, question: str) -> CheckContext:
        return CheckContext(
            self.schema,
            () if "rules" in self.without else self.rules,
            question,
            self.clock,
            terms=self.terms,
            closed=self.closed,
            skipped=frozenset(name for part in self.without for name in SKIPPED.get(part, ())),
            unmended=frozenset(name for part in self.without for name in UNMENDED.get(part, ())),
        )
