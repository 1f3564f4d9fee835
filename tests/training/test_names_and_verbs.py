"""Questions that a schema's own names give: verbs, places, what a text names, which figure 'largest' is."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from training.intents import NothingToAskError, Pair, Scene
from training.intents.acting import acted_on, acts_on
from training.intents.doers import who_does
from training.intents.figures import beside_figure
from training.intents.neighbours import mutual
from training.intents.places import where
from training.intents.referring import referring
from training.intents.superlatives import extreme
from training.intents.whose import whose
from training.material import Material
from training.synthesis import Synthesiser

TRIES = 300
RIVER = "FROM river r WHERE r.river_name = <v1>"
THROUGH = "FROM river r WHERE r.runs_through = <v1>"
NEIGHBOURS = "SELECT b.neighbour FROM border b WHERE b.land_name = <v1>"


def asked(material: Material, intent: Callable[[Scene], Pair]) -> dict[str, str]:
    """Question in slots -> SQL, of what runs and can be linked."""
    synthesiser: Synthesiser = material.synthesiser(3)
    made = {}
    for _ in range(TRIES):
        try:
            row = synthesiser.row(intent(synthesiser.scene))
        except NothingToAskError:
            continue
        if row is not None:
            made[re.sub(r"^<\|ask\|>|\|.*$|<\|sql\|>$", "", row.prompt)] = row.target
    return made


@pytest.mark.parametrize(
    ("intent", "question", "sql"),
    [
        (acts_on, r"lands.* <v1> (flows|runs|goes|passes) through", f"SELECT r.runs_through {RIVER}"),
        (acts_on, r"how many lands does .*<v1>", f"SELECT COUNT(*) {RIVER}"),
        (acted_on, r"rivers (flow|run|go|pass) through", f"SELECT r.river_name {THROUGH}"),
        (
            acted_on,
            r"most lands",
            "SELECT r.river_name FROM river r GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1",
        ),
        (mutual, r"lands bordering .*<v1>", NEIGHBOURS),
        (
            referring,
            r"capital of .*<v1>",
            f"SELECT l.capital FROM land l WHERE l.land_name IN ({NEIGHBOURS})",
        ),
        (where, r"where is .*<v1>", f"SELECT r.runs_through {RIVER}"),
        (whose, r"<v1> is the capital of", "SELECT l.land_name FROM land l WHERE l.capital = <v1>"),
    ],
)
def test_a_name_gives_questions(
    atlas: Material, intent: Callable[[Scene], Pair], question: str, sql: str
) -> None:
    made = asked(atlas, intent)
    said = [text for text, target in made.items() if target == sql]
    assert any(re.search(question, text) for text in said), (said, list(made.items())[:10])


def test_who_does_it_is_asked_by_what_they_are_called(material: Material) -> None:
    made = asked(material, who_does)
    join = "JOIN suppliers su ON su.supplier_id = p.supplier_id"
    sql = f"SELECT su.name FROM products p {join} WHERE p.name = <v1>"
    said = [text for text, target in made.items() if target == sql]
    assert any(re.search(r"who (makes|supplies|delivers) .*<v1>", text) for text in said), said


def test_the_largest_is_so_by_area_and_by_population_where_that_is_said(atlas: Material) -> None:
    scene = atlas.synthesiser(3).scene
    drawn = {(word, found.column) for found, _, word, _ in (extreme(scene, "land") for _ in range(TRIES))}
    assert {column for word, column in drawn if word in ("largest", "biggest", "smallest")} == {"area_km"}
    assert ("most populous", "population") in drawn


def test_where_no_column_is_named_so_nothing_is_asked(material: Material) -> None:
    for intent in (acts_on, acted_on, beside_figure):
        with pytest.raises(NothingToAskError):
            intent(material.synthesiser(3).scene)


FORBIDDEN = """\
rules:
  - rule: no-river-names
    says: Nobody may see the names of rivers.
    forbid: [river.river_name]
"""


def test_where_a_name_belongs_is_read_but_not_of_names_that_are_forbidden(
    atlas: Material, tmp_path: Path
) -> None:
    found = {key.table: pairs for key, pairs in atlas.catalogue.homes.items()}
    assert ("Rivera", "Landa") in found["river"]
    (tmp_path / "rules.yaml").write_text(FORBIDDEN)
    forbidden = Material(replace(atlas.source, knowledge=tmp_path))
    assert not any(key.table == "river" for key in forbidden.catalogue.homes)
