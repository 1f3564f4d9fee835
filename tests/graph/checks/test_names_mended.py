"""Wrong names: mended where one thing can be meant, by letters, words, the glossary or a join; else told."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

import assistant.demo
from evals.suite.case import load_suite
from graph.checks import CheckContext, gate
from graph.checks.near_names import only_near
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.glossary import load_glossary
from knowledge.rules import Rule

WORKSPACE = Path(assistant.demo.__file__).parent / "workspace"
Asked = Callable[..., CheckContext]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("SELECT net_amont FROM orders", "SELECT net_amount FROM orders"),
        ("SELECT amount_net FROM orders", "SELECT net_amount FROM orders"),
        ("SELECT qty FROM order_items", "SELECT quantity FROM order_items"),
        ("SELECT order_status FROM orders", "SELECT status FROM orders"),
        ("SELECT c.customer_city FROM customers AS c", "SELECT c.city FROM customers AS c"),
        ("SELECT COUNT(*) FROM sales", "SELECT COUNT(*) FROM orders AS sales"),
        ("SELECT COUNT(*) FROM custmers", "SELECT COUNT(*) FROM customers AS custmers"),
        (
            "SELECT o.city FROM orders AS o",
            "SELECT cu.city FROM orders AS o JOIN customers AS cu ON o.customer_id = cu.customer_id",
        ),
        (
            "SELECT budget FROM orders AS o",
            "SELECT ca.budget FROM orders AS o LEFT JOIN campaigns AS ca ON o.campaign_id = ca.campaign_id",
        ),
        (
            "SELECT cu.city, COUNT(*) FROM orders AS o GROUP BY cu.city",
            "SELECT cu.city, COUNT(*) FROM orders AS o JOIN customers AS cu ON o.customer_id = cu.customer_id"
            " GROUP BY cu.city",
        ),
        (
            "SELECT i.order_item_id FROM order_items AS i WHERE i.city = 'Berlin'",
            "SELECT i.order_item_id FROM order_items AS i JOIN orders AS o ON i.order_id = o.order_id"
            " JOIN customers AS cu ON o.customer_id = cu.customer_id WHERE cu.city = 'Berlin'",
        ),
        (
            "SELECT n FROM (SELECT city AS n FROM orders AS o) AS x",
            "SELECT n FROM (SELECT cu.city AS n FROM orders AS o"
            " JOIN customers AS cu ON o.customer_id = cu.customer_id) AS x",
        ),
    ],
)
def test_a_name_that_can_mean_one_thing_is_mended(
    wrong: str, right: str, asked: Asked, roastery: Database
) -> None:
    context = asked()
    aliases = context.schema.aliases
    expected = right.replace("ca.", f"{aliases['campaigns']}.").replace(
        "AS ca ", f"AS {aliases['campaigns']} "
    )
    expected = expected.replace("cu.", f"{aliases['customers']}.").replace(
        "AS cu ", f"AS {aliases['customers']} "
    )
    found = gate(wrong.replace("cu.", f"{aliases['customers']}."), context)
    assert found.sql is not None, found.why
    assert [f.mended for f in found.findings if f.check == "names"]
    same = (sqlglot.parse_one(text, dialect="sqlite").sql() for text in (found.sql, expected))
    assert len(set(same)) == 1, found.sql
    roastery.run(found.sql)


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT o.amount FROM orders AS o", "perhaps"),
        ("SELECT o.name FROM orders AS o", "has it, with"),
        ("SELECT c.status FROM customers AS c", "orders has it, with"),
        (
            "SELECT c.status, o.x FROM customers AS c JOIN tickets AS o ON o.customer_id = c.customer_id",
            "o has no",
        ),
        ("SELECT zzz FROM orders", "use a name from the schema"),
        ("SELECT * FROM zzz", "use a name from the schema"),
    ],
)
def test_a_name_that_may_mean_several_or_multiply_rows_is_told(sql: str, says: str, asked: Asked) -> None:
    found = gate(sql, asked())
    assert found.sql is None
    assert says in found.why


def test_no_mend_leads_to_a_forbidden_column(asked: Asked) -> None:
    rule = Rule("no-mail", "No addresses.", forbid=("customers.email",))
    found = gate("SELECT o.email FROM orders AS o", asked("", rule))
    assert found.sql is None


def test_a_row_without_the_optional_table_is_not_lost(asked: Asked, roastery: Database) -> None:
    found = gate("SELECT o.order_id, o.budget FROM orders AS o", asked())
    assert found.sql is not None
    assert len(roastery.run(found.sql).rows) == 5


def test_a_lookalike_is_not_chosen_over_another() -> None:
    assert only_near("paid_on", ["paid_at", "paid_by"]) is None


@pytest.fixture(scope="module")
def kestrel_context(kestrel: Path) -> Iterator[CheckContext]:
    database = Database.open(str(kestrel))
    schema = database.schema()
    terms = load_glossary(WORKSPACE / "knowledge" / "glossary.yaml", schema)
    yield CheckContext(schema, (), "", FrozenClock(dt.date(2025, 11, 14)), terms)
    database.close()


def corrupted(name: str) -> Iterator[str]:
    """A letter lost, two letters swapped, the words turned round."""
    if len(name) > 5:
        yield name[:3] + name[4:]
        yield name[:2] + name[3] + name[2] + name[4:]
    if name.count("_") == 1:
        yield "_".join(reversed(name.split("_")))


def test_hardly_a_corrupted_name_of_a_gold_becomes_another(kestrel_context: CheckContext) -> None:
    counts = Counter[str]()
    for path in sorted((WORKSPACE / "evals").glob("dev*.yaml")):
        for sql in [gold for case in load_suite(path) for gold in case.golds][::6]:
            whole = gate(sql, kestrel_context)
            tree = sqlglot.parse_one(sql, dialect="sqlite")
            names = {column.name for column in tree.find_all(exp.Column)}
            for name in sorted(names):
                for wrong in corrupted(name):
                    broken = tree.copy()
                    for column in broken.find_all(exp.Column):
                        if column.name == name:
                            column.set("this", exp.to_identifier(wrong))
                    found = gate(broken.sql("sqlite"), kestrel_context)
                    mended = found.sql is not None
                    counts["left" if not mended else "right" if found.sql == whole.sql else "wrong"] += 1
    assert counts.total() > 300
    assert counts["wrong"] <= 0.01 * counts.total(), counts
    assert counts["right"] >= 0.6 * counts.total(), counts
