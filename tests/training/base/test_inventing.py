"""Invented databases: the same for the same seed, of many domains and manners, and never empty."""

import sqlite3
from datetime import date
from pathlib import Path

from training.base.domains import domains, pools, synonyms
from training.base.inventing import invent
from training.material import Material, Source


def _dump(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "database.sqlite") as connection:
        return list(connection.iterdump())


def test_a_seed_makes_the_same_database(tmp_path: Path) -> None:
    one, other, third = (tmp_path / name for name in "abc")
    assert invent(5, one) == invent(5, other)
    invent(6, third)
    assert _dump(one) == _dump(other) != _dump(third)
    assert (one / "glossary.yaml").read_text() == (other / "glossary.yaml").read_text()
    assert not (third / "glossary.yaml").exists()


def test_every_database_can_be_read_and_asked_about(tmp_path: Path) -> None:
    styles: set[bool] = set()
    for seed in range(12):
        folder = tmp_path / str(seed)
        invent(seed, folder)
        source = Source("sqlite:///database.sqlite", folder, folder, date(2026, 6, 17), folder)
        material = Material(source)
        assert all(material.profiles.rows(table.name) for table in material.schema.tables)
        assert next(material.synthesiser(1).rows()).target.startswith("SELECT")
        styles |= {table.name.islower() for table in material.schema.tables}
    assert styles == {True, False}


def test_parents_are_things_of_the_same_domain() -> None:
    for things in domains().values():
        names = {thing.words for thing in things}
        for thing in things:
            assert thing.attributes
            assert {parent for parent, _ in thing.parents} <= names


def test_kinds_and_pools_are_known() -> None:
    kinds = {a.kind for things in domains().values() for thing in things for a in thing.attributes}
    names = {"person", "company", "city", "country", "title", "place", "code"}
    assert kinds == names | {"number", "enum", "date", "stamp", "flag"}
    assert all(isinstance(word, str) for words in (*pools().values(), *synonyms().values()) for word in words)
