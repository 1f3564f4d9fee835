"""A model that writes a given text: its own logits, with those of the text's next token raised above all."""

from collections.abc import Sequence

import numpy as np

from graph.models.evaluation import Evaluation
from graph.models.llama import LlamaModel

RAISED = 12.0


class Replay(Evaluation):
    """Takes the time of the real model; `target` begins after `prompt_length` tokens."""

    def __init__(self, model: LlamaModel) -> None:
        super().__init__(model._llama, model.name)
        self.prompt_length = 0
        self.target: Sequence[int] = ()
        self.calls = 0
        self._evaluated = 0

    def logits(self, place: int = -1) -> np.ndarray:
        row = place if place >= 0 else self._evaluated + place
        following = len(self.tokens) - self._evaluated + row + 1 - self.prompt_length
        logits = super().logits(place)
        if 0 <= following < len(self.target):
            logits = logits.copy()
            logits[self.target[following]] = logits.max() + RAISED
        return logits

    def _run(self, tokens: Sequence[int], every: bool) -> None:
        self._evaluated = len(tokens) if every else 1
        self.calls += every
        super()._run(tokens, every)


def replaying(model: LlamaModel) -> Replay:
    """Make a model write what its `Replay` is given."""
    made = Replay(model)
    model._evaluation = made
    return made
