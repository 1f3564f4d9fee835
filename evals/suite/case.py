"""Cases: questions with the SQL that answers them, read strictly from a suite's YAML file."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from evals.suite.gold import expand
from knowledge.errors import SettingsError
from knowledge.yaml_file import Node, Reader, shown_path

Expected = Literal["answer", "refuse", "clarify"]
_EXPECTED: tuple[Expected, ...] = ("answer", "refuse", "clarify")
PERSONS = ("marketing", "finance", "support", "operations")


@dataclass(frozen=True)
class Case:
    """One question. `gold` holds alternatives as they are written; `golds` every query they stand for.

    `expected` is how the turn should end; only an expected answer has gold SQL.
    """

    id: str
    question: str
    gold: tuple[str, ...] = ()
    category: str = ""
    tags: tuple[str, ...] = ()
    ordered: bool = False
    person: str = ""
    expected: Expected = "answer"
    file: str = ""
    line: int = 0

    @cached_property
    def golds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sql for gold in self.gold for sql in expand(gold)))

    @property
    def where(self) -> str:
        return f"{self.file}, line {self.line}"


def load_suite(path: Path) -> tuple[Case, ...]:
    """The cases of a suite. Raises SettingsError naming file, line and remedy."""
    if not path.is_file():
        raise SettingsError(f"There is no suite {shown_path(path)}; create it or name another one.")
    reader = Reader(path)
    ids: dict[str, int] = {}
    cases = []
    for node in reader.entries("cases"):
        case = _case(reader, node)
        reader.once(node, "id", case.id, ids)
        cases.append(case)
    if not cases:
        reader.problems.add(1, "the suite has no cases; add one under `cases:`")
    reader.finish()
    return tuple(cases)


def _case(reader: Reader, node: Node) -> Case:
    reader.known_keys(node, _KEYS)
    case = Case(
        id=reader.text(node, "id", required=True),
        question=reader.text(node, "question", required=True),
        gold=reader.texts(node, "gold"),
        category=reader.text(node, "category", required=True),
        tags=reader.texts(node, "tags"),
        ordered=reader.flag(node, "ordered"),
        person=_one_of(reader, node, "person", ("", *PERSONS)),
        expected=_expected(reader, node),
        file=shown_path(reader.problems.path),
        line=node.line,
    )
    _check_gold(reader, node, case)
    return case


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
    value = _one_of(reader, node, "expected", ("", *_EXPECTED))
    return next((known for known in _EXPECTED if known == value), "answer")


def _one_of(reader: Reader, node: Node, key: str, allowed: tuple[str, ...]) -> str:
    value = reader.text(node, key)
    if value not in allowed:
        reader.problems.add(
            reader.line(node, key), f"`{key}` must be one of {', '.join(name for name in allowed if name)}"
        )
    return value


_KEYS = ("id", "question", "gold", "category", "tags", "ordered", "person", "expected")
