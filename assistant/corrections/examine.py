"""A person's SQL through both walls and the rules, and its rows beside those of the answer."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from feedback.database import FeedbackError
from graph.checks import gate
from graph.fingerprint import fingerprint
from knowledge.errors import QueryError

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from knowledge.result import Result

SHOWN = 20


@dataclass(frozen=True)
class Preview:
    """The first rows of a result as text; `rows` of it there are in all, more where `truncated`."""

    columns: tuple[str, ...]
    first: tuple[tuple[str | int | float | None, ...], ...]
    rows: int
    truncated: bool
    group: str

    @classmethod
    def of(cls, result: "Result") -> "Preview":
        first = tuple(tuple(map(_plain, row)) for row in result.rows[:SHOWN])
        return cls(result.columns, first, len(result.rows), result.truncated, fingerprint(result))


@dataclass(frozen=True)
class Examined:
    """`sql` is what may run, with what the rules require. `was` is missing where nothing answered before.

    `remarks` are what the checks mended or noted, for people.
    """

    sql: str
    now: Preview
    was: Preview | None
    remarks: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the rows are others than before."""
        return self.was is None or self.was.group != self.now.group

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(workspace: "Workspace", sql: str, was: str) -> Examined:
    """Raises FeedbackError, with the reason and the remedy, for SQL that may not or cannot run."""
    gated = gate(sql, workspace.check_context)
    if gated.sql is None:
        raise FeedbackError(f"This SQL cannot be taken: {gated.why or 'nothing is left of it'}.")
    try:
        now = Preview.of(_rows(workspace, gated.sql))
    except QueryError as error:
        raise FeedbackError(f"This SQL does not run: {error}") from None
    remarks = tuple(str(finding) for finding in (*gated.findings, *gated.notes))
    return Examined(gated.sql, now, _before(workspace, was), remarks)


def trouble_of(workspace: "Workspace", wrong: str) -> str:
    """What can be said of the SQL that was wrong: a check's name, 'database', or 'asked' where it runs."""
    gated = gate(wrong, workspace.check_context)
    found = next((finding.check for finding in gated.findings if not finding.mended), "")
    if found or gated.sql is None:
        return found or "parse"
    try:
        _rows(workspace, gated.sql)
    except QueryError:
        return "database"
    return "asked"


def _before(workspace: "Workspace", sql: str) -> Preview | None:
    gated = gate(sql, workspace.check_context) if sql else None
    if gated is None or gated.sql is None:
        return None
    try:
        return Preview.of(_rows(workspace, gated.sql))
    except QueryError:
        return None


def _rows(workspace: "Workspace", sql: str) -> "Result":
    settings = workspace.settings
    return workspace.database.run(sql, timeout_s=settings.timeout_s, max_rows=settings.max_rows)


def _plain(value: object) -> str | int | float | None:
    return value if value is None or isinstance(value, int | float) else str(value)
