"""Questions that are the same but for small words, endings and slips; SQL that is the same tree."""

import pytest

from evals.suite.alike import alike, masked, near_places, plain
from evals.suite.same_sql import fingerprint
from graph.checks import CheckContext


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("how many orders are there in the shop", "how many orders are in the shop", True),
        ("list all the customers from berlin", "list all the custmers from berlin", True),
        ("how many sign ups this week", "how many signups this week", True),
        ("orders of customers in germany last month", "orders of customers in austria last month", False),
        (
            "customers who have paid their last invoice",
            "customers who have not paid their last invoice",
            False,
        ),
        ("how many orders in 2024 in all our shops", "how many orders in 2025 in all our shops", False),
        ("the 5 best of all 50 shops we have", "the 50 best of all 5 shops we have", False),
    ],
)
def test_near_questions_are_the_same_only_where_no_word_of_weight_differs(
    one: str, other: str, same: bool
) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same


def test_only_near_texts_are_looked_at_closely() -> None:
    known = [plain("How many orders are there in our shops?"), plain("Who works here?")]
    assert near_places([plain("how many orders are there in our shop")], known) == [(0, 0)]
    assert near_places([], known) == []


def test_a_mask_takes_out_numbers_and_values() -> None:
    assert masked(plain("Orders from New York in 2024"), ["new york"]) == "orders from # in #"


SAME = [
    (
        "SELECT s.name FROM staff s WHERE s.pay > 5 AND s.id = 1",
        "select NAME from Staff where 1 = id and 5 < pay",
    ),
    (
        "SELECT name, SUM(pay) AS p FROM staff GROUP BY 1 ORDER BY p DESC",
        "SELECT name, SUM(pay) FROM staff GROUP BY name ORDER BY 2 DESC",
    ),
    (
        "SELECT city FROM staff JOIN teams ON code = team WHERE pay > 1",
        "SELECT t.city FROM teams t, staff s WHERE s.team = t.code AND s.pay > 1",
    ),
    ("SELECT id FROM staff WHERE pay BETWEEN 1 AND 9", "SELECT id FROM staff WHERE pay >= 1 AND (pay <= 9)"),
    (
        "SELECT id FROM staff WHERE team IN ('A', 'B') OR id <> 1",
        "SELECT id FROM staff WHERE 1 != id OR team IN ('B', 'A')",
    ),
    (
        "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM staff s GROUP BY s.team) x",
        "SELECT MAX(y.n) FROM (SELECT COUNT(*) AS n FROM staff GROUP BY team) AS y",
    ),
]
OTHER = [
    ("SELECT id FROM staff WHERE name = 'Ann'", "SELECT id FROM staff WHERE name = 'ann'"),
    ("SELECT id FROM staff WHERE pay > 5", "SELECT id FROM staff WHERE pay >= 5"),
    ("SELECT id FROM staff WHERE pay > 5", "SELECT id FROM staff WHERE pay < 5"),
    ("SELECT id FROM staff ORDER BY pay", "SELECT id FROM staff ORDER BY pay DESC"),
    ("SELECT id, name FROM staff", "SELECT name, id FROM staff"),
    ("SELECT DISTINCT team FROM staff", "SELECT team FROM staff"),
    (
        "SELECT a.name FROM staff a JOIN staff b ON a.boss = b.id",
        "SELECT b.name FROM staff a JOIN staff b ON a.boss = b.id",
    ),
    (
        "SELECT name FROM staff LEFT JOIN teams ON code = team",
        "SELECT name FROM staff JOIN teams ON code = team",
    ),
    ("SELECT id FROM staff LIMIT 1", "SELECT id FROM staff LIMIT 2"),
    (
        "SELECT id FROM staff UNION SELECT code FROM teams",
        "SELECT id FROM staff UNION ALL SELECT code FROM teams",
    ),
    (
        "SELECT id FROM staff WHERE pay > 1 OR id = 1 AND boss = 2",
        "SELECT id FROM staff WHERE (pay > 1 OR id = 1) AND boss = 2",
    ),
    ("SELECT id FROM staff WHERE NOT pay > 1", "SELECT id FROM staff WHERE pay > 1"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_ways_of_writing_a_query_do_not_make_it_another(one: str, other: str, context: CheckContext) -> None:
    assert fingerprint(one, context.schema) == fingerprint(other, context.schema) != ""


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_a_query_means_makes_it_another(one: str, other: str, context: CheckContext) -> None:
    assert fingerprint(one, context.schema) != fingerprint(other, context.schema)


def test_what_is_no_sql_has_no_fingerprint(context: CheckContext) -> None:
    assert fingerprint("SELECT FROM WHERE (", context.schema) == ""
