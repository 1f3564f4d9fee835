"""The little English, and the noise of people in a hurry."""

import random

import pytest

from training.english import plural, say
from training.noise import noisy


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("order", "orders"),
        ("category", "categories"),
        ("day", "days"),
        ("box", "boxes"),
        ("branch", "branches"),
        ("line item", "line items"),
        ("sales person", "sales people"),
        ("staff", "staff"),
        ("B2B customer", "B2B customers"),
    ],
)
def test_a_noun_has_its_plural(one: str, many: str) -> None:
    assert plural(one) == many


def said(template: str, **words: str) -> set[str]:
    return {say(random.Random(seed), template, **words) for seed in range(60)}


def test_every_alternative_is_said_at_some_time() -> None:
    assert said("(show|give) me {what}|{what} please", what="orders") == {
        "show me orders",
        "give me orders",
        "orders please",
    }


def test_groups_nest_and_may_be_empty() -> None:
    assert said("(all (the |)|){n}", n="orders") == {"all the orders", "all orders", "orders"}


def test_bars_and_brackets_of_a_word_are_kept() -> None:
    assert said("{v}(, please|)", v="A|B (small)") == {"A|B (small)", "A|B (small), please"}


def test_noise_is_the_same_for_the_same_seed() -> None:
    question = "How many customers ordered espresso machines in Germany last month?"
    heard = [noisy(question, random.Random(seed)) for seed in range(200)]
    assert heard == [noisy(question, random.Random(seed)) for seed in range(200)]
    assert len(set(heard)) > 50


def test_noise_never_misspells_a_protected_word() -> None:
    question = "customers called Hamburg Harbour Roasters"
    protected = ("Hamburg Harbour Roasters",)
    heard = [noisy(question, random.Random(seed), protected) for seed in range(500)]
    assert all("Hamburg Harbour Roasters" in text for text in heard)
    assert any("customers" not in text and "custs" not in text for text in heard)
    bare = [noisy(question, random.Random(seed)) for seed in range(500)]
    assert any("Hamburg Harbour Roasters" not in text for text in bare)
