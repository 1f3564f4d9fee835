"""Two statements side by side: what one has and the other has not, by line and by word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from sqlglot import parse_one
from sqlglot.errors import SqlglotError

from evals.reports.wording import clean

_WORD = re.compile(r"\w+|\s+|.")
_PIECE = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\w+|.""")
MOST_WORDS = 400
LIKE = 0.4
MOST_PAIRS = 400


@dataclass(frozen=True)
class Span:
    """A part of a line; `differs` where the other side has something else there."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Line:
    """A line of each statement, None where only the other one has it. `same` where both are equal."""

    left: tuple[Span, ...] | None
    right: tuple[Span, ...] | None
    same: bool


def laid_out(sql: str, dialect: str = "") -> str:
    """The statement, a line for each part and each condition; as it is where it cannot be parsed.

    >>> print(laid_out("select a, b from t where a = 1 and b between 2 and 3"))
    SELECT
      a,
      b
    FROM t
    WHERE
      a = 1
      AND b BETWEEN 2 AND 3
    """
    sql = clean(sql.strip())
    try:
        pretty = parse_one(sql, read=dialect or None).sql(dialect or None, pretty=True)
    except (SqlglotError, RecursionError):
        return sql
    return "\n".join(part for line in pretty.splitlines() for part in _conditions(line))


def diff(left: str, right: str, dialect: str = "") -> tuple[Line, ...]:
    """Lines of both statements, aligned.

    >>> lines = diff("SELECT a FROM t WHERE b = 1", "SELECT a FROM t WHERE b = 2")
    >>> [span.text for line in lines if not line.same for span in line.left if span.differs]
    ['1']
    """
    before, after = laid_out(left, dialect).splitlines(), laid_out(right, dialect).splitlines()
    lines: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [Line((Span(text),), (Span(text),), True) for text in before[a:b]]
        else:
            lines += [_changed(old, new) for old, new in _aligned(before[a:b], after[c:d])]
    return tuple(lines)


def same(lines: Iterable[Line]) -> bool:
    return all(line.same for line in lines)


def _conditions(line: str) -> list[str]:
    """A line for each condition, whatever its length: so the same condition makes the same line."""
    depth, between, start, parts = 0, False, 0, []
    for piece in _PIECE.finditer(line):
        word = piece[0]
        depth += (word == "(") - (word == ")")
        if depth or word not in ("AND", "OR", "BETWEEN"):
            continue
        if word != "BETWEEN" and not between and line[start : piece.start()].strip():
            parts.append(line[start : piece.start()].rstrip())
            start = piece.start()
        between = word == "BETWEEN"
    parts.append(line[start:])
    return [parts[0], *(_indent(line) + part for part in parts[1:])]


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """Lines of two blocks, the like ones beside each other: the alignment with the most likeness in all."""
    if len(old) * len(new) > MOST_PAIRS:
        yield from zip_longest(old, new)
        return
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    for i in range(len(old) + 1):
        for j in range(len(new) + 1):
            skipped = [best[place] for place in ((i - 1, j), (i, j - 1)) if place in best]
            found = max(skipped, default=(0.0, ()))
            if i and j and (alike := _likeness(old[i - 1], new[j - 1])) >= LIKE:
                total, matches = best[i - 1, j - 1]
                found = max(found, (total + alike, (*matches, (i - 1, j - 1))))
            best[i, j] = found
    at, to = 0, 0
    for i, j in best[len(old), len(new)][1]:
        yield from zip_longest(old[at:i], new[to:j])
        yield old[i], new[j]
        at, to = i + 1, j + 1
    yield from zip_longest(old[at:], new[to:])


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(str.isspace, _WORD.findall(old.strip()), _WORD.findall(new.strip())).ratio()


def _changed(old: str | None, new: str | None) -> Line:
    if old is None or new is None:
        return Line(_whole(old), _whole(new), False)
    before, after = _WORD.findall(old.lstrip()), _WORD.findall(new.lstrip())
    if max(len(before), len(after)) > MOST_WORDS:
        return Line(_whole(old), _whole(new), False)
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    if matcher.ratio() < LIKE:
        return Line(_whole(old), _whole(new), False)
    left, right = [Span(_indent(old))], [Span(_indent(new))]
    for kind, a, b, c, d in matcher.get_opcodes():
        left.append(Span("".join(before[a:b]), kind != "equal"))
        right.append(Span("".join(after[c:d]), kind != "equal"))
    return Line(_told(left), _told(right), False)


def _whole(line: str | None) -> tuple[Span, ...] | None:
    return None if line is None else _told([Span(_indent(line)), Span(line.lstrip(), True)])


def _told(spans: list[Span]) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.text)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
