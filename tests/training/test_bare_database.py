"""A database of which nothing is told: what its names, types and values give."""

from itertools import islice

import pytest

from training.intents import INTENTS, NothingToAskError
from training.intents.figures import figure
from training.intents.referring import referring
from training.intents.superlatives import of_extreme, superlative
from training.lexicon import manner
from training.material import Material
from training.query import NoPathError


def test_tables_are_called_by_their_names_and_rows_by_the_column_that_names_them(atlas: Material) -> None:
    things = atlas.catalogue.things
    assert (things["land"].nouns, things["land"].label, things["land"].key) == (
        ("land",),
        ("l.land_name",),
        "land_name",
    )
    assert things["river"].label == ("r.river_name",)


def test_a_thing_in_several_rows_counts_once(atlas: Material) -> None:
    assert atlas.catalogue.things["river"].counted == "COUNT(DISTINCT r.river_name)"
    assert atlas.catalogue.things["land"].counted == "COUNT(*)"


def test_columns_are_called_without_their_tables_name_and_as_the_table_that_they_point_to(
    atlas: Material,
) -> None:
    words = {f"{f.table}.{f.column}": f.words for f in atlas.catalogue.fields}
    assert words["land.land_name"][:2] == ("name", "land name")
    assert words["river.runs_through"][0] == "land"


def test_figures_have_the_superlatives_of_english(atlas: Material) -> None:
    found = {f.column: f.manner for f in atlas.catalogue.fields}
    assert "longest" in found["length"].more
    assert "most populous" in found["population"].more
    assert manner("postal code") == manner("anything")


@pytest.mark.parametrize("intent", [superlative, of_extreme, figure, referring])
def test_rows_are_made_of_it(atlas: Material, intent: object) -> None:
    synthesiser = atlas.synthesiser(3)
    assert callable(intent)
    kept = [row for _ in range(60) if (row := synthesiser.row(intent(synthesiser.scene)))]
    assert len(kept) >= 10, dict(synthesiser.dropped)
    assert any("ORDER BY" in row.target or "WHERE" in row.target for row in kept)


def test_what_cannot_be_asked_here_is_left_out(atlas: Material) -> None:
    scene = atlas.synthesiser(5).scene
    for intent in INTENTS:
        for _ in range(30):
            try:
                assert intent(scene).question
            except (NothingToAskError, NoPathError):
                continue


def test_many_different_rows_come_of_it(atlas: Material) -> None:
    rows = list(islice(atlas.synthesiser(7).rows(), 800))
    assert len({row.prompt for row in rows}) > 790
    assert len({row.target for row in rows}) > 150
