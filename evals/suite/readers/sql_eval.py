"""SQL-Eval's question files: a CSV with a header, the golds written with braces and semicolons."""

import csv
import re
from pathlib import Path

from evals.suite.case import Case
from evals.suite.gold import alternatives
from evals.suite.readers.records import Record, Source
from evals.suite.readers.spider import is_sorted
from knowledge.errors import SettingsError
from knowledge.names import hint
from knowledge.yaml_file import shown_path

FOLDERS = ("databases", "database", ".")
NEEDED = ("db_name", "query_category", "question", "query")
_DIALECTS = {"postgres": "postgres", "bigquery": "bigquery", "snowflake": "snowflake", "tsql": "tsql"}
_ASKS_FOR_ORDER = re.compile(r"\b(order|sort|rank|arrange)(s|ed|ing)?\b", re.IGNORECASE)


def load(path: Path, database: str = "") -> tuple[Case, ...]:
    """Order matters where the category or the question says so and a gold sorts. Raises SettingsError."""
    records = _records(path)
    source = Source(path, database, FOLDERS)

    def case(record: Record) -> Case:
        name = source.text(record, "db_name")
        question, category = source.text(record, "question"), source.text(record, "query_category")
        query = source.text(record, "query")
        return Case(
            id=f"{path.stem}-{record.number:04d}",
            question=question,
            suite=path.stem,
            evidence=_evidence(source, record),
            gold=(query,),
            category=category,
            tags=(name,),
            ordered=_ordered(query, question, category, source.text(record, "db_type", required=False)),
            database=source.database(record, name),
            origin="sql-eval",
            file=shown_path(path),
            line=record.line,
        )

    return source.cases(records, case)


def _records(path: Path) -> tuple[Record, ...]:
    """The rows below the header. Raises SettingsError."""
    name = shown_path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = list(reader.fieldnames or ())
            for needed in NEEDED:
                if needed not in columns:
                    remedy = hint(needed, columns) or f"SQL-Eval's files have {', '.join(NEEDED)}"
                    raise SettingsError(f"{name}, line 1: the column `{needed}` is missing; {remedy}.")
            found, line = [], reader.line_num
            for number, fields in enumerate(reader, start=1):
                found.append(Record(number, line + 1, fields))
                line = reader.line_num
    except UnicodeDecodeError:
        raise SettingsError(f"{name} is not UTF-8 text; save it as UTF-8.") from None
    except csv.Error as error:
        raise SettingsError(
            f"{name}, line {reader.line_num}: this is not valid CSV ({error}); mend it."
        ) from None
    except OSError as error:
        raise SettingsError(f"{name} cannot be read ({error.strerror}); correct its permissions.") from None
    return tuple(found)


def _evidence(source: Source, record: Record) -> str:
    """The instructions of the question, else those of its whole database."""
    return source.text(record, "instructions", required=False) or source.text(
        record, "full_instructions", required=False
    )


def _ordered(query: str, question: str, category: str, kind: str) -> bool:
    if category != "order_by" and not _ASKS_FOR_ORDER.search(question):
        return False
    dialect = _DIALECTS.get(kind, "postgres")
    return any(is_sorted(_without_braces(gold), dialect) for gold in alternatives(query))


def _without_braces(gold: str) -> str:
    """A query that parses wherever the gold does: only its shape is asked for."""
    return gold.replace("{}", "1").replace("{", "").replace("}", "")
