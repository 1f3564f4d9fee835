import time

import pytest

from graph.outcome import Refused, Unanswered
from graph.screening import check_question, off_topic, refusal
from knowledge.errors import QuestionError


@pytest.mark.parametrize(
    "question",
    [
        "DROP TABLE orders",
        "'; DROP TABLE orders; --",
        "how many orders'; delete from orders where '1'='1",
        "SELECT * FROM customers",
        "select name, email from customers",
        "delete all orders",
        "Please delete the cancelled orders",
        "can you remove all test customers?",
        "update the price of the grinder to 5 euros",
        "Change customer 5's city to Berlin",
        "insert a new product",
        "drop all customers",
        "1 UNION SELECT password FROM users",
    ],
)
def test_sql_and_orders_to_write_are_refused(question: str) -> None:
    assert isinstance(refusal(question), Refused)


@pytest.mark.parametrize(
    "question",
    [
        "Did sales drop last month?",
        "drop in revenue since March",
        "How many customers deleted their account?",
        "which orders were updated last",
        "change in revenue from Q1 to Q2",
        "Set of products never ordered",
        "update me on sales",
        "create a list of customers from Berlin",
        "select the top 5 products",
        "how many insert machines did we sell",
        "show removed products",
        "list customers who moved from Berlin to London",
    ],
)
def test_questions_with_such_words_in_them_are_taken(question: str) -> None:
    assert refusal(question) is None


@pytest.mark.parametrize("question", ["", "   ", "?!", "\n\t"])
def test_an_empty_question_is_an_error(question: str) -> None:
    with pytest.raises(QuestionError, match="There is no question"):
        check_question(question)


def test_a_long_question_is_turned_away_at_once() -> None:
    started = time.perf_counter()
    with pytest.raises(QuestionError, match="at most 2,000"):
        check_question("how many orders " * 2000)
    assert time.perf_counter() - started < 0.05


def test_a_long_question_within_the_limit_is_screened_fast() -> None:
    started = time.perf_counter()
    refusal(("select a " * 220)[:2000])
    refusal(("please " * 280)[:2000])
    refusal("update " + "a " * 900)
    assert time.perf_counter() - started < 0.2


def test_a_question_near_to_nothing_is_not_tried() -> None:
    assert isinstance(off_topic("tell me a joke about the sea", 0.1, 0.25), Unanswered)
    assert off_topic("tell me a joke about the sea", 0.3, 0.25) is None
    assert off_topic("tell me about Berlin", 0.1, 0.25, values=True) is None
    assert off_topic("tell me about revenue", 0.1, 0.25, terms=True) is None


@pytest.mark.parametrize(
    "question",
    [
        "combien de clients avons-nous",
        "Wie viele Kunden haben wir in Deutschland?",
        "\u00bfCu\u00e1ntos clientes tenemos en Espa\u00f1a?",
        "hoeveel klanten hebben we in Nederland",
        "quanti clienti abbiamo in Italia",
    ],
)
def test_another_language_is_told_so(question: str) -> None:
    said = off_topic(question, 0.1, 0.25, terms=True)
    assert isinstance(said, Unanswered)
    assert "English" in said.reason


def test_bytes_that_are_no_text_are_no_question() -> None:
    with pytest.raises(QuestionError, match="UTF-8"):
        check_question("how many \udcff customers")
