"""The copy on which synthetic queries are tried."""

import sqlite3
from pathlib import Path

import pytest

from knowledge.errors import QueryError
from training.practice import PracticeCopy


@pytest.fixture
def copy(tmp_path: Path) -> PracticeCopy:
    path = tmp_path / "a copy #1?.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript("CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1), (2), (3);")
    connection.close()
    return PracticeCopy(path)


def test_rows_come_with_their_columns_and_no_more_than_asked_for(copy: PracticeCopy) -> None:
    found = copy.run("SELECT n, n * 2 AS twice FROM a ORDER BY 1", max_rows=2)
    assert found.columns == ("n", "twice")
    assert found.rows == ((1, 2), (2, 4))


@pytest.mark.parametrize("sql", ["SELECT m FROM a", "SELECT", "DELETE FROM a", "SELECT 1; SELECT 2"])
def test_what_does_not_run_is_told_and_harms_nothing(copy: PracticeCopy, sql: str) -> None:
    with pytest.raises(QueryError):
        copy.run(sql)
    assert copy.run("SELECT COUNT(*) FROM a").rows == ((3,),)


def test_what_takes_too_long_is_cut_off(copy: PracticeCopy) -> None:
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r"
    with pytest.raises(QueryError, match="interrupted"):
        copy.run(endless, timeout_s=0.1)
    assert copy.run("SELECT COUNT(*) FROM a").rows == ((3,),)
