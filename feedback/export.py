"""What leaves the log: one row a turn for analysis, and what training eats, without personal data."""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from feedback.corrections import correction
from feedback.database import FeedbackDatabase
from feedback.tables import CORRECTIONS, PEOPLE, REVIEWS, TURNS, VOTES

BATCH = 5000
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LEFT_OUT = ("record", "question_key")


def turn_rows(database: FeedbackDatabase) -> Iterator[dict[str, Any]]:
    """Every turn with its thumbs, oldest first: the columns of the log, but not the whole record."""
    up = sa.func.coalesce(sa.func.sum(sa.case((VOTES.c.up, 1), else_=0)), 0)
    columns = [column for column in TURNS.c if column.name not in _LEFT_OUT]
    last = 0
    while True:
        wanted = (
            sa.select(*columns, up.label("up"), (sa.func.count(VOTES.c.person) - up).label("down"))
            .outerjoin(VOTES, VOTES.c.turn_id == TURNS.c.turn_id)
            .where(TURNS.c.turn_id > last)
            .group_by(*columns)
            .order_by(TURNS.c.turn_id)
            .limit(BATCH)
        )
        with database.read() as connection:
            rows = connection.execute(wanted).all()
        if not rows:
            return
        for row in rows:
            yield dict(row._mapping)
        last = rows[-1].turn_id


def training_rows(database: FeedbackDatabase) -> Iterator[dict[str, str]]:
    """Approved corrections: question, right SQL, wrong SQL, cause and where they come from; each pair once.

    Names of people who are known to the log, and mail addresses, are replaced by 'someone' and
    'someone@example.com': in questions and comments alone, for a name within SQL is a value of the data.
    """
    approved = (
        sa.select(CORRECTIONS, REVIEWS.c.sql.label("right"), REVIEWS.c.reviewed_at)
        .join(REVIEWS, REVIEWS.c.correction_id == CORRECTIONS.c.correction_id)
        .where(CORRECTIONS.c.state == "approved", REVIEWS.c.decision == "approved")
        .order_by(CORRECTIONS.c.correction_id, REVIEWS.c.review_id.desc())
    )
    with database.read() as connection:
        names = [row.name for row in connection.execute(PEOPLE.select())]
        rows = connection.execute(approved).all()
    seen: set[tuple[str, str]] = set()
    for row in rows:
        found, question = correction(row), anonymous(row.question, names)
        if (question, row.right) in seen:
            continue
        seen.add((question, row.right))
        yield {
            "question": question,
            "sql": row.right,
            "wrong": found.was,
            "cause": found.cause,
            "comment": anonymous(found.comment, names),
            "correction": str(found.correction_id),
            "turn": str(found.turn_id),
            "approved_on": row.reviewed_at.date().isoformat(),
        }


def anonymous(text: str, names: list[str]) -> str:
    """Without mail addresses and the given names, whole or a part of them of three letters and more.

    >>> anonymous("Ada Lovelace asks for bob@shop.de", ["Ada Lovelace"])
    'someone asks for someone@example.com'
    """
    text = _MAIL.sub("someone@example.com", text)
    parts = {part for name in names for part in (name, *name.split()) if len(part) > 2}
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(part)}\b", "someone", text, flags=re.IGNORECASE)
    return re.sub(r"\bsomeone(?: someone)+\b", "someone", text)
