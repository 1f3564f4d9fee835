"""How a specialist is made: how much to synthesise, where to begin, how to train."""

from dataclasses import dataclass, field

from training.standing import Recipe


@dataclass(frozen=True)
class Beside:
    """What is taught beside plain questions, as shares of their rows, each at most `most` rows;
    `few_shot` are questions behind an example, at most four times as many.

    `own` is the share of the minutes in which the model's own mistakes are taught, at the end.
    """

    recovery: float = 0.05
    unanswerable: float = 0.03
    followups: float = 0.05
    few_shot: float = 0.15
    own: float = 0.1
    most: int = 8000


@dataclass(frozen=True)
class Plan:
    """How much to synthesise and how to train; `pairs` of the questions taught go beside the model.

    `taught_share` of all rows come from verified pairs, as far as there are enough of them. `start` is
    the file of the base from which the network is made, or of the specialist from which training goes on;
    without it the network begins with random weights of the given shape. `paraphrases` questions are worded
    anew by a chat model.
    """

    rows: int = 250_000
    seed: int = 7
    processes: int = 2
    vocabulary: int = 3000
    width: int = 256
    layers: int = 6
    inner: int = 704
    pairs: int = 4000
    taught_share: float = 0.2
    beside: Beside = field(default_factory=Beside)
    start: str = ""
    quantised: str = "Q8_0"
    paraphrases: int = 0
    recipe: Recipe = field(default_factory=Recipe)

    @property
    def goes_on(self) -> bool:
        """Whether a specialist is trained further, which knows the schema already."""
        return self.start.endswith(".gguf")
