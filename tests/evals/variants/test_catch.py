"""What the variants catch of the wrong neighbours, counted by what a run would say."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evals.suite.case import Case
from evals.variants import make_variants
from evals.variants.catch import catch
from evals.variants.looking import gold_queries
from graph.checks import CheckContext
from knowledge.clock import FrozenClock
from knowledge.database import Database
from tests.evals.variants.shop import GOLDS

CASES = tuple(Case(f"case-{n}", "what?", gold=(gold,)) for n, gold in enumerate(GOLDS, start=1))


@pytest.fixture(scope="module")
def shop_and_variants(
    sqlite_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, list[Database], CheckContext]]:
    database = Database.open(sqlite_url)
    context = CheckContext(database.schema(), (), "", FrozenClock(dt.date(2025, 11, 1)))
    golds = gold_queries(CASES, context)
    urls = make_variants(sqlite_url, database.schema(), tmp_path_factory.mktemp("catch"), golds=golds)
    variants = [Database.open(url) for url in urls]
    yield database, variants, context
    for each in (database, *variants):
        each.close()


def test_variants_catch_what_the_database_alone_does_not(
    shop_and_variants: tuple[Database, list[Database], CheckContext],
) -> None:
    told = catch(CASES, *shop_and_variants)
    assert told.count() > 50
    assert told.caught(1) < told.caught(2) <= told.caught(3)
    assert told.caught(3) / told.count() > 0.85
    assert told.count() == told.caught(3) + len(told.not_told_apart())
    assert sum(told.count(kind) for kind in told.kinds) == told.count()
    assert [told.speaking(number) for number in range(3)] == [4, 5, 5]
    assert [(fault.case, fault.why) for fault in told.faults] == [("case-4", "empty")]


def test_it_counts_the_same_each_time(
    shop_and_variants: tuple[Database, list[Database], CheckContext],
) -> None:
    assert catch(CASES[:2], *shop_and_variants) == catch(CASES[:2], *shop_and_variants, jobs=1)


def _small(path: Path, *rows: tuple[int, str]) -> Database:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (n INTEGER NOT NULL, word TEXT NOT NULL)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
        connection.commit()
    return Database.open(str(path))


def test_any_gold_of_the_case_makes_a_neighbour_right(tmp_path: Path) -> None:
    database = _small(tmp_path / "a.sqlite", (1, "a"), (2, "b"))
    variant = _small(tmp_path / "b.sqlite", (1, "a"), (2, "b"), (5, "c"))
    context = CheckContext(database.schema(), (), "", FrozenClock(dt.date(2025, 1, 1)))
    strict = Case("one", "?", gold=("SELECT word FROM t WHERE n < 5",))
    lenient = Case("two", "?", gold=("SELECT word FROM t WHERE n < 5", "SELECT word FROM t WHERE NOT n > 5"))
    caught = {
        case.id: [
            t.caught for t in catch([case], database, [variant], context).told if "<= 5" in t.mutant.sql
        ]
        for case in (strict, lenient)
    }
    assert caught == {"one": [1], "two": [None]}
    database.close()
    variant.close()


def test_a_variant_on_which_the_gold_is_empty_says_nothing(tmp_path: Path) -> None:
    database = _small(tmp_path / "a.sqlite", (1, "a"), (1, "a"))
    silent = _small(tmp_path / "b.sqlite", (9, "a"))
    context = CheckContext(database.schema(), (), "", FrozenClock(dt.date(2025, 1, 1)))
    told = catch([Case("one", "?", gold=("SELECT word FROM t WHERE n < 5",))], database, [silent], context)
    assert told.speaking(1) == 0
    assert [fault.why for fault in told.faults] == ["empty"]
    assert {t.caught for t in told.told} == {0, None}
    database.close()
    silent.close()


def test_cases_without_golds_and_of_other_databases_are_left_out(tmp_path: Path) -> None:
    database = _small(tmp_path / "a.sqlite", (1, "a"))
    context = CheckContext(database.schema(), (), "", FrozenClock(dt.date(2025, 1, 1)))
    refused = Case("one", "?", expected="refuse")
    foreign = Case("two", "?", gold=("SELECT 1 FROM other",), database="other.sqlite")
    told = catch([refused, foreign], database, [], context)
    assert (told.golds, told.count()) == (0, 0)
    database.close()
