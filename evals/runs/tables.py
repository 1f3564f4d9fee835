"""The tables of the store, and the version of their shape."""

import sqlalchemy as sa

from knowledge.errors import SettingsError

VERSION = 1
METADATA = sa.MetaData()
STORE = sa.Table("evals_store", METADATA, sa.Column("version", sa.Integer, primary_key=True))
RUNS = sa.Table(
    "evals_runs",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("setup", sa.String(64), nullable=False),
    sa.Column("suites", sa.Text, nullable=False),
    sa.Column("started", sa.DateTime, nullable=False),
    sa.Column("finished", sa.DateTime),
    sa.Column("info", sa.Text, nullable=False),
)
SCORES = sa.Table(
    "evals_scores",
    METADATA,
    sa.Column("run", sa.ForeignKey("evals_runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("suite", sa.Text, primary_key=True),
    sa.Column("case", sa.Text, primary_key=True),
    sa.Column("repeat", sa.Integer, primary_key=True),
    sa.Column("place", sa.Integer),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("right", sa.Boolean, nullable=False),
    sa.Column("presented", sa.Boolean, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("score", sa.Text, nullable=False),
)


def prepare(engine: sa.Engine) -> None:
    """Make the tables where there are none. Raises SettingsError for those of another version.

    Another process may be making them just now, so a failure is tried again.
    """
    try:
        _prepare(engine)
    except sa.exc.DatabaseError:
        _prepare(engine)


def _prepare(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        METADATA.create_all(connection)
        version = connection.execute(sa.select(STORE.c.version)).scalar()
        if version is None:
            connection.execute(STORE.insert().values(version=VERSION))
        elif version != VERSION:
            raise SettingsError(
                f"{engine.url} was made by another version of Quarry (its shape is {version}, this one reads "
                f"{VERSION}); use that version, or move the store away and a new one is made."
            )
