"""Questions that wait for an answer, what was posted of them, and who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.Integer, primary_key=True),
        sa.Column("event", sa.String(64), unique=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("ts", sa.String(64), nullable=False),
        sa.Column("thread", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(160), nullable=False, index=True),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False, index=True),
        sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("worker", sa.String(64), nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("claimed_at", sa.DateTime),
        sa.Column("beat_at", sa.DateTime),
        sa.Column("done_at", sa.DateTime),
        sa.Column("turn_id", sa.Integer, index=True),
        sa.UniqueConstraint("channel", "ts"),
    )
    op.create_table(
        "posts",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("thread", sa.String(64), nullable=False, server_default=""),
        sa.Column("ts", sa.String(64), nullable=False, server_default=""),
        sa.Column("shows", sa.String(32), nullable=False, server_default=""),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("posted_at", sa.DateTime),
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("deed", sa.String(24), nullable=False),
        sa.Column("turn_id", sa.Integer),
        sa.Column("detail", sa.Text, nullable=False, server_default=""),
    )
