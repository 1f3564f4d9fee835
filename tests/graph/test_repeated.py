"""A list that holds one value twice is mended with what the question names."""

import pytest

from graph.checks import CheckContext, gate
from graph.repeated import repeated
from knowledge.clock import FrozenClock
from knowledge.link import Linked
from knowledge.schema import Column, Schema, Table
from knowledge.values import ValueHit
from tests.conftest import TODAY

SCHEMA = Schema("sqlite", (Table("orders", (Column("channel", "TEXT"), Column("size", "INTEGER"))),))
CONTEXT = CheckContext(SCHEMA, (), "", FrozenClock(TODAY))
HITS = tuple(
    ValueHit("orders", "channel", value, value, at, at + 3, 1.0, enum=True)
    for value, at in (("app", 0), ("web", 7), ("phone", 14))
)


def mended(condition: str, *hits: ValueHit) -> str:
    gated = gate(f"SELECT COUNT(*) FROM orders AS o WHERE {condition}", CONTEXT)
    found = repeated(gated, Linked("", "", (), hits), SCHEMA)
    assert found.sql is not None
    return found.sql.partition("WHERE ")[2]


@pytest.mark.parametrize(
    ("condition", "hits", "expected"),
    [
        ("o.channel IN ('web', 'web')", HITS[:2], "o.channel IN ('web', 'app')"),
        ("o.channel IN ('app', 'phone', 'phone')", HITS, "o.channel IN ('app', 'phone', 'web')"),
        ("o.channel IN ('web', 'web')", (), "o.channel IN ('web')"),
        ("NOT o.channel IN ('web', 'web')", HITS[:2], "NOT o.channel IN ('web', 'app')"),
        ("o.size IN (1, 1, 2)", HITS, "o.size IN (1, 2)"),
        ("o.channel IN ('web', 'app')", HITS, "o.channel IN ('web', 'app')"),
    ],
)
def test_a_repeat_becomes_what_the_question_names(
    condition: str, hits: tuple[ValueHit, ...], expected: str
) -> None:
    assert mended(condition, *hits) == expected


def test_the_mending_is_told() -> None:
    gated = gate("SELECT COUNT(*) FROM orders AS o WHERE o.channel IN ('web', 'web')", CONTEXT)
    (finding,) = repeated(gated, Linked("", "", (), HITS[:2]), SCHEMA).findings
    assert finding.mended
    assert str(finding).startswith("one value stands twice") or "twice" in str(finding)
