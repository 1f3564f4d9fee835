"""The conditions of a word that only an example explains hold where the word is asked for again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.agent import Agent
from graph.context import Context
from graph.meaning import meaning, with_meaning
from graph.outcome import Answered, Unanswered
from knowledge.examples import Example
from tests.graph.following import following, shop_context

WEBBIES = Example(
    "how many webbies in october",
    "SELECT COUNT(*) FROM orders WHERE channel = 'web' AND ordered_at >= '2025-10-01' AND "
    "ordered_at < '2025-11-01'",
    by="Nadia",
)
HELD = "o.channel = 'web'"


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = shop_context(tmp_path, WEBBIES, 0.4)
    yield made
    made.database.close()


def asked(context: Context, statement: str) -> Answered | Unanswered:
    outcome = Agent(replace(context, model=following(statement))).ask("webbies per month").outcome
    assert isinstance(outcome, Answered | Unanswered)
    return outcome


def test_a_date_of_the_question_is_no_part_of_the_words_meaning(context: Context) -> None:
    (rule,) = meaning(WEBBIES, {"webby", "webbie"}, context)
    assert rule.require == {"orders": "{t}.channel = 'web'"}


def test_what_another_word_names_is_no_part_of_it(context: Context) -> None:
    sql = (
        "SELECT COUNT(*) FROM orders o JOIN customers c ON c.customer_id = o.customer_id JOIN countries co "
        "ON co.country_id = c.country_id WHERE o.channel = 'web' AND co.name = 'Germany'"
    )
    found = meaning(Example("webbies in Germany", sql), {"webby", "webbie"}, context)
    assert [rule.require for rule in found] == [{"orders": "{t}.channel = 'web'"}]


def test_of_two_unknown_words_none_is_known_to_mean_it(context: Context) -> None:
    both = replace(WEBBIES, question="how many webbies with frobs in october")
    assert meaning(both, {"webby", "webbie"}, context) == ()


def test_the_condition_is_put_into_a_statement_that_lacks_it(context: Context) -> None:
    outcome = asked(context, "SELECT STRFTIME('%Y-%m', o.ordered_at), COUNT(*) FROM orders o GROUP BY 1")
    assert isinstance(outcome, Answered)
    assert outcome.sql.count(HELD) == 1


def test_a_statement_that_has_it_stays_as_it_is(context: Context) -> None:
    rules = meaning(WEBBIES, {"webby", "webbie"}, context)
    kept = with_meaning(f"SELECT COUNT(*) FROM orders AS o WHERE {HELD}", rules, context)
    assert kept.count(HELD) == 1


def test_a_statement_about_something_else_is_no_answer(context: Context) -> None:
    assert isinstance(asked(context, "SELECT COUNT(*) FROM customers c"), Unanswered)
