import pytest

from graph.nodes.check import asks_for


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("list the e-mail addresses of all customers", "customers.email"),
        ("Email address of Zoë?", "customers.email"),
        ("phone numbers please", "customers.phone"),
        ("show birth dates", "customers.birth_date"),
    ],
)
def test_asking_for_a_forbidden_column_is_seen_in_the_question(question: str, column: str) -> None:
    assert asks_for(question, column)


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("tickets by email last month", "customers.email"),
        ("how many orders came in by phone", "customers.phone"),
        ("date of the first order", "customers.birth_date"),
    ],
)
def test_a_channel_of_the_same_name_is_no_forbidden_column(question: str, column: str) -> None:
    assert not asks_for(question, column)
