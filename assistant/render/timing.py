"""Where a question's time went."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Split:
    """Seconds of one question.

    `start` is what it took to open everything before it, `parts` its largest parts; some ran side by side.
    """

    total: float
    retrieval: float = 0.0
    model: float = 0.0
    database: float = 0.0
    start: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)

    @property
    def other(self) -> float:
        return max(0.0, self.total - self.retrieval - self.model - self.database)

    def sentence(self) -> str:
        parts = {
            "retrieval": self.retrieval,
            "model": self.model,
            "database": self.database,
            "the rest": self.other,
        }
        return f"{_seconds(self.total)} in all: {_told(parts)}"

    def started(self) -> str:
        """What the start took, with its larger parts; empty where everything was open already."""
        if self.start < 0.05:
            return ""
        large = {name: part for name, part in self.parts.items() if part > 0.05 * self.start}
        told = _told(dict(sorted(large.items(), key=lambda part: -part[1])))
        return f"Starting took {_seconds(self.start)}{f': {told}' if told else ''}"

    def as_dict(self) -> dict[str, Any]:
        names = ("total", "retrieval", "model", "database", "other", "start")
        seconds: dict[str, Any] = {name: round(float(getattr(self, name)), 4) for name in names}
        return seconds | {"parts": {name: round(value, 4) for name, value in self.parts.items()}}


def _told(parts: dict[str, float]) -> str:
    return ", ".join(f"{name} {_seconds(value)}" for name, value in parts.items())


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"
