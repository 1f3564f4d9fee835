"""Spider's questions: dev.json with `database/<db_id>/<db_id>.sqlite` beside it."""

from collections.abc import Sequence
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from evals.compare.order import sorts
from evals.suite.case import Case
from evals.suite.readers.records import Record, Source
from knowledge.yaml_file import shown_path

FOLDERS = ("database", "databases", "test_database", ".")


def load(path: Path, records: Sequence[Record], database: str = "") -> tuple[Case, ...]:
    """As Spider itself scores: order matters where the gold sorts. Raises SettingsError."""
    source = Source(path, database, FOLDERS)

    def case(record: Record) -> Case:
        name = source.text(record, "db_id")
        gold = source.text(record, "query")
        return Case(
            id=f"{path.stem}-{record.number:05d}",
            question=source.text(record, "question"),
            suite=path.stem,
            gold=(gold,),
            category=source.text(record, "hardness", required=False) or "spider",
            tags=(name,),
            ordered=is_sorted(gold),
            database=source.database(record, name),
            origin="spider",
            file=shown_path(path),
            line=record.line,
        )

    return source.cases(records, case)


def is_sorted(sql: str, dialect: str = "sqlite") -> bool:
    """Whether a query sorts its rows at its top level; a text that cannot be parsed does not."""
    if "order" not in sql.casefold():
        return False
    try:
        tree = sqlglot.parse_one(sql, dialect=dialect)
    except SqlglotError:
        return False
    return isinstance(tree, exp.Query) and sorts(tree)
