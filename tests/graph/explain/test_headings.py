"""What the columns of an answer are called."""

import pytest

from graph.explain import Explainer


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT SUM(o.net_amount) FROM orders o", ["revenue (EUR)"]),
        ("SELECT SUM(o.net_amount) AS total_sales FROM orders o", ["total sales (EUR)"]),
        ("SELECT co.name, COUNT(*) FROM countries co GROUP BY 1", ["country", "number of countries"]),
        ("SELECT STRFTIME('%Y-%m', o.ordered_at) FROM orders o GROUP BY 1", ["month"]),
        ("SELECT MAX(o.net_amount) FROM orders o", ["highest net amount (EUR)"]),
        ("SELECT MIN(o.ordered_at) FROM orders o", ["earliest ordered at"]),
        ("SELECT 100.0 * AVG(o.status = 'X') FROM orders o", ["cancellation rate (%)"]),
        (
            "SELECT 100.0 * SUM(CASE WHEN o.status = 'P' THEN 1 ELSE 0 END) / COUNT(*) FROM orders o",
            ["order status is paid (P) (%)"],
        ),
        ("SELECT SUM(o.net_amount) / COUNT(*) FROM orders o", ["revenue divided by number of orders (EUR)"]),
        ("SELECT o.order_id, o.net_amount FROM orders o", ["order number", "net amount (EUR)"]),
        ("SELECT x.made FROM (SELECT SUM(net_amount) AS made FROM orders) x", ["made (EUR)"]),
    ],
)  # fmt: skip
def test_columns_have_the_teams_words_and_units(explainer: Explainer, sql: str, names: list[str]) -> None:
    assert [str(h) for h in explainer.headings(sql, tuple(names))] == names


def test_a_star_has_no_headings(explainer: Explainer) -> None:
    assert explainer.headings("SELECT * FROM orders", ("a", "b")) == ()


def test_what_adds_up_and_what_is_a_share_is_known(explainer: Explainer) -> None:
    measures = "SUM(o.net_amount), AVG(o.net_amount), AVG(o.status = 'X'), COUNT(DISTINCT o.status)"
    sql = f"SELECT {measures} FROM orders o"
    found = explainer.headings(sql, ("a", "b", "c", "d"))
    assert [h.adds for h in found] == [True, False, False, False]
    assert [h.share for h in found] == [False, False, True, False]
