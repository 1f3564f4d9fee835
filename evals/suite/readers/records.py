"""Records of a benchmark's JSON file, each with the line it starts on."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.suite.case import Case
from evals.suite.databases import NAME, database_file, located, names_in
from knowledge.errors import SettingsError
from knowledge.names import hint
from knowledge.yaml_file import Problems, shown_path

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Record:
    """`number` counts from 1."""

    number: int
    line: int
    fields: Fields


class Source:
    """The records of one file; problems are collected until `cases` is done.

    `database` is a template or a folder; without it the databases are below one of `folders` beside the file.
    """

    def __init__(self, path: Path, database: str, folders: Sequence[str]) -> None:
        self.path = path
        self.problems = Problems(path)
        self._template = database if database and _is_template(database) else ""
        self._folders = [Path(located(database, path.parent))] if database else []
        if not database:
            self._folders = [path.parent / name for name in folders]

    def cases(self, records: Sequence[Record], make: Callable[[Record], Case]) -> tuple[Case, ...]:
        """A case for each record, with golds that can be expanded and ids that are unique."""
        lines: dict[str, int] = {}
        found = []
        for record in records:
            case = make(record)
            found.append(case)
            first = lines.setdefault(case.id, record.line)
            if first != record.line:
                self.problems.add(record.line, f"the id '{case.id}' is that of line {first}; change one")
            try:
                tuple(case.golds)
            except SettingsError as error:
                self.problems.add(record.line, str(error))
        if not records:
            self.problems.add(1, "the suite has no cases; add one")
        self.problems.raise_if_any()
        return tuple(found)

    def text(self, record: Record, key: str, *, required: bool = True) -> str:
        value = record.fields.get(key)
        written = "" if value is None else str(value).strip()
        if not written and required:
            near = hint(key, [name for name in record.fields if name != key])
            self.problems.add(record.line, f"`{key}` is missing; {near or 'add it'}")
        return written

    def database(self, record: Record, name: str) -> str:
        """The address of the database `name`, of which the file must be there where it is one."""
        if not name:
            return ""
        if self._template:
            try:
                return located(self._template, self.path.parent, name)
            except SettingsError as error:
                self.problems.add(record.line, str(error))
                return ""
        for folder in self._folders:
            if path := database_file(folder, name):
                return str(path.resolve())
        known = [known for folder in self._folders for known in names_in(folder)]
        places = " or ".join(shown_path(folder) for folder in self._folders)
        remedy = hint(name, known) or (
            f"put {name}/{name}.sqlite into {places}, or give `database: postgresql://host/{{db_name}}` in a "
            f"suite with `from: {self.path.name}`"
        )
        self.problems.add(record.line, f"there is no database `{name}`; {remedy}")
        return ""


def load_records(path: Path, database: str = "") -> tuple[Case, ...]:
    """The cases of a JSON array or of JSON lines, told by their shape: Spider's or BIRD's.

    Raises SettingsError naming file, line and remedy.
    """
    from evals.suite.readers import bird, spider

    records = read_json(path)
    fields = records[0].fields if records else {}
    if "SQL" in fields:
        return bird.load(path, records, database)
    if "query" in fields or not records:
        return spider.load(path, records, database)
    raise SettingsError(
        f"{shown_path(path)}, line {records[0].line}: this is no suite that can be read; a record needs "
        "`question`, `db_id` and `query` (Spider) or `SQL` (BIRD)."
    )


def read_json(path: Path) -> tuple[Record, ...]:
    """The mappings of a JSON array, or of a file with one on each line. Raises SettingsError."""
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{shown_path(path)} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(
            f"{shown_path(path)} cannot be read ({error.strerror}); correct its permissions."
        ) from None
    problems = Problems(path)
    records = []
    try:
        for number, (place, value) in enumerate(_values(source), start=1):
            if isinstance(value, dict):
                records.append(Record(number, place, value))
            else:
                problems.add(place, "each entry must be a mapping of names and values")
    except json.JSONDecodeError as error:
        problems.add(error.lineno, f"this is not valid JSON ({error.msg}); mend it there")
    problems.raise_if_any()
    return tuple(records)


_DECODER = json.JSONDecoder()


def _values(source: str) -> Iterator[tuple[int, Any]]:
    """The values of an array or of JSON lines, each with its line."""
    at = _skip(source, 0)
    line, counted = 1, 0
    in_array = source[at : at + 1] == "["
    at = _skip(source, at + 1) if in_array else at
    while at < len(source) and not (in_array and source[at] == "]"):
        line += source.count("\n", counted, at)
        counted = at
        value, end = _DECODER.raw_decode(source, at)
        yield line, value
        at = _skip(source, end)
        if in_array and source[at : at + 1] == ",":
            at = _skip(source, at + 1)
        elif in_array and source[at : at + 1] != "]":
            raise json.JSONDecodeError("a comma or a closing bracket is missing", source, at)


def _skip(source: str, at: int) -> int:
    while at < len(source) and source[at] in " \t\r\n":
        at += 1
    return at


def _is_template(database: str) -> bool:
    return NAME.search(database) is not None or "://" in database
