"""Our own suites: YAML, read strictly."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from evals.suite.case import Case, Expected, load_suite
from evals.suite.databases import located, template
from knowledge.errors import SettingsError
from knowledge.yaml_file import Node, Reader, shown_path

EXPECTED: tuple[Expected, ...] = ("answer", "refuse", "clarify")


@dataclass(frozen=True)
class Defaults:
    """What the top of a suite says for all its cases."""

    database: str
    today: dt.date | None
    origin: str


def is_empty(path: Path) -> bool:
    """Whether nobody has written a case into it, as `quarry init` leaves it. Raises SettingsError."""
    reader = Reader(path)
    return not reader.entries("cases", beside=_TOP) and "from" not in reader.root.entries


def load(path: Path) -> tuple[Case, ...]:
    """The cases under `cases:`, or those of the CSV or JSON file that `from:` names. Raises SettingsError."""
    reader = Reader(path)
    nodes = reader.entries("cases", beside=_TOP)
    written = "from" in reader.root.entries
    defaults = _defaults(reader, reader.root, foreign=written)
    if written:
        return _foreign(reader, defaults)
    ids: dict[str, int] = {}
    cases = []
    for node in nodes:
        case = _case(reader, node, defaults)
        reader.once(node, "id", case.id, ids)
        cases.append(case)
    if not cases:
        reader.problems.add(1, "the suite has no cases; add one under `cases:`")
    reader.finish()
    return tuple(cases)


def _foreign(reader: Reader, defaults: Defaults) -> tuple[Case, ...]:
    root, path = reader.root, reader.problems.path
    source = path.parent / Path(reader.text(root, "from", required=True)).expanduser()
    if "cases" in root.entries:
        reader.problems.add(
            root.key_lines["cases"], "`cases` does not go with `from`; keep them in a suite of their own"
        )
    elif source.suffix.lower() not in {".csv", ".json", ".jsonl"} or not source.is_file():
        reader.problems.add(
            reader.line(root, "from"), f"`from` must name a CSV or JSON file that exists, not {source.name}"
        )
    reader.finish()
    origin = reader.text(root, "origin")
    return tuple(
        replace(case, suite=path.stem, today=defaults.today, origin=origin or case.origin)
        for case in load_suite(source, defaults.database)
    )


def _defaults(reader: Reader, root: Node, *, foreign: bool) -> Defaults:
    if root.kind != "mapping":
        return Defaults("", None, Case.origin)
    database = _database(reader, root, template if foreign else located)
    return Defaults(database, reader.date(root, "today"), reader.text(root, "origin") or Case.origin)


def _case(reader: Reader, node: Node, defaults: Defaults) -> Case:
    reader.known_keys(node, _KEYS)
    path = reader.problems.path
    case = Case(
        id=reader.text(node, "id", required=True),
        question=reader.text(node, "question", required=True),
        suite=path.stem,
        previous=_previous(reader, node),
        evidence=reader.text(node, "evidence"),
        gold=reader.texts(node, "gold"),
        category=reader.text(node, "category", required=True),
        tags=reader.texts(node, "tags"),
        ordered=reader.flag(node, "ordered"),
        person=reader.text(node, "person"),
        expected=_expected(reader, node),
        must_pass=reader.flag(node, "must_pass"),
        database=_database(reader, node) or defaults.database,
        today=reader.date(node, "today") or defaults.today,
        origin=reader.text(node, "origin") or defaults.origin,
        file=shown_path(path),
        line=node.line,
    )
    _check_gold(reader, node, case)
    return case


def _database(reader: Reader, node: Node, locate: Callable[[str, Path], str] = located) -> str:
    try:
        return locate(reader.text(node, "database"), reader.problems.path.parent)
    except SettingsError as error:
        reader.problems.add(reader.line(node, "database"), str(error))
        return ""


def _previous(reader: Reader, node: Node) -> tuple[str, ...]:
    """The earlier questions; one that is empty is a mistake of the writer's."""
    value = node.entries.get("previous")
    given = value.items if value is not None and value.kind == "list" else (value,) if value else ()
    for item in given:
        if item.kind == "null" or (item.kind == "scalar" and not item.text.strip()):
            reader.problems.add(item.line, "`previous` has an empty question; write it or remove it")
            return ()
    return reader.texts(node, "previous")


def _check_gold(reader: Reader, node: Node, case: Case) -> None:
    line = reader.line(node, "gold")
    if case.expected == "answer" and not case.gold:
        reader.problems.add(line, "`gold` is missing; add the SQL that answers the question")
    if case.expected != "answer" and case.gold:
        reader.problems.add(line, f"`gold` does not go with `expected: {case.expected}`; remove one of them")
    try:
        tuple(case.golds)
    except SettingsError as error:
        reader.problems.add(line, str(error))


def _expected(reader: Reader, node: Node) -> Expected:
    value = reader.text(node, "expected") or "answer"
    if value not in EXPECTED:
        reader.problems.add(reader.line(node, "expected"), f"`expected` must be one of {', '.join(EXPECTED)}")
    return next((known for known in EXPECTED if known == value), "answer")


_TOP = ("database", "today", "origin", "from")
_KEYS = (
    "id",
    "question",
    "previous",
    "evidence",
    "gold",
    "category",
    "tags",
    "ordered",
    "person",
    "expected",
    "must_pass",
    "database",
    "today",
    "origin",
)
