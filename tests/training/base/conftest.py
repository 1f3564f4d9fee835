"""Two tiny lessons, in tokens, and a base that has learnt nothing yet."""

from dataclasses import dataclass

import pytest
from tokenizers import Tokenizer

from training.base.lessons import Lesson
from training.base.network import Base
from training.base.packing import Course, course
from training.network import Shape, make_network
from training.pieces import Piece
from training.tokenizer import FIXED, train_tokenizer

SHAPE = Shape(width=64, layers=2, inner=192, context=256)


def _lesson(name: str, table: str, noun: str, columns: dict[str, str]) -> Lesson:
    alias = table[0]
    pieces = [Piece(f" FROM {table} {alias}", "from", noun, noun)]
    pieces += [Piece(f"{alias}.{column}", "number", noun, words) for column, words in columns.items()]
    rows = [(f"<|ask|>how many {noun}s<|sql|>", f"SELECT COUNT(*) FROM {table} {alias}")]
    for column, words in columns.items():
        rows.append((f"<|ask|>{words} of {noun}s<|sql|>", f"SELECT {alias}.{column} FROM {table} {alias}"))
        rows.append((f"<|ask|>total {words}<|sql|>", f"SELECT SUM({alias}.{column}) FROM {table} {alias}"))
    head = "".join(piece.text for piece in pieces)
    return Lesson(name, tuple(pieces), head, tuple(rows))


@pytest.fixture(scope="session")
def lessons() -> list[Lesson]:
    return [
        _lesson("farm", "cows", "cow", {"mass": "weight", "yr": "age", "milk": "milk"}),
        _lesson("port", "ships", "ship", {"len": "length", "crew": "crew size"}),
    ]


@pytest.fixture(scope="session")
def shared(lessons: list[Lesson]) -> Tokenizer:
    texts = [prompt for lesson in lessons for prompt, _ in lesson.rows]
    return train_tokenizer(texts, list(FIXED), 400)


@dataclass(frozen=True)
class School:
    """Everything that a training of the base reads."""

    base: Base
    tokenizer: Tokenizer
    lessons: list[Lesson]
    courses: list[Course]


@pytest.fixture
def school(lessons: list[Lesson], shared: Tokenizer) -> School:
    base = Base(make_network(shared, SHAPE, seed=3))
    return School(base, shared, lessons, [course(lesson, shared) for lesson in lessons])
