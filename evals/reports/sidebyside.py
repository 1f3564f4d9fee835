"""The rows of an answer beside those of the gold: which belong together, and which cells differ."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evals.compare.cells import canonical
from evals.reports.wording import clean, value

MOST_ROWS = 20
MOST_COLUMNS = 12
Row = Sequence[Any]
Key = int | float | str | None


@dataclass(frozen=True)
class Cell:
    text: str
    differs: bool = False
    null: bool = False
    number: bool = False


@dataclass(frozen=True)
class Head:
    """A column; `alone` where the other side has none like it, `number` where it holds one at the top."""

    name: str
    alone: bool = False
    number: bool = False


@dataclass(frozen=True)
class SideBySide:
    """`rows` pairs rows of the answer with rows of the gold; None where one side has none.

    `answer_count` and `gold_count` are all rows, also those that are not shown; `hidden` are the columns of
    either side beyond the most that are shown. `marked` says whether all differences could be told: rows
    beyond the first ones are not kept, so a row can be called missing only where the other side is whole.
    """

    answer: tuple[Head, ...]
    gold: tuple[Head, ...]
    rows: tuple[tuple[tuple[Cell, ...] | None, tuple[Cell, ...] | None], ...]
    answer_count: int | None
    gold_count: int | None
    hidden: int = 0
    marked: bool = True


def side_by_side(
    columns: Sequence[str],
    rows: Sequence[Row],
    row_count: int | None,
    gold_columns: Sequence[str],
    gold_rows: Sequence[Row],
    gold_row_count: int | None,
) -> SideBySide:
    """Match columns by their values, then by their names; rows by their cells in the matched columns."""
    given = [[_key(cell) for cell in row] for row in rows]
    wanted = [[_key(cell) for cell in row] for row in gold_rows]
    matched = _match(columns, given, gold_columns, wanted)
    back = {right: left for left, right in matched.items()}
    marks_left = _whole(gold_rows, gold_row_count) and bool(gold_columns)
    marks_right = _whole(rows, row_count) and bool(columns)
    shown = []
    for i, j in _pairs(given, wanted, list(matched.items())):
        left = right = None
        if i is not None:
            other = {c: wanted[j][g] for c, g in matched.items()} if j is not None else None
            left = _cells(rows[i], given[i], other, marks_left)
        if j is not None:
            other = {g: given[i][c] for g, c in back.items()} if i is not None else None
            right = _cells(gold_rows[j], wanted[j], other, marks_right)
        shown.append((left, right))
    if len(shown) > MOST_ROWS:
        shown.sort(key=_agree)
    return SideBySide(
        answer=_heads(columns, rows, set(matched), bool(gold_columns)),
        gold=_heads(gold_columns, gold_rows, set(back), bool(columns)),
        rows=tuple(shown[:MOST_ROWS]),
        answer_count=row_count,
        gold_count=gold_row_count,
        hidden=max(0, len(columns) - MOST_COLUMNS) + max(0, len(gold_columns) - MOST_COLUMNS),
        marked=marks_left and marks_right,
    )


def _key(cell: Any) -> Key:
    folded = canonical(cell)
    if isinstance(folded, float):
        return float(f"{folded:.7g}")
    return folded


def _whole(rows: Sequence[Row], count: int | None) -> bool:
    return count is None or count <= len(rows)


def _match(
    columns: Sequence[str], given: list[list[Key]], gold_columns: Sequence[str], wanted: list[list[Key]]
) -> dict[int, int]:
    """Each gold column with the answer's column that shares most values with it, or its name."""
    bags = [Counter(row[c] for row in given) for c in range(len(columns))]
    golds = [Counter(row[g] for row in wanted) for g in range(len(gold_columns))]
    found = []
    for c, name in enumerate(columns):
        for g, gold_name in enumerate(gold_columns):
            most = max(bags[c].total(), golds[g].total(), 1)
            likeness = (bags[c] & golds[g]).total() / most + 0.6 * (name.casefold() == gold_name.casefold())
            found.append((likeness, c == g, -c, -g))
    matched: dict[int, int] = {}
    alike = len(columns) == len(gold_columns)
    for likeness, same_place, c, g in sorted(found, reverse=True):
        free = -c not in matched and -g not in matched.values()
        if free and (likeness > 0 or (alike and same_place)):
            matched[-c] = -g
    return matched


def _pairs(
    given: list[list[Key]], wanted: list[list[Key]], matched: list[tuple[int, int]]
) -> list[tuple[int | None, int | None]]:
    """Rows that agree wholly, then those that agree most, in the answer's order; the gold's others last."""
    places: defaultdict[tuple[Key, ...], list[int]] = defaultdict(list)
    for j, row in enumerate(wanted):
        places[tuple(row[g] for _, g in matched)].append(j)
    partner: dict[int, int] = {}
    for i, row in enumerate(given):
        if same := places[tuple(row[c] for c, _ in matched)]:
            partner[i] = same.pop(0)
    free = [j for j in range(len(wanted)) if j not in set(partner.values())]
    for i, row in enumerate(given):
        if i in partner or not free:
            continue
        agreed = [sum(row[c] == wanted[j][g] for c, g in matched) for j in free]
        best = max(range(len(free)), key=lambda place: (agreed[place], -place))
        if agreed[best] or len(given) == len(wanted):
            partner[i] = free.pop(best)
    return [(i, partner.get(i)) for i in range(len(given))] + [(None, j) for j in free]


def _cells(row: Row, keys: list[Key], other: dict[int, Key] | None, marks: bool) -> tuple[Cell, ...]:
    """`other` holds what the partner has in the matched columns; without a partner all cells differ."""
    return tuple(
        Cell(
            value(cell),
            marks and (other is None or (place in other and keys[place] != other[place])),
            cell is None,
            _is_number(cell),
        )
        for place, cell in enumerate(row[:MOST_COLUMNS])
    )


def _agree(pair: tuple[tuple[Cell, ...] | None, tuple[Cell, ...] | None]) -> bool:
    left, right = pair
    return bool(left and right) and not any(cell.differs for cell in (left or ()) + (right or ()))


def _heads(names: Sequence[str], rows: Sequence[Row], matched: set[int], other: bool) -> tuple[Head, ...]:
    top = next(iter(rows), ())
    return tuple(
        Head(clean(name), other and place not in matched, place < len(top) and _is_number(top[place]))
        for place, name in enumerate(names[:MOST_COLUMNS])
    )


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
