"""Votes, corrections, reviews and what comes of them; what a turn's record says stands in columns too."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TURN_COLUMNS = (
    sa.Column("person", sa.String(64), nullable=False, server_default=""),
    sa.Column("channel", sa.String(64), nullable=False, server_default=""),
    sa.Column("question_key", sa.String(32), nullable=False, server_default=""),
    sa.Column("kind", sa.String(16), nullable=False, server_default=""),
    sa.Column("sql", sa.Text, nullable=False, server_default=""),
    sa.Column("model", sa.String(80), nullable=False, server_default=""),
    sa.Column("release", sa.String(16), nullable=False, server_default=""),
    sa.Column("source", sa.String(16), nullable=False, server_default=""),
    sa.Column("confidence", sa.Float),
    sa.Column("to_check", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("seconds", sa.Float, nullable=False, server_default="0"),
    sa.Column("model_seconds", sa.Float, nullable=False, server_default="0"),
    sa.Column("database_seconds", sa.Float, nullable=False, server_default="0"),
    sa.Column("prompt_tokens", sa.Integer, nullable=False, server_default="0"),
    sa.Column("written_tokens", sa.Integer, nullable=False, server_default="0"),
    sa.Column("repairs", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rows", sa.Integer),
)


def upgrade() -> None:
    for column in TURN_COLUMNS:
        op.add_column("turns", column.copy())
    op.create_index("ix_turns_asked_at", "turns", ["asked_at"])
    op.create_index("ix_turns_person", "turns", ["person"])
    op.create_index("ix_turns_question_key", "turns", ["question_key"])
    op.create_table(
        "people",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
    )
    op.create_table(
        "votes",
        sa.Column("turn_id", sa.Integer, sa.ForeignKey("turns.turn_id"), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("up", sa.Boolean, nullable=False),
        sa.Column("voted_at", sa.DateTime, nullable=False, index=True),
    )
    op.create_table(
        "corrections",
        sa.Column("correction_id", sa.Integer, primary_key=True),
        sa.Column("turn_id", sa.Integer, sa.ForeignKey("turns.turn_id"), nullable=False, index=True),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("was", sa.Text, nullable=False),
        sa.Column("sql", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("cause", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, index=True),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("topic", sa.Integer, nullable=False, index=True),
        sa.Column("rank", sa.Float, nullable=False, server_default="0", index=True),
        sa.Column("vector", sa.LargeBinary),
        sa.Column("result_group", sa.String(64), nullable=False, server_default=""),
    )
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.Integer, primary_key=True),
        _correction(index=True),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("reviewed_at", sa.DateTime, nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("sql", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "lineage",
        sa.Column("lineage_id", sa.Integer, primary_key=True),
        _correction(index=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("linked_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.UniqueConstraint("correction_id", "kind", "name"),
    )
    op.create_table(
        "owed",
        sa.Column("owed_id", sa.Integer, primary_key=True),
        _correction(),
        sa.Column("deed", sa.String(12), nullable=False),
        sa.Column("owed_at", sa.DateTime, nullable=False),
        sa.Column("done_at", sa.DateTime, index=True),
        sa.Column("payload", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Integer, primary_key=True),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("correction_id", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("told_at", sa.DateTime),
    )
    counts = ("turns", "to_check", "repaired", "prompt_tokens", "written_tokens")
    times = ("seconds", "model_seconds", "database_seconds")
    op.create_table(
        "days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("outcome", sa.String(16), primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        *(sa.Column(name, sa.Float, nullable=False) for name in times),
    )
    op.create_table(
        "asked",
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False, index=True),
        sa.Column("unanswered", sa.Integer, nullable=False, index=True),
        sa.Column("last_at", sa.DateTime, nullable=False),
    )


def _correction(*, index: bool = False) -> "sa.Column[int]":
    key = sa.ForeignKey("corrections.correction_id")
    return sa.Column("correction_id", sa.Integer, key, nullable=False, index=index)


def downgrade() -> None:
    for table in ("asked", "days", "notices", "owed", "lineage", "reviews", "corrections", "votes", "people"):
        op.drop_table(table)
    op.drop_index("ix_turns_question_key", "turns")
    op.drop_index("ix_turns_person", "turns")
    op.drop_index("ix_turns_asked_at", "turns")
    with op.batch_alter_table("turns") as turns:
        for column in TURN_COLUMNS:
            turns.drop_column(column.name)
