import sqlite3
from pathlib import Path

import pytest

from knowledge.database import Database
from knowledge.views import select_of

VIEWS = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, status TEXT, amount REAL);
CREATE VIEW paid AS SELECT * FROM orders WHERE status = 'paid';
CREATE VIEW totals (state, total) AS SELECT status, SUM(amount) FROM main.orders GROUP BY status;
"""


def definitions(path: Path) -> dict[str, str]:
    database = Database.open(str(path))
    try:
        return {table.name: table.definition for table in database.schema().tables}
    finally:
        database.close()


def test_sqlite_tells_what_its_views_select(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.sqlite") as connection:
        connection.executescript(VIEWS)
    connection.close()

    assert definitions(tmp_path / "shop.sqlite") == {
        "orders": "",
        "paid": "SELECT * FROM orders WHERE status = 'paid'",
        "totals": "SELECT status AS state, SUM(amount) AS total FROM orders GROUP BY status",
    }


@pytest.mark.real
def test_duckdb_tells_what_its_views_select(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(VIEWS)

    found = definitions(tmp_path / "shop.duckdb")

    assert found["orders"] == ""
    assert "WHERE (status = 'paid')" in found["paid"]
    assert "AS state" in found["totals"]
    assert "AS total" in found["totals"]


def test_a_view_that_cannot_be_told_apart_from_its_names_is_left_out() -> None:
    assert select_of("CREATE VIEW v (a, b) AS SELECT * FROM t", ["a", "b"], "sqlite") == ""
    assert select_of("CREATE VIEW v AS SELECT x FROM t", ["a", "b"], "sqlite") == ""
    assert select_of("this is no view", ["a"], "sqlite") == ""
    assert select_of("", ["a"], "sqlite") == ""


def test_only_the_own_schema_is_left_out_before_tables() -> None:
    text = "CREATE VIEW `v` AS select `shop`.`t`.`a` AS `a` from `shop`.`t` join `other`.`u`"
    told = select_of(text, ["a"], "mysql", "shop")
    assert "FROM `t`" in told
    assert "`other`.`u`" in told
