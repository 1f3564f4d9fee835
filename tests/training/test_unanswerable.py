"""What the database has no words for cannot be answered; what it has is never called so."""

from graph.prompts import NO_ANSWER
from training.material import Material
from training.unanswerable import Unanswerable


def test_the_reply_names_what_is_missing(material: Material) -> None:
    rows = list(Unanswerable(material, 1).rows(100))
    assert len({row.prompt for row in rows}) == len(rows) == 100
    for row in rows:
        missing = row.target.removeprefix(NO_ANSWER).strip()
        assert missing
        assert missing.split()[-1] in row.prompt


def test_what_is_known_is_not_missing(material: Material) -> None:
    made = Unanswerable(material, 1)
    for known in ("customer", "order", "product", "supplier", "refund", "warehouse", "client", "shopper"):
        assert known not in made.things
    assert not {"price", "list price", "country", "city"} & set(made.attributes)
    assert "rocket" in made.things
    assert "humidity" in made.attributes


def test_a_bare_database_has_them_too(atlas: Material) -> None:
    rows = list(Unanswerable(atlas, 1).rows(30))
    assert len(rows) == 30
    assert all("river" not in row.target and "population" not in row.target for row in rows)
