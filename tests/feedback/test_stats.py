"""What the log says about quality, what leaves it, and what is put together."""

import datetime as dt

import numpy as np
import pytest

from feedback.clusters import by_words, clusters
from feedback.corrections import Draft
from feedback.export import training_rows, turn_rows
from feedback.log import Feedback
from feedback.people import Person
from feedback.query_type import query_type
from feedback.retention import forget
from feedback.stats import Often, stats
from tests.feedback.conftest import SALES, Ask, answered

TODAY = dt.date(2026, 3, 10)
ADA, OWNER = Person("U1", "Ada Lovelace"), Person("O1", "Olga")
BY_MONTH = "SELECT STRFTIME('%Y-%m', ordered_at), SUM(amount) FROM orders GROUP BY 1"


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (SALES, "figure"),
        ("SELECT 100.0 * SUM(a) / COUNT(*) FROM t", "figure"),
        ("SELECT name FROM customers", "list"),
        ("SELECT name, ROW_NUMBER() OVER (ORDER BY a) FROM t", "list"),
        ("SELECT country, COUNT(*) FROM t GROUP BY country", "breakdown"),
        (BY_MONTH, "trend"),
        ("SELECT DATE(at) AS day, COUNT(*) FROM t GROUP BY day", "trend"),
        ("SELECT name FROM t ORDER BY a DESC LIMIT 5", "ranking"),
        ("SELECT SUM(CASE WHEN a THEN 1 END), SUM(CASE WHEN b THEN 1 END) FROM t", "comparison"),
        ("SELECT 1 UNION SELECT 2", "comparison"),
        ("nonsense (", "other"),
    ],
)
def test_types_of_queries(sql: str, kind: str) -> None:
    assert query_type(sql, "sqlite") == kind


def test_quality_by_type_within_the_days(log: Feedback, ask: Ask) -> None:
    yesterday, long_ago = dt.datetime(2026, 3, 9, 8), dt.datetime(2025, 1, 1)
    figure = ask("sales", at=yesterday)
    log.turns.add("t", "by month", "answered", answered(BY_MONTH, 0.4, check=True), at=yesterday)
    log.turns.add("t", "who churned", "unanswered", {}, at=yesterday)
    ask("sales", at=long_ago)
    log.votes.cast(figure, ADA, up=True)
    kept = log.corrections.submit(Draft(figure, OWNER, "SELECT 1"))
    log.reviews.approve(kept.correction_id, OWNER)
    found = stats(log.database, TODAY, days=7)
    assert (found.turns, found.to_check, found.outcomes) == (3, 1, {"answered": 2, "unanswered": 1})
    assert [(d.day, d.turns, d.answered) for d in found.series] == [(dt.date(2026, 3, 9), 3, 2)]
    assert found.asked[0] == Often("sales", 2)
    assert found.unanswered == (Often("who churned", 1),)
    assert found.corrected == (Often("sales", 1),)
    assert found.waiting == 0
    types = {one.kind: one for one in stats(log.database, dt.date.today(), days=10_000).types}
    assert (types["figure"].turns, types["figure"].up, types["figure"].down) == (2, 1, 1)
    assert (types["figure"].corrected, types["trend"].to_check) == (1, 1)


def test_an_empty_log_has_no_quality(log: Feedback) -> None:
    found = stats(log.database, TODAY)
    assert (found.turns, found.series, found.timing.median) == (0, (), 0.0)


def test_what_people_miss_is_put_together() -> None:
    asked = [Often("who churned", 3), Often("blood type", 2), Often("churned customers", 4)]
    directions = {"who": 0, "blood": 1, "churned": 0}

    def embed(texts: list[str]) -> np.ndarray:
        return np.eye(2, dtype=np.float32)[[directions[text.split()[0]] for text in texts]]

    found = clusters(asked, embed)
    assert [(c.question, c.times) for c in found] == [("who churned", 7), ("blood type", 2)]
    assert clusters([], embed) == []


def test_old_turns_leave_and_corrected_ones_stay(log: Feedback, ask: Ask) -> None:
    old = dt.datetime(2025, 1, 1)
    gone, kept = ask("a", at=old), ask("b", at=old)
    ask("c", at=dt.datetime(2026, 3, 1))
    log.votes.cast(gone, ADA, up=True)
    log.corrections.submit(Draft(kept, ADA, "SELECT 1"))
    assert forget(log.database, dt.date(2026, 1, 1)) == 1
    assert [turn.question for turn in log.turns.recent()] == ["c", "b"]
    assert stats(log.database, TODAY, days=10_000).turns == 3


def test_training_rows_say_where_they_come_from_and_name_nobody(log: Feedback, ask: Ask) -> None:
    turn = ask("orders of ada lovelace (ada@shop.de)?", person=ADA)
    kept = log.corrections.submit(Draft(turn, ADA, "SELECT 2", "ask Olga, she knows", "filter"))
    other = log.corrections.submit(Draft(ask("open"), ADA, "SELECT 3"))
    log.reviews.approve(kept.correction_id, OWNER)
    (row,) = training_rows(log.database)
    assert row["question"] == "orders of someone (someone@example.com)?"
    assert (row["sql"], row["wrong"], row["cause"]) == ("SELECT 2", SALES, "filter")
    assert row["comment"] == "ask someone, she knows"
    assert (row["correction"], row["turn"]) == (str(kept.correction_id), str(turn))
    assert other.state == "open"


@pytest.mark.parametrize("count", [0, 3])
def test_every_turn_is_a_row_with_its_thumbs(
    log: Feedback, ask: Ask, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.export.BATCH", 2)
    turns = [ask(str(number)) for number in range(count)]
    for turn in turns[:1]:
        log.votes.cast(turn, ADA, up=True)
        log.votes.cast(turn, OWNER, up=False)
    rows = list(turn_rows(log.database))
    assert [(row["question"], row["up"], row["down"]) for row in rows] == [
        (str(number), int(number == 0), int(number == 0)) for number in range(count)
    ]
    assert all("record" not in row for row in rows)


def test_wordings_that_share_their_rare_words_are_one_cluster() -> None:
    asked = [
        Often("what is the churn rate", 7),
        Often("what was churn rate in May", 4),
        Often("what is the weather", 1),
    ]

    found = by_words(asked)

    assert [(one.question, one.times) for one in found] == [
        ("what is the churn rate", 11),
        ("what is the weather", 1),
    ]
