"""The rows that a statement gave."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["number", "text", "date", "time", "bool", "other"]


@dataclass(frozen=True)
class Result:
    """Rows as the driver gave them.

    `rows` holds at most the asked-for number; `truncated` says that there were more. `seconds` is the time
    the database took, fetching included.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False
    seconds: float = 0.0
