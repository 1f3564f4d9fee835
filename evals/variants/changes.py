"""What a variant changes: rows put in and cells altered, in units that only make sense whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evals.variants.snapshot import Values


@dataclass(frozen=True)
class Insert:
    """A new row: one value for each column of the table's facts."""

    table: str
    values: Values


@dataclass(frozen=True)
class Update:
    """New values for some cells of the row with this primary key."""

    table: str
    key: Values
    cells: Mapping[str, Any]


Change = Insert | Update
Unit = tuple[Change, ...]
