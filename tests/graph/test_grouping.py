from graph.checks import CheckContext, gate
from knowledge.schema import Column, Schema, Table

SCHEMA = Schema("sqlite", (Table("sales", (Column("city", "TEXT"), Column("amount", "REAL"))),))


def gated(sql: str) -> str:
    found = gate(sql, CheckContext(SCHEMA))
    assert found.sql is not None, found.why
    return found.sql


def test_an_aggregate_is_left_out_of_group_by() -> None:
    sql = gated("SELECT s.city, SUM(s.amount) FROM sales s GROUP BY 1, 2")
    assert sql.endswith("GROUP BY 1")


def test_group_by_goes_where_nothing_but_aggregates_was_grouped() -> None:
    assert "GROUP BY" not in gated("SELECT SUM(s.amount) FROM sales s GROUP BY 1")


def test_a_plain_group_by_stays_as_it_is() -> None:
    found = gate("SELECT s.city, SUM(s.amount) FROM sales s GROUP BY 1", CheckContext(SCHEMA))
    assert found.findings == ()
    assert found.sql is not None
    assert found.sql.endswith("GROUP BY 1")


def test_a_window_function_may_stand_in_a_grouped_place() -> None:
    sql = gated("SELECT s.city, SUM(SUM(s.amount)) OVER () FROM sales s GROUP BY 1")
    assert sql.endswith("GROUP BY 1")
