"""The cache of golds: exact, shared by processes, and never in the way."""

import datetime as dt
import math
import multiprocessing
import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from evals.runs.cells import UnknownCellError, pack, unpack
from evals.runs.expected import Expected, GoldError, expected
from evals.runs.golds import Golds, variant_fingerprint
from graph.checks import CheckContext
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.result import Result
from tests.evals.runs.fakes import company

PAY = "SELECT name, pay FROM staff ORDER BY pay"
CELLS: list[Any] = [
    None,
    True,
    2**80,
    0.1,
    -0.0,
    math.inf,
    "é\x00\ud800",
    Decimal("1.10"),
    Decimal("NaN"),
    dt.date(2025, 11, 14),
    dt.datetime(2025, 11, 14, 9, 30, 0, 5),
    dt.datetime(2025, 11, 14, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    dt.time(9, 30),
    dt.timedelta(days=-1, microseconds=3),
    b"\x00\xff",
    UUID(int=7),
    [1, [Decimal("2")]],
    (1, None),
    {"a": dt.date(2025, 1, 1), 2: {"bytes": b"x"}},
]


@pytest.mark.parametrize("cell", CELLS, ids=repr)
def test_every_cell_comes_back_exactly(cell: Any) -> None:
    found = Expected("q", Result(("a", "a"), ((cell, 1), (cell, 2)), seconds=0.5), (0, 1), True, True)
    back = unpack(pack(found), "q")
    assert repr(back) == repr(found)
    assert type(back.result.rows[0][0]) is type(cell)


def test_a_cell_of_an_unknown_type_is_not_kept() -> None:
    with pytest.raises(UnknownCellError):
        pack(Expected("q", Result(("a",), ((object(),),))))
    for broken in (b"", b"x", pack(Expected("q", Result((), ())))[:-3]):
        with pytest.raises(ValueError, match="no outcome"):
            unpack(broken, "q")


class Counting:
    """A database that counts what it runs."""

    def __init__(self, database: Database) -> None:
        self.inner = database
        self.ran = 0

    def run(self, *given: Any, **named: Any) -> Result:
        self.ran += 1
        return self.inner.run(*given, **named)


def test_a_gold_runs_once_for_a_fingerprint(
    database: Database, context: CheckContext, tmp_path: Path
) -> None:
    counting: Any = Counting(database)
    plain = expected(PAY, database, context, ordered=True)
    for ran in (1, 1):
        golds = Golds(tmp_path / "new" / "golds.sqlite")
        found = golds.expected(PAY, counting, context, ordered=True, fingerprint="a")
        assert replace(found, result=replace(found.result, seconds=0)) == replace(
            plain, result=replace(plain.result, seconds=0)
        )
        assert counting.ran == ran
    golds.expected(PAY, counting, context, ordered=False, fingerprint="a")
    golds.expected(PAY, counting, context, ordered=True, fingerprint="b")
    assert counting.ran == 3
    golds.expected(PAY, counting, context, fingerprint="")
    golds.expected(PAY, counting, context, fingerprint="")
    Golds().expected(PAY, counting, context, fingerprint="a")
    assert counting.ran == 6


def test_rules_and_the_day_are_part_of_a_gold(
    database: Database, context: CheckContext, ruled: CheckContext, tmp_path: Path
) -> None:
    golds = Golds(tmp_path / "golds.sqlite")
    assert len(golds.expected(PAY, database, context, fingerprint="a").result.rows) == 5
    assert len(golds.expected(PAY, database, ruled, fingerprint="a").result.rows) == 4
    for day in (1, 2):
        on = replace(context, clock=FrozenClock(dt.date(2025, 11, day)))
        found = golds.expected(
            "SELECT DATE('now', '+0 day') FROM staff LIMIT 1", database, on, fingerprint="a"
        )
        assert found.result.rows == ((f"2025-11-0{day}",),)


def test_a_gold_that_fails_is_tried_once_in_a_process(
    database: Database, context: CheckContext, tmp_path: Path
) -> None:
    counting: Any = Counting(database)
    golds = Golds(tmp_path / "golds.sqlite")
    for _ in range(2):
        with pytest.raises(GoldError, match="the gold fails"):
            golds.expected(
                "SELECT ABS(-9223372036854775807 - 1) FROM staff", counting, context, fingerprint="a"
            )
    assert counting.ran == 2


def test_a_cache_that_is_broken_is_left_out(
    database: Database, context: CheckContext, tmp_path: Path
) -> None:
    path = tmp_path / "golds.sqlite"
    path.write_bytes(b"no database" * 100)
    assert len(Golds(path).expected(PAY, database, context, fingerprint="a").result.rows) == 5
    path.unlink()
    Golds(path).expected(PAY, database, context, fingerprint="a")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE golds SET data = x'00'")
    connection.close()
    assert len(Golds(path).expected(PAY, database, context, fingerprint="a").result.rows) == 5
    blocked = tmp_path / "file" / "golds.sqlite"
    blocked.parent.write_text("no folder")
    assert len(Golds(blocked).expected(PAY, database, context, fingerprint="a").result.rows) == 5


def _fill(path: Path, database: Path, number: int) -> None:
    opened = Database.open(str(database))
    context = CheckContext(opened.schema())
    golds = Golds(path)
    for place in range(25):
        sql = f"SELECT name, {place} AS n FROM staff"
        assert len(golds.expected(sql, opened, context, fingerprint="a").result.rows) == 5
        golds.expected(f"{sql} WHERE id > {number}", opened, context, fingerprint="a")


def test_several_processes_fill_one_cache(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    path, database = tmp_path / "golds.sqlite", company(tmp_path / "company.sqlite")
    processes = [spawn.Process(target=_fill, args=(path, database, number)) for number in (1, 2, 3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT COUNT(*) FROM golds").fetchone() == (25 * 4,)
    connection.close()


def test_a_variant_is_known_by_its_file(tmp_path: Path) -> None:
    path = company(tmp_path / "variant.sqlite")
    opened = Database.open(str(path))
    first = variant_fingerprint("a", 1, opened)
    assert first
    assert first == variant_fingerprint("a", 1, opened)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE more (x)")
    connection.close()
    assert variant_fingerprint("a", 1, opened) != first
    assert variant_fingerprint("", 1, opened) == ""
    opened.close()
