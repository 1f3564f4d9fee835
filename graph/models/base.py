"""The one small interface behind which every model stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from graph.constraint import Constraint


@dataclass(frozen=True)
class Prompt:
    """What a model reads: `head` is the same for every question of a workspace and stays in its cache."""

    head: str
    tail: str


@dataclass(frozen=True)
class Candidate:
    """One proposed text with the mean log-probability of its tokens (None where the model gives none)."""

    text: str
    logprob: float | None
    tokens: int


@dataclass(frozen=True)
class Generation:
    """Candidates, best first. `seconds` splits into reading the prompt and writing.

    `extra` says how it was written: 'constraint' (what held it to the schema, or why nothing did), 'forced',
    'drafted' and 'accepted' (tokens), 'mask_seconds'.
    """

    candidates: tuple[Candidate, ...]
    prompt_tokens: int = 0
    cached_tokens: int = 0
    read_seconds: float = 0.0
    write_seconds: float = 0.0
    extra: dict[str, object] = field(default_factory=dict)


def together(said: Sequence[Generation]) -> Generation:
    """One after the other, as one: all candidates, and what they took in all."""
    return Generation(
        tuple(candidate for one in said for candidate in one.candidates),
        sum(one.prompt_tokens for one in said),
        sum(one.cached_tokens for one in said),
        sum(one.read_seconds for one in said),
        sum(one.write_seconds for one in said),
        said[0].extra,
    )


class Model(Protocol):
    """`format` names the prompt: 'specialist' (slots) or 'chat' (cards and examples). `recovers` tells
    whether it can be told what was wrong with its last statement, `follows` whether it goes by an example in
    its prompt and edits the statement of a turn before.

    A model that can hold itself to `constraint` writes nothing else; the others do without.
    """

    name: str
    format: str
    recovers: bool
    follows: bool

    def generate(
        self,
        prompt: Prompt,
        candidates: int = 1,
        max_tokens: int = 256,
        constraint: "Constraint | None" = None,
    ) -> Generation: ...
