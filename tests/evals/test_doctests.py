"""The examples in docstrings hold."""

import doctest
import importlib

import pytest

MODULES = (
    "compare.aligned",
    "compare.cells",
    "compare.columns",
    "compare.order",
    "compare.results",
    "metrics.bootstrap",
    "metrics.calibration",
    "metrics.complexity",
    "metrics.efficiency",
    "metrics.paired",
    "metrics.risk",
    "metrics.speed",
    "metrics.stats",
    "suite.alike",
    "suite.gold",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_hold(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"evals.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0
