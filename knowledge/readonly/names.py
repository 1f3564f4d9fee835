"""Which names a statement may use, where the database itself does not say what they do."""

from functools import lru_cache
from importlib.resources import files

import yaml

_SQLITE_WINDOWS = {"bytecode", "completion", "dbstat", "fsdir", "sqlite", "tables_used"}


@lru_cache(maxsize=1)
def listed() -> dict[str, frozenset[str]]:
    """names.yaml."""
    text = (files("knowledge.readonly") / "names.yaml").read_text(encoding="utf-8")
    return {key: frozenset(names) for key, names in yaml.safe_load(text).items()}


def is_system_of_sqlite(table: str) -> bool:
    """Whether a table is the catalogue or a window into SQLite itself.

    >>> [is_system_of_sqlite(name) for name in ("sqlite_master", "PRAGMA_table_info", "orders")]
    [True, True, False]
    """
    name = table.lower()
    return name.startswith(("sqlite_", "pragma_")) or name in _SQLITE_WINDOWS
