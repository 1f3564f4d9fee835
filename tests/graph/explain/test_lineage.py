"""Where the columns of an answer come from."""

import pytest

from graph.explain import Explainer


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT SUM(o.net_amount) FROM orders o", ["revenue = SUM(orders.net_amount)"]),
        ("SELECT COUNT(*) FROM orders o", ["number of orders = COUNT(*) of orders"]),
        (
            """SELECT co.name FROM orders o JOIN customers cu ON cu.customer_id = o.customer_id
            JOIN countries co ON co.country_code = cu.country_code""",
            ["country <- countries.name via customers"],
        ),
        (
            "WITH m AS (SELECT SUM(net_amount) AS made FROM orders) SELECT AVG(m.made) AS usual FROM m",
            ["usual = AVG(SUM(orders.net_amount))"],
        ),
        (
            "SELECT x.made + 1 AS more FROM (SELECT net_amount * 2 AS made FROM orders) x",
            ["more = (orders.net_amount * 2) + 1"],
        ),
        (
            "SELECT name AS what FROM countries UNION ALL SELECT status FROM orders",
            ["what = EITHER(countries.name, orders.status)"],
        ),
    ],
)
def test_a_column_is_traced_to_stored_ones(explainer: Explainer, sql: str, told: list[str]) -> None:
    assert [str(origin) for origin in explainer.explain(sql).explanation.lineage] == told


def test_all_stored_columns_behind_one_are_listed(explainer: Explainer) -> None:
    (origin,) = explainer.explain("SELECT SUM(i.quantity * i.cost) FROM order_items i").explanation.lineage
    assert origin.columns == ("order_items.cost", "order_items.quantity")
