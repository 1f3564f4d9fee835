"""Which tables a question needs, by words, names and joins, beside their nearness in meaning."""

from knowledge.cards import Card
from knowledge.ranking import Ranking


def card(table: str, gist: str, *joins: str) -> Card:
    return Card(table, gist, table, gist, joins)


CARDS = (
    card("dim_cust", "dimension customer\nsegment code, region id", "dim_geo", "fct_ord"),
    card("dim_cust_bak", "dimension customer backup\nsegment code, region id"),
    card("cust_arch_2019", "customer archive 2019. archive of 2019\nsegment code, region id"),
    card("dim_geo", "dimension geography. Regions\ncountry name, city name", "dim_cust"),
    card("fct_ord", "fact order\ncustomer id, net amount", "dim_cust"),
    card("fct_ord_bak", "fact order backup\ncustomer id, net amount"),
    card("pyrl", "payroll\ngross pay amount"),
)
RANKING = Ranking(CARDS)


def first(question: str, **near: float) -> list[str]:
    return RANKING.order(question, near)


def test_every_table_is_ranked_once() -> None:
    assert sorted(first("customers by segment")) == sorted(card.table for card in CARDS)


def test_the_table_itself_comes_before_its_copies() -> None:
    ranked = first("customers by segment")
    assert ranked[0] == "dim_cust"
    assert ranked.index("dim_cust") < ranked.index("dim_cust_bak")


def test_a_copy_comes_first_where_the_question_names_it() -> None:
    assert first("customers by segment in the archive of 2019")[0] == "cust_arch_2019"
    assert first("customers in the backup")[0] == "dim_cust_bak"


def test_tables_that_are_joined_to_the_first_ones_come_along() -> None:
    assert "dim_geo" in first("net amount of orders by the segment of the customer")[:5]


def test_nearness_in_meaning_decides_where_no_word_is_known() -> None:
    assert first("wages", pyrl=0.9, fct_ord=0.2)[0] == "pyrl"


def test_a_question_without_a_known_word_is_no_error() -> None:
    assert len(first("xyzzy")) == len(CARDS)
    assert len(first("")) == len(CARDS)
