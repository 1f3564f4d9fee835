"""How many rows a statement would read, by the database's own estimate, and whether that is too many."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.errors import QueryTooCostlyError

_STEPS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


@dataclass(frozen=True)
class Estimate:
    """`rows` are all rows that pass through the plan; `costly` names the part that reads the most of them.

    `joined` says that this part multiplies rows of several tables with each other.
    """

    rows: float
    costly: str = ""
    joined: bool = False


@dataclass(frozen=True)
class Step:
    """One step of a plan. `rows` is what it gives on, `reads` what it looks at for that, of `tables`.

    A step that is `whole` needs all rows of its inputs before it gives the first (a sort, a sum); the others
    read no more than is asked of them. `again` are inputs that are read anew for each row of the first one;
    `kept` says that the step is read again from memory without asking its inputs again.
    """

    rows: float
    reads: float = 0.0
    tables: tuple[str, ...] = ()
    inputs: tuple["Step", ...] = ()
    whole: bool = False
    limits: bool = False
    again: tuple["Step", ...] = ()
    kept: bool = False

    @property
    def all_tables(self) -> tuple[str, ...]:
        found = [*self.tables]
        for step in (*self.inputs, *self.again):
            found += step.all_tables
        return tuple(dict.fromkeys(found))


@dataclass
class _Reading:
    total: float = 0.0
    worst: float = -1.0
    tables: tuple[str, ...] = field(default_factory=tuple)


def estimate_plan(plan: Step, wanted: float) -> Estimate:
    """What a plan reads where only its first `wanted` rows are fetched.

    >>> scan = Step(1_000_000, reads=1_000_000, tables=("orders",))
    >>> estimate_plan(scan, 100).rows, estimate_plan(Step(1, inputs=(scan,), whole=True), 100).rows
    (100.0, 1000000.0)
    """
    found = _Reading()
    for reads, tables in _readings(plan, min(1.0, wanted / max(plan.rows, 1.0)), 1.0):
        found.total += reads
        if reads > found.worst:
            found.worst, found.tables = reads, tables
    return Estimate(found.total, _and(found.tables), len(found.tables) > 1)


def _readings(step: Step, share: float, times: float) -> Iterator[tuple[float, tuple[str, ...]]]:
    yield step.reads * share * times, step.tables or step.all_tables
    for place, below in enumerate(step.inputs):
        asked = 1.0 if step.whole or place else share
        if step.limits:
            asked = min(1.0, step.rows / max(below.rows, 1.0)) * share
        yield from _readings(below, asked, 1.0 if step.kept else times)
    outer = step.inputs[0].rows * share if step.inputs else 1.0
    for below in step.again:
        yield from _readings(below, 1.0, times * max(outer, 1.0))


def _and(names: tuple[str, ...]) -> str:
    """
    >>> _and(("orders",)), _and(("a", "b", "c"))
    ('orders', 'a, b and c')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def require_cheap(estimate: Estimate, most_rows: int) -> None:
    """Raise QueryTooCostlyError where a statement would read more than `most_rows` rows."""
    if estimate.rows <= most_rows:
        return
    where = f", most of them from {estimate.costly}" if estimate.costly else ""
    narrow = "join the tables on their keys" if estimate.joined else "filter by a date or a key"
    raise QueryTooCostlyError(
        f"it would read about {about(estimate.rows)} rows{where}, where {about(most_rows)} are allowed; "
        f"{narrow}, or ask for less at once"
    )


def about(rows: float) -> str:
    """
    >>> about(3_210_000_000), about(2e6), about(950), about(1e30)
    ('3.2 billion', '2 million', '950', 'more than a thousand trillion')
    """
    if rows >= 1e15:
        return "more than a thousand trillion"
    for size, name in _STEPS:
        if rows >= size:
            return f"{rows / size:.1f}".removesuffix(".0") + f" {name}"
    return f"{rows:.0f}"
