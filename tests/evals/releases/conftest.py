"""A registry and small real model files."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.releases.candidate import Candidate
from evals.releases.registry import Registry
from tests.evals.releases.runs import WHEN, model_file
from tests.graph.tiny_gguf import write_tiny_gguf

Made = Callable[..., Candidate]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    ticks = iter(range(1_000_000))
    return Registry(tmp_path / "models", lambda: WHEN + dt.timedelta(minutes=next(ticks)))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Write a model file, another one for each seed."""

    def make(seed: int = 0, *, pairs: bool = True) -> Candidate:
        return model_file(tmp_path / "lab", write_tiny_gguf, seed, pairs=pairs)

    return make
