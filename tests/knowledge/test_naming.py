"""Names of tables and columns as words."""

import pytest

from knowledge.glossary import Term
from knowledge.naming import parts, short_forms, spelled


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cust_acct_opn_dt", "customer account open date"),
        ("CUST_ACCT_NO", "customer account number"),
        ("custAcctNo2", "customer account number 2"),
        ("HTTPStatus", "http status"),
        ("order date", "order date"),
        ("ptnt_dgns_cd", "patient diagnosis code"),
        ("schl_nm", "school name"),
        ("price", "price"),
        ("größe_txt", "größe text"),
        ("名前", "名前"),
        ("_id", "id"),
        ("", ""),
    ],
)
def test_a_name_is_spelled_out(name: str, words: str) -> None:
    assert spelled(name) == words


@pytest.mark.parametrize("name", ["tth_days", "xqzw", "abc"])
def test_what_could_be_anything_is_left_as_it_is(name: str) -> None:
    assert spelled(name) == " ".join(parts(name))


def test_the_short_forms_of_a_team_come_first() -> None:
    assert spelled("ord_no", {"ord": "works order"}) == "works order number"


def test_a_glossary_tells_its_short_forms() -> None:
    terms = (
        Term("opening day", "When it began.", ("open date",), column="accounts.opn_dt"),
        Term("ordinance", "A local law.", table="ord"),
        Term("price", "What it costs.", column="items.price"),
        Term("shop", "Where things are sold.", column="sales.outlet"),
    )
    assert short_forms(terms) == {"opn": "opening", "dt": "date", "ord": "ordinance"}
