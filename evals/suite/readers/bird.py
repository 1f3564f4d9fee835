"""BIRD's questions: dev.json or mini-dev's, with `dev_databases/<db_id>/<db_id>.sqlite` beside it."""

from collections.abc import Sequence
from pathlib import Path

from evals.suite.case import Case
from evals.suite.readers.records import Record, Source
from knowledge.yaml_file import shown_path

FOLDERS = ("dev_databases", "train_databases", "databases", "database", "../dev_databases", ".")


def load(path: Path, records: Sequence[Record], database: str = "") -> tuple[Case, ...]:
    """As BIRD itself scores: no order matters. Its difficulty is the category. Raises SettingsError."""
    source = Source(path, database, FOLDERS)

    def case(record: Record) -> Case:
        name = source.text(record, "db_id")
        number = source.text(record, "question_id", required=False) or str(record.number)
        return Case(
            id=f"{path.stem}-{number}",
            question=source.text(record, "question"),
            suite=path.stem,
            evidence=source.text(record, "evidence", required=False),
            gold=(source.text(record, "SQL"),),
            category=source.text(record, "difficulty", required=False) or "bird",
            tags=(name,),
            database=source.database(record, name),
            origin="bird",
            file=shown_path(path),
            line=record.line,
        )

    return source.cases(records, case)
