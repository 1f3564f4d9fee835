"""The tables of the feedback database. Migrations make them; this is what the code reads and writes."""

import sqlalchemy as sa

METADATA = sa.MetaData()

TURNS = sa.Table(
    "turns",
    METADATA,
    sa.Column("turn_id", sa.Integer, primary_key=True),
    sa.Column("thread", sa.String(64), nullable=False, index=True),
    sa.Column("asked_at", sa.DateTime, nullable=False, index=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("person", sa.String(64), nullable=False, server_default="", index=True),
    sa.Column("channel", sa.String(64), nullable=False, server_default=""),
    sa.Column("question_key", sa.String(32), nullable=False, server_default="", index=True),
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

PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
)

VOTES = sa.Table(
    "votes",
    METADATA,
    sa.Column("turn_id", sa.Integer, sa.ForeignKey("turns.turn_id"), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("up", sa.Boolean, nullable=False),
    sa.Column("voted_at", sa.DateTime, nullable=False, index=True),
)

CORRECTIONS = sa.Table(
    "corrections",
    METADATA,
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

REVIEWS = sa.Table(
    "reviews",
    METADATA,
    sa.Column("review_id", sa.Integer, primary_key=True),
    sa.Column(
        "correction_id",
        sa.Integer,
        sa.ForeignKey("corrections.correction_id"),
        nullable=False,
        index=True,
    ),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("reviewed_at", sa.DateTime, nullable=False),
    sa.Column("decision", sa.String(12), nullable=False),
    sa.Column("sql", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

LINEAGE = sa.Table(
    "lineage",
    METADATA,
    sa.Column("lineage_id", sa.Integer, primary_key=True),
    sa.Column(
        "correction_id",
        sa.Integer,
        sa.ForeignKey("corrections.correction_id"),
        nullable=False,
        index=True,
    ),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("linked_at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.UniqueConstraint("correction_id", "kind", "name"),
)

OWED = sa.Table(
    "owed",
    METADATA,
    sa.Column("owed_id", sa.Integer, primary_key=True),
    sa.Column("correction_id", sa.Integer, sa.ForeignKey("corrections.correction_id"), nullable=False),
    sa.Column("deed", sa.String(12), nullable=False),
    sa.Column("owed_at", sa.DateTime, nullable=False),
    sa.Column("done_at", sa.DateTime, index=True),
    sa.Column("payload", sa.Text, nullable=False, server_default=""),
)

NOTICES = sa.Table(
    "notices",
    METADATA,
    sa.Column("notice_id", sa.Integer, primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("correction_id", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("told_at", sa.DateTime),
)

DAYS = sa.Table(
    "days",
    METADATA,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("outcome", sa.String(16), primary_key=True),
    *(
        sa.Column(name, sa.Integer, nullable=False)
        for name in ("turns", "to_check", "repaired", "prompt_tokens", "written_tokens")
    ),
    *(sa.Column(name, sa.Float, nullable=False) for name in ("seconds", "model_seconds", "database_seconds")),
)

ASKED = sa.Table(
    "asked",
    METADATA,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("times", sa.Integer, nullable=False, index=True),
    sa.Column("unanswered", sa.Integer, nullable=False, index=True),
    sa.Column("last_at", sa.DateTime, nullable=False),
)

JOBS = sa.Table(
    "jobs",
    METADATA,
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

POSTS = sa.Table(
    "posts",
    METADATA,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("ref", sa.String(64), primary_key=True),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("thread", sa.String(64), nullable=False, server_default=""),
    sa.Column("ts", sa.String(64), nullable=False, server_default=""),
    sa.Column("shows", sa.String(32), nullable=False, server_default=""),
    sa.Column("begun_at", sa.DateTime, nullable=False),
    sa.Column("posted_at", sa.DateTime),
)

AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("audit_id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("deed", sa.String(24), nullable=False),
    sa.Column("turn_id", sa.Integer),
    sa.Column("detail", sa.Text, nullable=False, server_default=""),
)
