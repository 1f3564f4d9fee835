"""One row where the database has several equal ones would hide the others."""

from pathlib import Path

import pytest

from graph.outcome import Answered
from graph.ties import with_ties
from knowledge.examples import Example
from knowledge.link import Linked
from tests.graph.following import shop_context

GROUPED = (
    "SELECT c.name FROM orders o JOIN customers c ON c.customer_id = o.customer_id GROUP BY c.name "
    "ORDER BY {} DESC LIMIT 1"
)
COUNTED = GROUPED.format(2).replace("SELECT c.name", "SELECT c.name, COUNT(*)")


def answered(folder: Path, sql: str, question: str = "who ordered most") -> Answered:
    context = shop_context(folder, Example("orders", "SELECT COUNT(*) FROM orders"), 0.5)
    try:
        linked: Linked = context.retriever.linker.link(question)
        return with_ties(Answered(sql, context.database.run(sql), 0.9), linked, context)
    finally:
        context.database.close()


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        (GROUPED.format("COUNT(*)"), [("Ada Byron",), ("Max Planck",)]),
        (COUNTED, [("Ada Byron", 2), ("Max Planck", 2)]),
        ("SELECT o.order_id FROM orders o ORDER BY o.product_id LIMIT 1", [(1,), (4,), (5,)]),
    ],
)
def test_all_rows_of_the_first_place_are_shown_and_told(
    tmp_path: Path, sql: str, rows: list[tuple[object, ...]]
) -> None:
    found = answered(tmp_path, sql)
    assert sorted(found.result.rows) == rows
    assert found.sql.endswith(f"LIMIT {len(rows)}")
    assert found.notes == (f"{len(rows)} share the first place, so all of them are shown.",)


@pytest.mark.parametrize(
    ("sql", "question"),
    [
        (GROUPED.format("SUM(o.amount)"), "who ordered most"),
        (GROUPED.format("COUNT(*)"), "top 1 customer by orders"),
        ("SELECT o.product_id FROM orders o ORDER BY o.product_id LIMIT 1", "lowest product number"),
        ("SELECT COUNT(*) FROM orders o", "how many orders"),
        ("SELECT o.order_id FROM orders o ORDER BY o.product_id LIMIT 1 OFFSET 1", "the second"),
    ],
    ids=["no tie", "one is asked for", "all look alike", "nothing is sorted", "not the first"],
)
def test_an_answer_without_ties_stays_as_it_is(tmp_path: Path, sql: str, question: str) -> None:
    found = answered(tmp_path, sql, question)
    assert (found.sql, len(found.result.rows), found.notes) == (sql, 1, ())
