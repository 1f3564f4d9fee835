"""A fault of a suite."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """One fault, where it stands, and what to do about it. A `hint` falsifies nothing."""

    case: str
    where: str
    why: str
    remedy: str
    level: Literal["fault", "hint"] = "fault"

    def __str__(self) -> str:
        said = "hint: " if self.level == "hint" else ""
        return f"{self.where} ({self.case}): {said}{self.why}; {self.remedy}."
