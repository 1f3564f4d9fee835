"""What a whole log holds: every pattern with how often it ran."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.files import write_atomically

MOST_VALUES = 50
"""Different literals that are kept of one filter, the most frequent ones."""


@dataclass
class Patterns:
    """Counts are executions. `read` is all, `understood` what was parsed and reads known tables.

    `with_tables` counts the tables that queries read, `joins` pairs of columns, `filters` is (table, column,
    sign) -> the literals' texts -> count. `measures` pairs an aggregate with its name there, `grains` a date
    with the unit that it is cut to, `named` a column with its name; `windows` are bounds that are computed.
    `templates` holds every form of statement, `troubles` what was not understood: the reason, and the first
    such statement.
    """

    fingerprint: str = ""
    read: int = 0
    understood: int = 0
    with_tables: Counter[str] = field(default_factory=Counter)
    joins: Counter[tuple[str, str]] = field(default_factory=Counter)
    filters: dict[tuple[str, str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    measures: Counter[tuple[str, str]] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    grains: Counter[tuple[str, str]] = field(default_factory=Counter)
    named: Counter[tuple[str, str]] = field(default_factory=Counter)
    windows: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    templates: Counter[str] = field(default_factory=Counter)
    troubles: Counter[tuple[str, str]] = field(default_factory=Counter)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(self.to_json(), ensure_ascii=False))

    def to_json(self) -> dict[str, Any]:
        pairs = ("joins", "measures", "grains", "named", "troubles")
        plain = ("with_tables", "groups", "windows", "forms", "templates")
        return {
            "fingerprint": self.fingerprint,
            "read": self.read,
            "understood": self.understood,
            **{name: dict(getattr(self, name).most_common()) for name in plain},
            **{name: [[*key, n] for key, n in getattr(self, name).most_common()] for name in pairs},
            "filters": [[*key, dict(v.most_common(MOST_VALUES))] for key, v in self.filters.items()],
        }

    @classmethod
    def load(cls, path: Path) -> "Patterns | None":
        """None where there are none, or the file is damaged: mining makes it anew."""
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
            found = cls(given["fingerprint"], given["read"], given["understood"])
            for name in ("with_tables", "groups", "windows", "forms", "templates"):
                getattr(found, name).update(given[name])
            for name in ("joins", "measures", "grains", "named", "troubles"):
                getattr(found, name).update({(one, two): n for one, two, n in given[name]})
            for table, column, sign, values in given["filters"]:
                found.filters[table, column, sign].update(values)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found
