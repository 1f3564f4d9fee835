"""Cases: questions with the SQL that answers them, and the suites they stand in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from evals.suite.gold import expand
from knowledge.errors import SettingsError
from knowledge.yaml_file import shown_path

Expected = Literal["answer", "refuse", "clarify"]


@dataclass(frozen=True)
class Case:
    """One question. `gold` holds alternatives as they are written; `golds` every query they stand for.

    `expected` is how the turn should end; only an expected answer has gold SQL. `previous` are the questions
    asked before it in the same thread, oldest first. `evidence` is what the person says besides the question.
    `database` is an SQLAlchemy URL or a file, `today` its frozen day; without them the workspace's hold.
    `must_pass` keeps a model that fails here from being released. `origin` says where the case comes from.
    """

    id: str
    question: str
    suite: str = ""
    previous: tuple[str, ...] = ()
    evidence: str = ""
    gold: tuple[str, ...] = ()
    category: str = ""
    tags: tuple[str, ...] = ()
    ordered: bool = False
    person: str = ""
    expected: Expected = "answer"
    must_pass: bool = False
    database: str = ""
    today: dt.date | None = None
    origin: str = "written"
    file: str = ""
    line: int = 0

    @cached_property
    def golds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sql for gold in self.gold for sql in expand(gold)))

    @property
    def where(self) -> str:
        return f"{self.file}, line {self.line}"


def load_suite(path: Path, database: str = "") -> tuple[Case, ...]:
    """The cases of one suite: our YAML, SQL-Eval's CSV, or Spider's or BIRD's JSON.

    `database` says where the databases of a CSV or JSON file are: an address with `{db_name}` in it, or a
    folder; without it they are looked for beside the file. Raises SettingsError naming file, line and remedy.
    """
    from evals.suite.readers.records import load_records
    from evals.suite.readers.sql_eval import load as load_csv
    from evals.suite.readers.yaml_suite import load as load_yaml

    if not path.is_file():
        raise SettingsError(f"There is no suite {shown_path(path)}; create it or name another one.")
    kind = path.suffix.lower()
    if kind == ".csv":
        return load_csv(path, database)
    if kind in {".json", ".jsonl"}:
        return load_records(path, database)
    return load_yaml(path)


def load_suites(paths: Sequence[Path], database: str = "") -> tuple[Case, ...]:
    """The cases of several suites, one after the other. Raises SettingsError."""
    stems: dict[str, Path] = {}
    for path in dict.fromkeys(path.resolve() for path in paths):
        if other := stems.get(path.stem):
            raise SettingsError(
                f"{shown_path(other)} and {shown_path(path)} are both the suite '{path.stem}'; rename one."
            )
        stems[path.stem] = path
    return tuple(case for path in stems.values() for case in load_suite(path, database))
