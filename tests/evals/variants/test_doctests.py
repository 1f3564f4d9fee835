"""The examples in docstrings hold."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["draft", "facts", "moments", "reading"])
def test_the_examples_of_the_docstrings_hold(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"evals.variants.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0
