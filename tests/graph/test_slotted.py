"""A statement in slots: literals that the question names, and nothing else."""

from pathlib import Path

import pytest

from graph.canonical import NotCanonicalError
from graph.checks import CheckContext
from graph.slotted import slotted, without_rules
from tests.graph.followup_shop import make_shop


@pytest.mark.parametrize(
    ("question", "sql", "taught"),
    [
        (
            "top 2 channels by orders",
            "SELECT channel, COUNT(*) AS n FROM orders GROUP BY channel ORDER BY n DESC LIMIT 2",
            "SELECT o.channel, COUNT(*) FROM orders o GROUP BY 1 ORDER BY 2 DESC LIMIT <n1>",
        ),
        (
            "orders above 20 in october",
            "SELECT COUNT(*) FROM orders o WHERE o.amount > 20 AND "
            "o.ordered_at >= '2025-10-01' AND o.ordered_at < '2025-11-01'",
            "SELECT COUNT(*) FROM orders o WHERE o.amount > <n1> AND o.ordered_at >= <d1a> AND "
            "o.ordered_at < <d1b>",
        ),
    ],
)
def test_what_the_question_names_becomes_a_slot(tmp_path: Path, question: str, sql: str, taught: str) -> None:
    database, schema, linker = make_shop(tmp_path / "shop.sqlite")
    database.close()
    tree = without_rules(sql, CheckContext(schema))
    assert slotted(tree, linker.link(question), schema.dialect) == taught


def test_what_is_no_statement_is_told(tmp_path: Path) -> None:
    database, schema, _ = make_shop(tmp_path / "shop.sqlite")
    database.close()
    with pytest.raises(NotCanonicalError):
        without_rules("SELECT FROM WHERE", CheckContext(schema))
