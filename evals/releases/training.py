"""What a model file tells of how it was made."""

import json
from pathlib import Path
from typing import Any

from graph.models.gguf_file import read_gguf
from knowledge.errors import ModelError

_OURS = "quarry."


def training_of(model: Path) -> dict[str, Any]:
    """The file's own `quarry.*` facts, and under `recipe` those of NAME.recipe.json beside it.

    Raises ModelError where the model is no GGUF file or damaged, or where the recipe is.
    """
    metadata = read_gguf(model).metadata
    facts: dict[str, Any] = {
        key.removeprefix(_OURS): value for key, value in metadata.items() if key.startswith(_OURS)
    }
    recipe = model.with_suffix(".recipe.json")
    if recipe.is_file():
        try:
            facts["recipe"] = json.loads(recipe.read_text(encoding="utf-8"))
        except ValueError:
            raise ModelError(f"{recipe.name} is no JSON; mend it or take it away.") from None
    return facts
