"""What an explanation says of a statement."""

import datetime as dt

import pytest

from graph.explain import AsOf, Explainer


def lines(explainer: Explainer, sql: str) -> list[str]:
    found = explainer.explain(sql).explanation
    return [f"{'  ' * s.depth}{s.name}: {s}" for s in found.sentences]


def test_a_metric_is_named_with_its_definition_and_unit_and_the_rules_by_name(explainer: Explainer) -> None:
    sql = """SELECT co.name, SUM(o.net_amount) FROM orders o
        JOIN customers cu ON cu.customer_id = o.customer_id
        JOIN countries co ON co.country_code = cu.country_code
        WHERE o.ordered_at >= '2025-10-01' AND o.ordered_at < '2025-11-01' AND o.status <> 'X'
        AND o.customer_id NOT IN (SELECT customer_id FROM customers WHERE is_test = 1)
        GROUP BY 1 ORDER BY 2 DESC LIMIT 5"""
    assert lines(explainer, sql) == [
        "Shows: revenue (sum of the net amounts of orders, EUR), for each country",
        "From: orders, their customers and the countries of those customers",
        "Only: ordered in October 2025",
        "Only: order status is not cancelled (X), by the rule no-cancelled",
        "Only: customer is none of the customers that are test, by the rule no-tests",
        "Order: revenue, highest first",
        "Rows: the first 5",
    ]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("o.status = 'P'", "order status is paid (P)"),
        ("o.status IN ('X', 'P')", "order status is one of cancelled (X), paid (P)"),
        ("o.net_amount > 1500", "net amount is over 1,500 EUR"),
        ("1500 < o.net_amount", "net amount is over 1,500 EUR"),
        ("o.net_amount BETWEEN 5 AND 10", "net amount is from 5 EUR to 10 EUR"),
        ("o.paid_at IS NULL", "unpaid order"),
        ("NOT o.paid_at IS NULL", "no unpaid order"),
        ("o.ordered_at < '2025-01-01'", "ordered before 1 January 2025"),
        ("o.ordered_at <= '2025-10-31'", "ordered on or before 31 October 2025, 0:00"),
        ("o.due_on BETWEEN '2025-10-01' AND '2025-10-31'", "due on in October 2025"),
        (
            "o.ordered_at BETWEEN '2025-10-01' AND '2025-10-31'",
            "ordered from 1 October 2025 up to 31 October 2025, 0:00",
        ),
        (
            "o.status = 'X' OR o.net_amount < 5",
            "either order status is cancelled (X) or net amount is under 5 EUR",
        ),
        ("NOT (o.net_amount > 5)", "not (net amount is over 5 EUR)"),
        ("STRFTIME('%w', o.ordered_at) IN ('0', '6')", "weekday ordered is one of Sunday, Saturday"),
        (
            "NOT EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.order_id AND i.quantity > 2)",
            "there is no order item of the order where quantity of the order item is over 2",
        ),
        (
            "o.net_amount > (SELECT AVG(net_amount) FROM orders)",
            "net amount is over the average of the net amounts of orders",
        ),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words(explainer: Explainer, condition: str, words: str) -> None:
    assert f"Only: {words}" in lines(explainer, f"SELECT COUNT(*) FROM orders o WHERE {condition}")


def test_what_has_no_words_is_shown_as_sql_and_never_left_out(explainer: Explainer) -> None:
    found = explainer.explain("SELECT COUNT(*) FROM orders o WHERE o.status GLOB 'P*' AND o.net_amount > 5")
    further = [s for s in found.explanation.sentences if s.part == "further"]
    assert [s.sql for s in further] == ["o.status GLOB 'P*'"]
    assert (found.explanation.predicates, found.explanation.in_sql) == (2, 1)
    assert "and a condition without words: o.status GLOB 'P*'" in found.explanation.text()


def test_steps_are_told_before_what_is_made_of_them(explainer: Explainer) -> None:
    sql = """WITH monthly AS (SELECT STRFTIME('%Y-%m', ordered_at) AS month, SUM(net_amount) AS made
        FROM orders WHERE status <> 'X' GROUP BY 1) SELECT AVG(made) FROM monthly WHERE month >= '2025-01'"""
    assert lines(explainer, sql) == [
        "First: a step called monthly",
        "  Shows: made = revenue (sum of the net amounts of orders, EUR), for each month ordered",
        "  From: orders",
        "  Only: order status is not cancelled (X), by the rule no-cancelled",
        "Shows: average of the made (EUR)",
        "From: the step monthly",
        "Only: month is at least 2025-01",
    ]


def test_both_sides_of_a_union_are_told(explainer: Explainer) -> None:
    said = lines(explainer, "SELECT name FROM countries WHERE region = 'A' UNION SELECT status FROM orders")
    assert said[0] == "Shows: The rows of 2 queries, one after the other, each once"
    assert "  Only: region is A" in said
    assert said.count("First: query 1") == 1


def test_the_second_copy_of_a_table_is_called_by_its_role(explainer: Explainer) -> None:
    sql = """SELECT m.first_name, m.last_name, COUNT(*) FROM employees e
        JOIN employees m ON m.employee_id = e.manager_id GROUP BY 1, 2"""
    assert lines(explainer, sql)[:2] == [
        "Shows: number of employees, for each manager",
        "From: employees and their managers",
    ]


def test_an_outer_join_and_its_own_condition_are_told(explainer: Explainer) -> None:
    sql = """SELECT c.customer_id, COUNT(o.order_id) FROM customers c
        LEFT JOIN orders o ON o.customer_id = c.customer_id AND o.net_amount > 5 GROUP BY 1"""
    said = lines(explainer, sql)
    assert "From: customers and their orders where there are any" in said
    assert "Only: orders count only where net amount of the order is over 5 EUR" in said


def test_rows_that_joins_multiply_are_pointed_out(explainer: Explainer) -> None:
    sql = "SELECT COUNT(*) FROM orders o, countries c WHERE c.region = 'A'"
    assert lines(explainer, sql)[1] == (
        "From: orders and every combination with countries; rows may repeat, once for each match"
    )


def test_a_count_is_new_customers_only_where_their_date_is_read(explainer: Explainer) -> None:
    assert lines(explainer, "SELECT COUNT(*) FROM customers")[0] == "Shows: number of customers"
    dated = "SELECT COUNT(*) FROM customers WHERE deleted_at >= '2025-01-01'"
    assert lines(explainer, dated)[0].startswith("Shows: new customers")


def test_the_day_that_today_means_and_the_end_of_the_data_are_told(explainer: Explainer) -> None:
    as_of = AsOf(dt.date(2025, 11, 14), zone="CET", reaches=lambda table, column: "2025-11-12 10:00:00")
    said = explainer.explain("SELECT COUNT(*) FROM orders WHERE ordered_at >= '2025-01-01'", as_of=as_of)
    assert str(said.explanation.sentences[-1]) == (
        "14 November 2025 (CET); the data has orders up to 12 November 2025"
    )


def test_what_cannot_be_parsed_is_shown_as_it_is(explainer: Explainer) -> None:
    assert explainer.explain("SELECT FROM WHERE (").explanation.sentences[0].sql == "SELECT FROM WHERE ("
