"""Names that stand in the database, for questions that name a row, and where what is named belongs."""

from knowledge.database import Database
from training.written import in_quotes_of

MOST, MOST_PEOPLE = 2000, 3000


def values(database: Database, table: str, column: str) -> list[str]:
    """The different values of a column, sorted; of many some."""
    sql = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
    return sorted(str(row[0]) for row in _rows(database, sql, MOST))


def full_names(database: Database, table: str) -> list[str]:
    """First and last names together, sorted; of many some."""
    rows = _rows(database, f"SELECT first_name, last_name FROM {table}", MOST_PEOPLE)
    return sorted({f"{first} {last}" for first, last in rows if first and last})


def homes(database: Database, table: str, name: str, home: str) -> list[tuple[str, str]]:
    """Values of `name`, each with one of `home` in the same row: a city and its state; of many some."""
    sql = f"SELECT {name}, {home} FROM {table} WHERE {name} IS NOT NULL AND {home} IS NOT NULL"
    return sorted({(str(one), str(other)) for one, other in _rows(database, sql, MOST)})


def _rows(database: Database, sql: str, most: int) -> tuple[tuple[object, ...], ...]:
    return database.run(in_quotes_of(sql, database.dialect), max_rows=most).rows
