"""What an intent asks, it says: no condition in the SQL that the question leaves out."""

import re
from collections.abc import Callable

import pytest

from training.intents import NothingToAskError, Pair, Scene
from training.intents.bounds import have_more_than, two_bounds
from training.intents.counting import count, extreme_date, how_many_do
from training.intents.events import events, who_most
from training.intents.superlatives import meant
from training.intents.wholes import in_all
from training.material import Material
from training.query import NoPathError

TRIES = 400


def pairs(material: Material, intent: Callable[[Scene], Pair]) -> list[Pair]:
    scene, made = material.synthesiser(5).scene, []
    for _ in range(TRIES):
        try:
            made.append(intent(scene))
        except (NoPathError, NothingToAskError):
            continue
    return made


@pytest.mark.parametrize("intent", [count, events, extreme_date, have_more_than, how_many_do, who_most])
def test_a_date_that_is_not_the_things_own_is_asked_for(
    material: Material, intent: Callable[[Scene], Pair]
) -> None:
    things = material.catalogue.things.values()
    own = {thing.date for thing in things}
    verbs = {column: words for thing in things for column, words in thing.verbs if column not in own}
    for segment in material.catalogue.segments:  # 'former employees' have left
        for column in verbs.keys() & set(re.findall(r"\w+\.\w+", segment.sql)):
            verbs[column] = (*verbs[column], *segment.words)
    asked = 0
    for pair in pairs(material, intent):
        for column, words in verbs.items():
            if re.search(rf"{column} (>= ⟦|IS NOT NULL)|(MIN|MAX)\({column}\)", pair.sql):
                assert any(word in pair.question for word in words), pair
                asked += 1
    assert asked > 10


def test_two_bounds_hold_on_groups_both(material: Material) -> None:
    made = [pair for pair in pairs(material, two_bounds) if pair.kind == "two_limits"]
    assert len(made) > 50
    for pair in made:
        assert re.search(r"HAVING COUNT\(\*\) (>=?|<) ⟦n:\d+⟧ AND (SUM|AVG)\(.+ [<>] ⟦n:\d+⟧$", pair.sql), (
            pair
        )


@pytest.mark.parametrize(
    ("column", "said"),
    [("p.list_price", True), ("p.unit_cost", False), ("o.net_amount", True), ("o.discount_amount", False)],
)
def test_a_bare_most_expensive_means_the_price_and_not_what_stands_beside_it(
    material: Material, column: str, said: bool
) -> None:
    scene = material.synthesiser(1).scene
    (found,) = [field for field in scene.catalogue.fields if field.sql == column]
    assert ("most expensive" in meant(scene, found, found.manner.more)) is said


def test_what_is_taken_together_is_named_and_not_split(material: Material) -> None:
    scene = material.synthesiser(2).scene
    asked = {in_all(scene, "shipments", "how many parcels") for _ in range(TRIES)}
    assert any("across all" in question for question in asked)
    assert all(question.startswith("how many parcels") for question in asked)
