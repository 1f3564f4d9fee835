"""Statements as people write them, in the one form that is taught."""

import pytest
import sqlglot

from graph.canonical import NotCanonicalError, canonical
from training.material import Material


@pytest.mark.parametrize(
    ("written", "taught"),
    [
        (
            "select LAND_NAME from LAND where CAPITAL = 'CityA'",
            "SELECT l.land_name FROM land l WHERE l.capital = 'CityA'",
        ),
        (
            "SELECT r.river_name AS river, length AS n FROM river AS r ORDER BY n DESC LIMIT 3",
            "SELECT r.river_name, r.length FROM river r ORDER BY 2 DESC LIMIT 3",
        ),
        (
            "SELECT x.capital FROM river, land x WHERE river.runs_through = x.land_name AND length > 5",
            "SELECT l.capital FROM river r JOIN land l ON l.land_name = r.runs_through WHERE r.length > 5",
        ),
        (
            "SELECT runs_through, COUNT(*) AS n FROM river GROUP BY runs_through ORDER BY n",
            "SELECT r.runs_through, COUNT(*) FROM river r GROUP BY 1 ORDER BY 2",
        ),
        (
            "SELECT land_name FROM land WHERE area_km = (SELECT MAX(area_km) AS m FROM land)",
            "SELECT l.land_name FROM land l WHERE l.area_km = (SELECT MAX(l.area_km) FROM land l)",
        ),
        (
            "SELECT a.land_name FROM land a JOIN land b ON a.capital = b.capital",
            "SELECT l.land_name FROM land l JOIN land l2 ON l2.capital = l.capital",
        ),
        (
            "SELECT land_name FROM land WHERE NOT EXISTS "
            "(SELECT 1 FROM river WHERE runs_through = land_name)",
            "SELECT l.land_name FROM land l WHERE NOT EXISTS(SELECT 1 FROM river r "
            "WHERE r.runs_through = l.land_name)",
        ),
    ],
)
def test_a_statement_has_one_form(atlas: Material, written: str, taught: str) -> None:
    tree = sqlglot.parse_one(written, dialect="sqlite")
    assert canonical(tree, atlas.schema) == taught
    assert canonical(sqlglot.parse_one(taught, dialect="sqlite"), atlas.schema) == taught
    rows = [atlas.database.run(sql, own=True).rows for sql in (written, taught)]
    assert rows[0] == rows[1]


def test_the_statement_itself_is_left_as_it_was(atlas: Material) -> None:
    tree = sqlglot.parse_one("SELECT LAND_NAME FROM LAND", dialect="sqlite")
    canonical(tree, atlas.schema)
    assert tree.sql() == "SELECT LAND_NAME FROM LAND"


def test_a_column_that_is_not_there_cannot_be_taught(atlas: Material) -> None:
    tree = sqlglot.parse_one("SELECT l.weather FROM land l, river r WHERE weather = 1", dialect="sqlite")
    with pytest.raises(NotCanonicalError):
        canonical(tree, atlas.schema)
