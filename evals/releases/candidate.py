"""A model that wants to become a release."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.releases.checksum import sha256
from evals.releases.training import training_of
from knowledge.errors import ModelError

PAIRS = ".pairs.jsonl"


@dataclass(frozen=True)
class Candidate:
    """A GGUF file, with the checksums of what is measured, or a chat model that has no files.

    `pairs` is the NAME.pairs.jsonl beside the model file, where there is one.
    """

    model: Path | str
    checksum: str = ""
    pairs: Path | None = None
    pairs_checksum: str = ""
    training: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.model.name if isinstance(self.model, Path) else self.model


def candidate(model: Path | str) -> Candidate:
    """Look at a model file, or take provider:name as it is. Raises ModelError where the file is unusable."""
    if isinstance(model, str):
        return Candidate(model)
    training = training_of(model)
    pairs = model.with_suffix(PAIRS)
    try:
        taught = sha256(pairs) if pairs.is_file() else ""
        return Candidate(model, sha256(model), pairs if taught else None, taught, training)
    except OSError as error:
        raise ModelError(f"{model} cannot be read ({error.strerror}); correct its permissions.") from None
