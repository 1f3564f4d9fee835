"""Makes the variants of a database: the same schema, other rows, on which wrong SQL gives itself away."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from sqlalchemy import make_url

from evals.variants.clones import Cloner
from evals.variants.copies import COPIERS, Copier
from evals.variants.draft import Draft, learnt
from evals.variants.fingerprint import fingerprint
from evals.variants.focus import Focus
from evals.variants.habits import Habits
from evals.variants.looking import focuses
from evals.variants.operations import OPERATIONS
from evals.variants.reading import MOST_ROWS, MOST_ROWS_IN_ALL, read_snapshot
from evals.variants.roles import Roles
from evals.variants.snapshot import Snapshot
from evals.variants.thinning import thinned
from knowledge.database import Database
from knowledge.errors import DatabaseError, SettingsError
from knowledge.schema import Schema

Progress = Callable[[str], None]
FILES = ("sqlite", "duckdb")


def make_variants(
    database_url: str,
    schema: Schema,
    folder: Path,
    *,
    count: int = 2,
    seed: int = 0,
    progress: Progress | None = None,
    golds: Sequence[str] = (),
    into: str = "",
    named: str = "",
    most_rows: int = MOST_ROWS,
    most_rows_in_all: int = MOST_ROWS_IN_ALL,
) -> tuple[str, ...]:
    """Make `count` variants in `folder` and give their URLs; those made before are replaced.

    `golds` say what queries compare with: rows are put at and around it. The same database, seed and golds
    give the same rows. The database is only read. `into` is the server that takes the variants of a
    PostgreSQL database. `named` is the fingerprint under which `existing` finds them, by default the data's
    own. Raises DatabaseError or SettingsError.
    """
    copier = copier_of(schema.dialect)
    if schema.dialect == "postgres" and not into:
        raise SettingsError(
            "Variants of a PostgreSQL database are databases, too; name a server for them with --into URL."
        )
    tell = progress or _silent
    database = Database.open(database_url)
    url = database.url if schema.dialect in FILES else database_url
    try:
        tell("reading the database")
        whole = database.schema()
        facts = copier.facts(database, whole, url)
        snapshot = read_snapshot(database, whole, facts, most=most_rows, most_in_all=most_rows_in_all)
        named = named or fingerprint(url, database, whole)
        tell("looking at what holds in every row")
        known = learnt(snapshot)
        tell("looking at what the golds compare with")
        focused = focuses(golds, database, whole, snapshot)
    finally:
        database.close()
    folder.mkdir(parents=True, exist_ok=True)
    stem = stem_of(url)
    copier.remove(folder, stem)
    made = []
    for number in range(1, count + 1):
        tell(f"making variant {number} of {count}")
        part, aimed = _part(snapshot, focused, known, f"{seed}/{number}", number)
        draft = Draft.of(part, aimed, f"{seed}/{number}", known)
        copy = copier.copy(url, part, folder, into)
        try:
            for operation in OPERATIONS:
                copy.apply(operation(draft))
            made.append(copy.finish(f"{stem}-{named}-{number}"))
        except BaseException:
            copy.drop()
            raise
    return tuple(made)


def _part(
    snapshot: Snapshot, focused: list[Focus], known: tuple[Roles, Habits], seed: str, number: int
) -> tuple[Snapshot, list[Focus]]:
    """The rows that a variant starts from: all of them, or, for every other variant, a part."""
    if number % 2 == 0:
        return snapshot, focused
    rng = Random(f"{seed}/part")
    return thinned(snapshot, focused, Cloner(snapshot, *known, rng), rng)


def existing(folder: Path, named: str) -> tuple[str, ...]:
    """The URLs of the finished variants that belong to a database's fingerprint, in order."""
    return tuple(url for copier in COPIERS.values() for url in copier.existing(folder, named))


def copier_of(dialect: str) -> Copier:
    """Raises DatabaseError for a database of which no variants can be made."""
    if dialect not in COPIERS:
        raise DatabaseError(
            "Variants can be made of SQLite, DuckDB and PostgreSQL databases; MySQL is not supported."
        )
    return COPIERS[dialect]


def stem_of(url: str) -> str:
    """How the variants of a database begin: the name of its file, or of the database."""
    name = make_url(url).database or "database"
    return Path(name).stem


def _silent(words: str) -> None:
    pass
