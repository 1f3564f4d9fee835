"""What a run will be of, looked up in the workspace before it is made."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.preparation import data_fingerprint
from evals.runs.info import RunInfo, new_id
from evals.runs.setup import Setup

if TYPE_CHECKING:
    from assistant.workspace import Workspace


def plan_run(
    workspace: "Workspace",
    model: str,
    setup: Setup,
    suites: Sequence[str],
    *,
    seed: int = 0,
    repeats: int = 1,
    variants: int = 0,
) -> RunInfo:
    """A new run of `model`, or without one of the model that answers now; the index is ready for it then."""
    with workspace.sibling(model=model) as sibling:
        sibling.prepare_alone()
        setting = sibling.model_setting
        return RunInfo(
            id=new_id(),
            suites=tuple(suites),
            model=Path(setting).stem if sibling.model_checksum else setting,
            setup=setup.name,
            checksum=sibling.model_checksum,
            schema=sibling.schema.fingerprint,
            database=data_fingerprint(sibling),
            seed=seed,
            repeats=repeats,
            variants=variants,
            version=version("quarry"),
        )
