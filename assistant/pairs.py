"""The questions with SQL that a specialist was taught: NAME.pairs.jsonl beside NAME.gguf."""

import json
from pathlib import Path

from knowledge.errors import ModelError
from knowledge.examples import Example


def pairs_path(model: Path) -> Path:
    return model.with_suffix(".pairs.jsonl")


def read_pairs(path: Path) -> tuple[Example, ...]:
    """Raises ModelError where the file is damaged."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            said = json.loads(line)
            pairs.append(Example(said["question"], said["sql"], origin="taught"))
        except (ValueError, KeyError, TypeError):
            raise ModelError(
                f"{path.name}, line {number}: this is no pair of a question and its SQL; copy the file again "
                "from where the model came from."
            ) from None
    return tuple(pairs)
